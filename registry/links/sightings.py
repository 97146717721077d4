"""What one look at an address found, and what is known of the address after many."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from registry.closures import Link, LinkState
from registry.words import Word

# An address is broken only once this many looks in a row failed, over at least this long.
ENOUGH_FAILURES = 3
LONG_ENOUGH = timedelta(days=1)


class Outcome(Word):
    """What one look found. Only FAILED speaks against an address."""

    WORKING = "working", "可用", "working"
    BLOCKED = "blocked", "拒绝检查", "the site refuses to be checked"
    FAILED = "failed", "检查失败", "failed"
    UNCHECKED = "unchecked", "未检查", "not checked"


class Said(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at `url` found, at an aware moment.

    `status` is the last answer's, None if the last request had none; `redirected_to` where redirects
    led; `seconds` what the requests took, pauses not counted. `detail` says why, or warns.
    """

    url: str
    at: datetime
    outcome: Outcome
    status: int | None = None
    detail: Said | None = None
    redirected_to: str | None = None
    seconds: float = 0.0


def after(link: Link | None, sighting: Sighting) -> Link | None:
    """What is known of an address after one more look. None: still nothing, for it was not checked.

    A refusal proves nothing: it neither adds to a run of failures nor ends it, and while
    there is such a run, `since` is its beginning. A person's override is left as it is.
    """
    if sighting.outcome is Outcome.UNCHECKED:
        return link
    known = link or Link(sighting.url, LinkState.WORKING, sighting.at)
    failures = _failures(known, sighting.outcome)
    state = _state(known, sighting, failures)
    same = known.failures > 0 if failures else known.failures == 0 and state is known.state
    return replace(
        known,
        state=state,
        since=known.since if same else sighting.at,
        failures=failures,
        detail=" / ".join(sighting.detail) if sighting.detail else None,
    )


def _failures(known: Link, outcome: Outcome) -> int:
    if outcome is Outcome.WORKING:
        return 0
    return known.failures + (outcome is Outcome.FAILED)


def _state(known: Link, sighting: Sighting, failures: int) -> LinkState:
    if sighting.outcome is Outcome.WORKING:
        return LinkState.WORKING
    if sighting.outcome is Outcome.BLOCKED:
        return LinkState.BLOCKED
    long = known.failures > 0 and sighting.at - known.since >= LONG_ENOUGH
    proved = failures >= ENOUGH_FAILURES and long
    return LinkState.BROKEN if proved or known.state is LinkState.BROKEN else LinkState.FAILING
