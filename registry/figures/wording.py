"""Words as analysts type them: names and codes of rates, dimensions and values. A wrong one is told what may be written."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from registry.errors import RefusedInput
from registry.figures.names import CODED, WORDED, every_value
from registry.holdings import Holdings
from registry.rates.question import Dimension, Value
from registry.rates.rate import OnlinePolicy, Rate
from registry.words import Word

# Names that are looked through for one like a wrong one, and how many are shown.
SEARCHED, SHOWN = 20_000, 5
# How the absence of a value is written.
UNKNOWN = frozenset({"未知", "unknown"})

W = TypeVar("W", bound=Word)


class UnknownName(RefusedInput):
    """A word that means nothing here. The message says what may be written, what looks alike first."""


def read_rates(texts: Iterable[str], rates: Mapping[str, Rate]) -> tuple[str, ...]:
    """The names of the rates that texts mean, by name, Chinese or English; several in a text stand between commas."""
    by_word = {word.lower(): rate.name for rate in rates.values() for word in (rate.name, rate.zh, rate.en)}
    found: dict[str, None] = {}
    for text in texts:
        # Some English names hold a comma themselves.
        for each in [text] if text.strip().lower() in by_word else split(text):
            name = by_word.get(each.strip().lower()) or by_word.get(each.strip().lower().replace("-", "_"))
            if name is None:
                raise _unknown(("指标", "rate"), each, {rate.name: rate.zh for rate in rates.values()})
            found[name] = None
    return tuple(found)


def read_dimensions(texts: Iterable[str]) -> tuple[Dimension, ...]:
    """The dimensions that texts mean, in their order."""
    return tuple(read_dimension(each) for text in texts for each in split(text))


def read_dimension(text: str) -> Dimension:
    """The dimension that a text means, by code, Chinese or English."""
    return _read(Dimension, text.replace("-", "_"), ("维度", "dimension"))


def read_policy(text: str) -> OnlinePolicy:
    """The online policy that a text means."""
    return _read(OnlinePolicy, text.replace("-", "_"), ("线上口径", "online policy"))


def read_value(dimension: Dimension, text: str, holdings: Holdings) -> Value:
    """The value of a dimension that a text means: a code, or a name exactly. `unknown`: the rows without a value."""
    if text.lower() in UNKNOWN:
        return None
    if dimension in WORDED:
        return _read(WORDED[dimension], text, (dimension.zh, dimension.en)).name
    records = CODED[dimension](holdings)
    if text in records:
        return _whole(dimension, text, holdings)
    wanted = text.lower()
    codes = [code for code, record in records.items() if wanted in _names(record)]
    if len(codes) == 1:
        return _whole(dimension, codes[0], holdings)
    if codes:
        raise UnknownName(
            f"名称为“{text}”的{dimension.zh}有 {len(codes)} 个，请写编码：{'、'.join(codes[:SHOWN])}",
            f"{len(codes)} have the {dimension.en} name “{text}”; write a code: {', '.join(codes[:SHOWN])}",
        )
    names = {each.code or "": each.zh or "" for each in every_value(dimension, holdings)}
    raise _unknown((dimension.zh, dimension.en), text, names)


def split(text: str) -> list[str]:
    """The items between commas, Chinese ones too."""
    return [each.strip() for each in text.replace("，", ",").split(",") if each.strip()]


def _whole(dimension: Dimension, code: str, holdings: Holdings) -> str:
    """The code, unless it is a region's that others lie in: cases are of those."""
    within = [each for each, region in holdings.regions.items() if region.parent == code]
    if dimension is Dimension.DISTRICT and within:
        raise UnknownName(
            f"“{code}”下辖区县：{'、'.join(within[:SHOWN])} …；全部区县请不写此条件，或逐一列出",
            f"“{code}” has districts: {', '.join(within[:SHOWN])} …; leave the condition out for all, or name them",
        )
    return code


def _names(record: object) -> set[str]:
    given = (getattr(record, name, None) for name in ("name", "short_name", "name_en"))
    return {str(name).lower() for name in given if name}


def _read(vocabulary: type[W], text: str, what: tuple[str, str]) -> W:
    word = vocabulary.read(text.strip()) or vocabulary.read(text.strip().upper())
    if word is None:
        raise _unknown(
            what, text, {each.code if not each.code.isdigit() else each.name: each.zh for each in vocabulary}
        )
    return word


def _unknown(what: tuple[str, str], text: str, known: Mapping[str, str]) -> UnknownName:
    """`known`: what may be written, code and name."""
    near = _near(text, known)
    shown = near or list(known)[:SHOWN]
    listed = "、".join(f"{code} {known[code]}".strip() for code in shown)
    more = " …" if not near and len(known) > len(shown) else ""
    asked = ("您是指", "did you mean") if near else ("可写", "write for instance")
    return UnknownName(
        f"没有名为“{text}”的{what[0]}；{asked[0]}：{listed}{more}",
        f"there is no {what[1]} “{text}”; {asked[1]}: {listed}{more}",
    )


def _near(text: str, known: Mapping[str, str]) -> list[str]:
    """What looks like it, or has it in its name: at most SHOWN codes."""
    words = {word.lower(): code for code, name in list(known.items())[:SEARCHED] for word in (name, code) if word}
    wanted = text.strip().lower()
    alike = get_close_matches(wanted, words, n=SHOWN)
    holding = [word for word in words if wanted and wanted in word]
    return list(dict.fromkeys(words[word] for word in (*alike, *holding)))[:SHOWN]
