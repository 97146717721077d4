"""RATES: the one list of definitions. To add a rate, add an entry; nothing else need be told.

What no source states is marked a reading. Owners are set by whoever runs the registry.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from registry.rates.rate import BundleFact, Cases, Counting, Direction, Family, MatterFact, Rate, Review, Target, Unit
from registry.words import Channel, MatterType

REVIEW = Review(
    "政务服务牵头部门（由各地指定）",
    "the department that leads on government services, named by each city",
    "the Matter Registry team",
    date(2026, 11, 23),
    date(2027, 11, 23),
)

# 依申请: what is done because somebody applied for it. Public services are reported beside them.
APPLIED_FOR = frozenset({
    MatterType.LICENCE, MatterType.CONFIRMATION, MatterType.BENEFIT,
    MatterType.OTHER, MatterType.RULING, MatterType.AWARD,
})  # fmt: skip
PUBLIC_SERVICES = frozenset({MatterType.PUBLIC_SERVICE})

CITY_TARGET_2020 = Target(
    Fraction(80, 100),
    date(2020, 1, 1),
    date(2020, 12, 31),
    "市政府会议通报，2020年10月22日",
    "a city government meeting report, 22 October 2020",
)

ALL_CASES = Cases("全部受理办件", "all cases accepted")
READING_ZH = "本项目的理解：无公开的官方公式"
READING_EN = "a reading: no official formula is public"
PUBLISHED_ZH = "各地政务服务公开指标的通行口径"
PUBLISHED_EN = "the definition that cities publish such figures by"


def _share(name: str, zh: str, channel: Channel, direction: Direction, numerator: int) -> Rate:
    """A channel's share of all cases, those done for the person by staff included."""
    counted = Cases(f"{channel.zh}受理的办件", f"cases accepted by {channel.en}", channels=frozenset({channel}))
    return _use(name, (zh, f"{channel.en} share"), counted, direction, numerator)


def _use(
    name: str, words: tuple[str, str], numerator: Cases, direction: Direction, example: int, *targets: Target
) -> Rate:
    denominator = ALL_CASES
    if numerator.derived_only:
        denominator = Cases("逐件报送的受理办件", "cases accepted whose records are held", derived_only=True)
    return Rate(
        name, *words, Family.USE, numerator, denominator, Unit.CASES, direction, READING_ZH, READING_EN, REVIEW,
        (Fraction(example), Fraction(100)), targets=targets,
    )  # fmt: skip


USE: tuple[Rate, ...] = (
    _use(
        "online_acceptance_rate",
        ("办件线上受理率", "online acceptance rate"),
        Cases("线上受理的办件（不含工作人员代办）", "cases accepted online, without staff’s help", None, True, False),
        Direction.HIGHER,
        80,
        CITY_TARGET_2020,
    ),
    _share("mobile_share", "掌上办率", Channel.MOBILE, Direction.HIGHER, 50),
    _share("pc_share", "网上办率", Channel.PC, Direction.HIGHER, 35),
    _share("kiosk_share", "自助办率", Channel.KIOSK, Direction.NEITHER, 6),
    _share("hall_share", "窗口率", Channel.HALL, Direction.LOWER, 7),
    _use(
        "assisted_share",
        ("代办率", "assisted share"),
        Cases(
            "工作人员代为网上办理的办件", "cases done online by staff for the person", assisted=True, derived_only=True
        ),
        Direction.NEITHER,
        5,
    ),
)

