"""What stands in the way for a time: closures, and addresses known to be broken."""

from dataclasses import dataclass
from datetime import date, datetime

from registry.matters import Offer
from registry.words import Channel, Word


class LinkState(Word):
    """What is known of an address. Only BROKEN changes a route."""

    WORKING = "working", "可用", "working"
    BLOCKED = "blocked", "拒绝检查", "the site refuses to be checked"
    FAILING = "failing", "检查失败，尚未确认", "failing, not yet confirmed"
    BROKEN = "broken", "已失效", "broken"


@dataclass(frozen=True, slots=True)
class Closure:
    """A channel, a place or an offer that is closed for a time; what is None is not narrowed by it.

    At least one of `channel`, `place` and `matter` is given. `region` covers its
    districts. From `starts` (inclusive) to `ends` (exclusive), both aware; None: until reopened.
    """

    code: str
    reason: str
    starts: datetime
    ends: datetime | None = None
    channel: Channel | None = None
    place: str | None = None
    matter: str | None = None
    region: str | None = None

    def in_force(self, moment: datetime) -> bool:
        """Whether it holds at an aware moment."""
        return self.starts <= moment and (self.ends is None or moment < self.ends)

    def covers(self, matter: str, offer: Offer, place: str | None, areas: tuple[str, ...]) -> bool:
        """Whether it is about this offer of a matter, at a place, for a person in `areas` (a region, those around it)."""
        return (
            self.channel in (None, offer.channel)
            and self.place in (None, place)
            and self.matter in (None, matter)
            and (self.region is None or self.region in areas)
        )


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of one address. `since` is when it came to be so.

    A person's word goes before the checker's until `override_until`, that day included.
    """

    url: str
    state: LinkState
    since: datetime
    failures: int = 0
    detail: str | None = None
    override: LinkState | None = None
    override_until: date | None = None

    @property
    def code(self) -> str:
        """What tells it from others: the address."""
        return self.url

    def state_on(self, day: date) -> LinkState:
        """What counts on a day."""
        if self.override is not None and self.override_until is not None and day <= self.override_until:
            return self.override
        return self.state
