"""What an edit of a bundle would do: the one question, and all that is answered to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.bundles import Bundle
from registry.impact.channels import ChannelChange, PromiseChange, Side, areas, channel_changes, promise_changes
from registry.impact.figures import FigureChange, figure_changes
from registry.impact.findings import Blocker, Found, Notice, of_members, of_promises, sorted_out
from registry.impact.membership import Membership, membership
from registry.impact.moves import Move, moves_of_bundle
from registry.impact.policy import HANGZHOU, Policy
from registry.impact.ways import Ways
from registry.impact.words import TURNED, Code, Figure
from registry.routing.sentences import Text
from registry.routing.wishes import in_the_city
from registry.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Impact:
    """What replacing a bundle would do. `before` is None for a new one.

    `channels` are four, in policy order; `promises` those made before or after;
    `figures` four. `people`: the cases of the last twelve months on the bundle; None:
    unknown. `blockers` keep it from being published, `notices` are to know.
    """

    before: Bundle | None
    after: Bundle
    moment: datetime
    channels: tuple[ChannelChange, ...]
    promises: tuple[PromiseChange, ...]
    figures: tuple[FigureChange, ...]
    members: Membership
    moves: tuple[Move, ...]
    people: int | None
    blockers: tuple[Blocker, ...]
    notices: tuple[Notice, ...]

    @property
    def nothing(self) -> bool:
        """Whether it changes nothing for anybody; what was amiss before may be so still."""
        turns = [here.turn for each in (*self.channels, *self.promises) for here in each.everywhere]
        moved = self.moves or self.members.added or self.members.removed or self.members.twice
        return not (moved or any(turn in TURNED for turn in turns) or any(each.changed for each in self.figures))


def impact(
    snapshot: Snapshot,
    proposed: Bundle,
    moment: datetime,
    cases: Mapping[str, int] | None = None,
    policy: Policy = HANGZHOU,
) -> Impact:
    """What publishing the proposed bundle in place of the one of its code would do, as of a moment.

    `cases`: those of the last twelve months by bundle; what it lacks is unknown. Hours
    and closures don't count, for an edit outlasts them. Raises BadMoment.
    """
    local = in_the_city(moment)
    ways = Ways(snapshot, local, policy.routing)
    before, after = Side(snapshot.holdings.bundles.get(proposed.code), ways), Side(proposed, ways)
    found = areas(before, after)
    promises, figures = promise_changes(found, before, after), figure_changes(before, after)
    members = membership(snapshot, before.bundle, proposed, local.date())
    findings: list[Found] = [
        *of_members(members, snapshot.holdings, empty=not proposed.members),
        *of_promises(promises, members.unknown),
        *_understated(proposed, figures),
    ]
    blockers, notices = sorted_out(findings, policy)
    return Impact(
        before=before.bundle,
        after=proposed,
        moment=local,
        channels=channel_changes(found),
        promises=promises,
        figures=figures,
        members=members,
        moves=moves_of_bundle(snapshot, before.bundle, proposed, local.date()),
        people=None if cases is None else cases.get(proposed.code),
        blockers=blockers,
        notices=notices,
    )


def _understated(bundle: Bundle, figures: tuple[FigureChange, ...]) -> Iterator[Found]:
    """A bundle that states fewer visits than its members take."""
    stated, takes = bundle.after.visits, next(each for each in figures if each.figure is Figure.VISITS).together.after
    if stated is not None and takes is not None and takes > stated:
        zh = f"公布到现场 {stated} 次，按成员推算须 {takes:g} 次"
        en = f"it states {stated} visits, while its members take {takes:g}"
        yield Code.VISITS_UNDERSTATED, Text(zh, en), None
