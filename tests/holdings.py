"""Any holdings that the registry could have, for properties that hold for all of them."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from registry import words
from registry.bundles import Bundle, Effort, Member
from registry.holdings import Holdings
from registry.hours import Hours, HoursException, Span
from registry.matters import Material, Matter, Offer, TimeLimit, offer_order
from registry.places import Department, Place, Region

# What a cell may do harm with: quotes, separators, formulas, numbers with zeros in
# front, letters outside the first plane, line ends.
AWKWARD = [
    '"',
    "a,b",
    "a^b",
    "a|b",
    "\\",
    "\\^",
    "a\nb",
    "=1+1",
    "#REF!",
    "007",
    "1e5",
    "无",
    "无|",
    "😀",
    "_x0041_",
    "-1",
]


def _is_cell(text: str) -> bool:
    return bool(text) and text == text.strip() and "\r" not in text


letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
texts = st.one_of(st.sampled_from(AWKWARD), st.text(letters | st.just("\n"), min_size=1, max_size=12)).filter(_is_cell)
code_letters = st.characters(categories=["L", "N", "P", "S"])
codes = st.one_of(
    st.sampled_from([text for text in AWKWARD if "\n" not in text]), st.text(code_letters, min_size=1, max_size=8)
)
counts = st.integers(0, 1_000_000)
flags = st.booleans()
dates = st.dates(date(1000, 1, 1))
urls = st.sampled_from(["https://x.example", "http://x.example:8080/办?a=1^2&b=%20#c", "HTTPS://用户@x.example/,;|"])
limits = st.builds(TimeLimit, counts, st.sampled_from(words.LimitUnit))
materials = st.builds(Material, texts, st.none() | st.sampled_from(words.MaterialForm), flags)


def some(values: Any) -> Any:
    """A few of them, in any order."""
    return st.lists(values, max_size=3).map(tuple)


def maybe(values: Any) -> Any:
    """One of them, or unknown."""
    return st.none() | values


def chosen(vocabulary: type[words.Word]) -> Any:
    return st.sampled_from(vocabulary)


@st.composite
def spans(draw: Any) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
    return tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))


hours = st.builds(Hours, st.tuples(*[spans()] * 7), flags)


@st.composite
def exceptions(draw: Any) -> HoursException:
    first, last = sorted([draw(dates), draw(dates)])
    return HoursException(first, last, draw(spans()), draw(maybe(texts)))


@st.composite
def periods(draw: Any, begin: str, end: str) -> dict[str, date | None]:
    first, last = draw(maybe(dates)), draw(maybe(dates))
    if first and last and last < first:
        first, last = last, first
    return {begin: first, end: last}


@st.composite
def holdings(draw: Any) -> Holdings:
    """Holdings with at least a region, a department and a matter."""
    regions = _by_code(draw(_regions()))
    departments = _by_code(draw(_departments()))
    places = _by_code([draw(_place(code, regions, departments)) for code in draw(st.sets(codes, max_size=2))])
    matters = _by_code(
        [draw(_matter(code, regions, departments, places)) for code in draw(st.sets(codes, min_size=1, max_size=3))]
    )
    bundles = _by_code([draw(_bundle(code, departments, matters)) for code in draw(st.sets(codes, max_size=2))])
    return Holdings(regions, departments, places, matters, bundles)


@st.composite
def _regions(draw: Any) -> list[Region]:
    made: list[Region] = []
    known = draw(st.lists(codes, unique=True, min_size=1, max_size=3))
    for code in known:
        parent = draw(maybe(st.sampled_from([region.code for region in made]))) if made else None
        made.append(
            Region(
                code, draw(texts), draw(chosen(words.RegionLevel)), parent, draw(maybe(texts)),
                **draw(periods("valid_from", "valid_to")), successors=draw(some(st.sampled_from(known))),
            )
        )  # fmt: skip
    return made


def _departments() -> Any:
    more = [maybe(texts)] * 4
    one = st.builds(Department, codes, texts, *more)
    return st.lists(one, min_size=1, max_size=3, unique_by=lambda department: department.code)


def _place(code: str, regions: Any, departments: Any) -> Any:
    return st.builds(
        Place, st.just(code), texts, chosen(words.PlaceKind), st.sampled_from(list(regions)), maybe(texts),
        maybe(st.floats(-180, 180)), maybe(st.floats(-90, 90)), maybe(texts), maybe(hours),
        st.lists(exceptions(), max_size=2).map(tuple), some(st.sampled_from(list(departments))), flags,
    )  # fmt: skip


@st.composite
def _offer(draw: Any, regions: Any, places: Any) -> Offer:
    place = draw(maybe(st.sampled_from(list(places)))) if places else None
    return Offer(
        draw(chosen(words.Channel)), draw(st.sampled_from(list(regions))), draw(chosen(words.OfferStatus)), place,
        draw(maybe(urls)), draw(maybe(chosen(words.LoginLevel))), draw(maybe(chosen(words.OnlineDepth))),
        draw(maybe(hours)), **draw(periods("valid_from", "valid_to")), reason=draw(maybe(texts)),
    )  # fmt: skip


@st.composite
def _matter(draw: Any, code: str, regions: Any, departments: Any, places: Any) -> Matter:
    statutory = draw(maybe(limits))
    offers = draw(st.lists(_offer(regions, places), max_size=4, unique_by=lambda offer: offer.key))
    return Matter(
        code, draw(texts), draw(st.sampled_from(list(departments))),
        scheme=draw(maybe(st.sampled_from(["own", "许可"]))),
        catalog_code=draw(maybe(st.sampled_from(["000121008000", "432014001W01"]))),
        task_code=draw(maybe(st.just("12441500196720244T3442199806003"))),
        task_handle_item=draw(maybe(st.just("12441500196720244T344219980600301"))),
        name_en=draw(maybe(texts)), catalogue=draw(chosen(words.Catalogue)),
        type=draw(maybe(chosen(words.MatterType))), service_objects=draw(some(chosen(words.ServiceObject))),
        life_stages=draw(some(chosen(words.LifeStage))), level=draw(maybe(chosen(words.AuthorityLevel))),
        handling=draw(maybe(chosen(words.Handling))), statutory_limit=statutory,
        no_statutory_limit=statutory is None and draw(flags), promised_limit=draw(maybe(limits)),
        visits=draw(maybe(counts)), visits_reason=draw(maybe(texts)), handle_forms=draw(some(chosen(words.HandleForm))),
        fee=draw(maybe(flags)), fee_standard=draw(maybe(texts)), pays_online=draw(maybe(flags)),
        by_appointment=draw(maybe(flags)), mails_result=draw(maybe(flags)), materials=draw(maybe(some(materials))),
        conditions=draw(maybe(texts)), legal_basis=draw(some(texts)),
        handling_area=draw(maybe(chosen(words.HandlingArea))), keywords=draw(some(texts)), batch=draw(maybe(texts)),
        version=draw(st.integers(1, 1000)), state=draw(chosen(words.MatterState)),
        **draw(periods("effective_from", "effective_to")), illustrative=draw(flags),
        offers=tuple(sorted(offers, key=offer_order)),
    )  # fmt: skip


@st.composite
def _bundle(draw: Any, code: str, departments: Any, matters: Any) -> Bundle:
    members = draw(st.lists(st.sampled_from(list(matters)), unique=True, max_size=3))
    return Bundle(
        code, draw(texts), draw(st.sampled_from(list(departments))), draw(some(st.sampled_from(list(departments)))),
        draw(maybe(texts)), draw(maybe(texts)), draw(maybe(chosen(words.Audience))),
        draw(some(chosen(words.LifeStage))), draw(maybe(limits)), draw(some(chosen(words.BundleForm))),
        *(Effort(*(draw(maybe(counts)) for _ in range(4))) for _ in range(2)),
        keywords=draw(some(texts)), batch=draw(maybe(texts)), version=draw(st.integers(1, 1000)),
        state=draw(chosen(words.MatterState)), **draw(periods("effective_from", "effective_to")),
        illustrative=draw(flags), members=tuple(Member(matter, draw(maybe(texts))) for matter in members),
    )  # fmt: skip


def _by_code(records: Any) -> dict[str, Any]:
    return {record.code: record for record in sorted(records, key=lambda record: record.code)}