# name, zh, en, numerator, denominator, example over matters applied for, over public services
Entry = tuple[str, str, str, MatterFact, MatterFact, tuple[int, int], tuple[int, int]]
OPEN_TO: tuple[Entry, ...] = (
    ("pc_availability_rate", "网上可办率", "online availability rate",
     MatterFact.PC_OPEN_OR_UNSUITABLE, MatterFact.MATTER, (3, 4), (1, 1)),
    ("pc_availability_rate_of_suitable", "网上可办率（扣除不宜网办）", "online availability rate, of suitable matters",
     MatterFact.PC_OPEN, MatterFact.PC_SUITABLE, (2, 3), (1, 1)),
    ("mobile_availability_rate", "掌上可办率", "mobile availability rate",
     MatterFact.MOBILE_OPEN_OR_UNSUITABLE, MatterFact.MATTER, (3, 4), (1, 1)),
    ("mobile_availability_rate_of_suitable", "掌上可办率（扣除不宜掌办）", "mobile availability rate, of suitable matters",
     MatterFact.MOBILE_OPEN, MatterFact.MOBILE_SUITABLE, (1, 2), (1, 1)),
    ("kiosk_availability_rate", "自助可办率", "kiosk availability rate",
     MatterFact.KIOSK_OPEN, MatterFact.MATTER, (1, 4), (0, 1)),
    ("one_window_availability_rate", "一窗可办率", "one-window availability rate",
     MatterFact.WINDOW_OPEN, MatterFact.MATTER, (5, 5), (1, 1)),
    ("on_the_spot_rate", "即办率", "on-the-spot rate",
     MatterFact.ON_THE_SPOT, MatterFact.MATTER, (2, 4), (0, 1)),
    ("zero_visit_rate", "跑零次率", "zero-visit rate",
     MatterFact.NO_VISIT, MatterFact.MATTER, (2, 4), (1, 1)),
    ("one_visit_rate", "一次办率", "one-visit rate",
     MatterFact.ONE_VISIT, MatterFact.MATTER, (3, 4), (1, 1)),
    ("time_limit_reduction", "承诺时限压缩比", "reduction of time limits",
     MatterFact.DAYS_SAVED, MatterFact.STATUTORY_DAYS, (37, 52), (4, 5)),
)  # fmt: skip


def _availability() -> Iterator[Rate]:
    for name, zh, en, numerator, denominator, applied, public in OPEN_TO:
        unit = Unit.WORKING_DAYS if denominator is MatterFact.STATUTORY_DAYS else Unit.MATTERS
        for suffix, words, population, example in (
            ("", ("", ""), APPLIED_FOR, applied),
            ("_public_services", ("（公共服务）", " (public services)"), PUBLIC_SERVICES, public),
        ):
            yield Rate(
                name + suffix, zh + words[0], en + words[1], Family.AVAILABILITY, numerator, denominator, unit,
                Direction.HIGHER, PUBLISHED_ZH, PUBLISHED_EN, REVIEW,
                (Fraction(example[0]), Fraction(example[1])), population, reading=False,
            )  # fmt: skip


def _bundle(name: str, words: tuple[str, str], counts: tuple[Counting, Counting], unit: Unit, *example: int) -> Rate:
    return Rate(
        name, *words, Family.BUNDLE, *counts, unit, Direction.HIGHER, READING_ZH, READING_EN, REVIEW,
        (Fraction(example[0]), Fraction(example[1])),
    )  # fmt: skip


KEPT: tuple[tuple[str, str, str, BundleFact, tuple[int, int]], ...] = (
    ("bundle_online_rate", "一件事网上办率", "bundles done on a PC", BundleFact.ONLINE_KEPT, (1, 2)),
    ("bundle_mobile_rate", "一件事掌上办率", "bundles done on a mobile", BundleFact.MOBILE_KEPT, (1, 2)),
    ("bundle_one_window_rate", "一件事一窗办率", "bundles done at one window", BundleFact.ONE_WINDOW_KEPT, (2, 2)),
)
REDUCED: tuple[tuple[str, str, str, BundleFact, BundleFact, Unit, tuple[int, int]], ...] = (
    ("bundle_steps_reduction", "一件事环节压缩比", "reduction of steps",
     BundleFact.STEPS_SAVED, BundleFact.STEPS_BEFORE, Unit.STEPS, (7, 10)),
    ("bundle_materials_reduction", "一件事材料压缩比", "reduction of documents",
     BundleFact.MATERIALS_SAVED, BundleFact.MATERIALS_BEFORE, Unit.MATERIALS, (23, 32)),
    ("bundle_visits_reduction", "一件事跑动压缩比", "reduction of visits",
     BundleFact.VISITS_SAVED, BundleFact.VISITS_BEFORE, Unit.VISITS, (5, 6)),
    ("bundle_days_reduction", "一件事用时压缩比", "reduction of days",
     BundleFact.DAYS_SAVED, BundleFact.DAYS_BEFORE, Unit.WORKING_DAYS, (47, 60)),
)  # fmt: skip
BUNDLES: tuple[Rate, ...] = (
    *(
        _bundle(name, (zh, en), (fact, BundleFact.BUNDLE), Unit.BUNDLES, *example)
        for name, zh, en, fact, example in KEPT
    ),
    *(
        _bundle(name, (zh, en), (saved, before), unit, *example)
        for name, zh, en, saved, before, unit, example in REDUCED
    ),
)

RATES: tuple[Rate, ...] = (*USE, *_availability(), *BUNDLES)
RATES_BY_NAME = {rate.name: rate for rate in RATES}
