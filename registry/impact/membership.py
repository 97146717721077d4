"""Members: which come and go, which can't stay, and where else they are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from registry.bundles import Bundle
from registry.routing.members import Blocked, gone
from registry.routing.words import ReasonCode
from registry.snapshot import Snapshot
from registry.words import MatterState


@dataclass(frozen=True, slots=True)
class Membership:
    """The members that an edit leads to, by the matters' codes, each once and in the order of the bundle.

    `left_out` would be in no bundle any more. `elsewhere` names the other bundles that a
    member is in. `gone` are members that are not in the catalogue or no more in effect.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    twice: tuple[str, ...]
    gone: tuple[Blocked, ...]
    left_out: tuple[str, ...]
    elsewhere: Mapping[str, tuple[str, ...]]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Members that the catalogue doesn't have."""
        return tuple(each.matter for each in self.gone if each.reason.code is ReasonCode.MATTER_MISSING)


def membership(snapshot: Snapshot, old: Bundle | None, new: Bundle, day: date) -> Membership:
    """What becomes of the members."""
    were, are = (tuple(member.matter for member in bundle.members) if bundle else () for bundle in (old, new))
    removed = tuple(dict.fromkeys(code for code in were if code not in are))
    return Membership(
        added=tuple(dict.fromkeys(code for code in are if code not in were)),
        removed=removed,
        twice=tuple(code for code, times in Counter(are).items() if times > 1),
        gone=tuple(_gone(snapshot, dict.fromkeys(are), day)),
        left_out=tuple(code for code in removed if not _others(snapshot, code, new.code)),
        elsewhere={code: others for code in dict.fromkeys(are) if (others := _others(snapshot, code, new.code))},
    )


def _gone(snapshot: Snapshot, codes: Iterable[str], day: date) -> Iterable[Blocked]:
    for code in codes:
        matter = snapshot.holdings.matters.get(code)
        reason = gone(code, matter, day)
        if reason is not None:
            yield Blocked(code, matter.name if matter else None, reason)


def _others(snapshot: Snapshot, matter: str, bundle: str) -> tuple[str, ...]:
    """The other bundles in use that a matter is in."""
    held = snapshot.bundles_of.get(matter, ())
    return tuple(other.code for other in held if other.code != bundle and other.state is not MatterState.CANCELLED)
