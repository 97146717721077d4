"""Path to target: the fewest matters whose hall cases, moved online as far as their peers already are, close the gap.

Moving a case online leaves the denominator as it is, so what matters contribute just
adds up, and each costs the same, one matter. Then no set of k matters closes more of
the gap than the k largest contributions: taking the largest first is exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from registry.words import Word

LEAST_PEERS = 3
UPPER_QUARTILE = Fraction(3, 4)


class Peers(Word):
    """Whom a matter is compared with: the first of these of which there are enough."""

    DEPARTMENT_AND_TYPE = "department_and_type", "同部门同类型事项", "matters of its department and type"
    DEPARTMENT = "department", "同部门事项", "matters of its department"
    TYPE = "type", "同类型事项", "matters of its type"


@dataclass(frozen=True, slots=True)
class Load:
    """A matter's cases: how many online by the policy, how many in the hall, how many in all."""

    matter: str
    department: str | None
    type: str | None
    online: int
    hall: int
    total: int

    @property
    def share(self) -> Fraction:
        """The share done online."""
        return Fraction(self.online, self.total)


@dataclass(frozen=True, slots=True)
class Step:
    """What one matter contributes: `moved` hall cases, which brings it to the share its peers reach."""

    matter: str
    moved: int
    share: Fraction
    reached_by_peers: Fraction
    peers: Peers
    peers_count: int


@dataclass(frozen=True, slots=True)
class Path:
    """The matters to take on, largest contribution first. `left`: the gap that remains after all of them."""

    gap: int
    steps: tuple[Step, ...]
    left: int

    @property
    def closes(self) -> bool:
        """Whether the target is reached."""
        return self.left == 0


def path(loads: Iterable[Load], gap: int) -> Path:
    """The smallest set of matters that closes the gap, or all that help if none does."""
    steps: list[Step] = []
    left = gap
    for step in contributions(loads):
        if left <= 0:
            break
        steps.append(step)
        left -= step.moved
    return Path(gap, tuple(steps), max(0, left))


def contributions(loads: Iterable[Load]) -> list[Step]:
    """What each matter can contribute, the largest first, equal ones by code; those that can't are left out."""
    held = [load for load in loads if load.total > 0]
    groups = _groups(held)
    steps = (_step(load, groups) for load in held)
    return sorted((step for step in steps if step), key=lambda step: (-step.moved, step.matter))


Groups = dict[tuple[Peers, str | None, str | None], list[Load]]


def _groups(loads: Iterable[Load]) -> Groups:
    groups: Groups = {}
    for load in loads:
        for key in _keys(load):
            groups.setdefault(key, []).append(load)
    for group in groups.values():
        group.sort(key=lambda load: load.share)
    return groups


def _keys(load: Load) -> tuple[tuple[Peers, str | None, str | None], ...]:
    return (
        (Peers.DEPARTMENT_AND_TYPE, load.department, load.type),
        (Peers.DEPARTMENT, load.department, None),
        (Peers.TYPE, None, load.type),
    )


def _step(load: Load, groups: Groups) -> Step | None:
    for key in _keys(load):
        others = [other.share for other in groups[key] if other is not load]
        if len(others) >= LEAST_PEERS:
            reached = upper_quartile(others)
            moved = min(load.hall, floor(reached * load.total) - load.online)
            return Step(load.matter, moved, load.share, reached, key[0], len(others)) if moved > 0 else None
    return None


def upper_quartile(shares: Sequence[Fraction]) -> Fraction:
    """The share at three quarters of the way, one that is really reached (nearest rank). `shares` are sorted."""
    return shares[ceil(UPPER_QUARTILE * len(shares)) - 1]
