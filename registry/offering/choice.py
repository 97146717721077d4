"""Which offers are meant: a channel of matters chosen by code or by filter, everywhere or in one region."""

from dataclasses import dataclass, field

from registry.errors import UnknownMatter
from registry.finder import Criteria, find_matters
from registry.offering.wanted import BadOfferChange
from registry.snapshot import Snapshot
from registry.words import Channel

NO_CRITERIA = Criteria()


@dataclass(frozen=True, slots=True)
class Selection:
    """Offers on a channel. Matters by code, and by filter and search; what is given must all be met.

    `region`: what is offered there, where the city's offer holds for a district that has
    none of its own; None: every offer of the channel. `place`: only offers that name it.
    """

    channel: Channel
    matters: tuple[str, ...] = ()
    criteria: Criteria = field(default=NO_CRITERIA)
    search: str | None = None
    region: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection brought down to the codes of matters, sorted."""

    channel: Channel
    matters: tuple[str, ...]
    region: str | None = None
    place: str | None = None


def choose(snapshot: Snapshot, selection: Selection) -> Chosen:
    """The matters that are meant. Raises UnknownMatter, BadOfferChange if nothing narrows the choice."""
    criteria = selection.criteria
    filtered = criteria != NO_CRITERIA or bool(selection.search and selection.search.strip())
    if not (filtered or selection.matters or selection.place):
        raise BadOfferChange(
            "selection",
            "请说明改哪些事项：编码、部门、文字等至少一项",
            "say which matters: by code, department, text or another filter",
        )
    for code in selection.matters:
        if code not in snapshot.matters.ordinals:
            raise UnknownMatter(code)
    shelf = snapshot.matters
    bits = find_matters(snapshot, criteria, selection.search).bits if filtered else shelf.all
    if selection.matters:
        bits &= shelf.bits(selection.matters)
    codes = (record.code for ordinal, record in enumerate(shelf.records) if bits >> ordinal & 1)
    return Chosen(selection.channel, tuple(codes), selection.region, selection.place)
