"""A route: for each channel whether it is taken or why not, and where a person goes.

A pure function of a snapshot, a wish and a moment. Nothing here reads the clock or
the database. The hall comes last and always answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from registry.errors import UnknownMatter
from registry.matters import Material, Matter, Offer
from registry.routing.findings import OF_A_PLACE, Finding, look_at
from registry.routing.obstacles import in_the_way_of_matter, timetable, worth_knowing
from registry.routing.policy import HANGZHOU, Policy
from registry.routing.question import Question, ask
from registry.routing.reasons import Reason
from registry.routing.sentences import Text
from registry.routing.whereabouts import Whereabouts, whereabouts
from registry.routing.wishes import Wish, in_the_city
from registry.routing.words import ReasonCode, Standing
from registry.snapshot import Snapshot
from registry.words import Channel, MaterialForm, OnlineDepth

EVERYBODY = Wish()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one channel.

    `reason` says why it is not taken. `obstacle` is what keeps the matter from being
    finished there now, None if nothing does; a hall that is taken because nothing is
    better may have one. `notes` are what to know before going there.
    """

    channel: Channel
    standing: Standing
    reason: Reason | None
    obstacle: Reason | None
    notes: tuple[Reason, ...]
    offer: Offer
    place: Whereabouts | None

    @property
    def taken(self) -> bool:
        """Whether this is the channel to go to."""
        return self.standing is Standing.TAKEN

    @property
    def can_finish(self) -> bool:
        """Whether the matter can be finished there now; at a hall, once it opens."""
        return self.obstacle is None

    @property
    def remedy(self) -> Text | None:
        """What would lift the reason; None if nothing would."""
        return self.reason.remedy if self.reason else None

    @property
    def url(self) -> str | None:
        """The offer's address on the net."""
        return self.offer.url


@dataclass(frozen=True, slots=True)
class Route:
    """Which channel a person is sent to, and why not the others. `verdicts` are four, in policy order."""

    matter: Matter
    moment: datetime
    verdicts: tuple[Verdict, ...]

    @property
    def chosen(self) -> Verdict:
        """The channel taken."""
        return next(verdict for verdict in self.verdicts if verdict.taken)

    @property
    def hall(self) -> Whereabouts:
        """The hall's answer, which there always is."""
        hall = self.verdicts[-1].place
        assert hall is not None, "look_at_all gives the hall one"  # noqa: S101
        return hall

    @property
    def place(self) -> Whereabouts | None:
        """Where to go, if a kiosk or the hall is taken."""
        return self.chosen.place

    @property
    def begin(self) -> tuple[Channel, ...]:
        """Channels on which it may be begun, to be finished elsewhere; asking a question is not a beginning."""
        return tuple(
            verdict.channel
            for verdict in self.verdicts
            if verdict.obstacle is not None
            and verdict.obstacle.code is ReasonCode.PARTLY
            and verdict.offer.depth is not OnlineDepth.CONSULT
        )

    @property
    def documents(self) -> tuple[Material, ...] | None:
        """What to bring; electronic certificates are fetched by the office. None: unknown."""
        materials = self.matter.materials
        if materials is None:
            return None
        return tuple(each for each in materials if each.form is not MaterialForm.ELECTRONIC)


def route(snapshot: Snapshot, matter_code: str, wish: Wish, moment: datetime, policy: Policy = HANGZHOU) -> Route:
    """Where to do a matter. Raises UnknownMatter, UnknownRegion, BadMoment."""
    matter = snapshot.holdings.matters.get(matter_code)
    if matter is None:
        raise UnknownMatter(matter_code)
    question = ask(snapshot, matter, wish, policy, in_the_city(moment))
    of_matter = in_the_way_of_matter(question)
    findings = {channel: look_at(question, channel) for channel in policy.order}
    if of_matter is not None:
        findings = {channel: replace(finding, obstacle=of_matter) for channel, finding in findings.items()}
    order = policy.order_for(wish.preference)
    chosen = next((channel for channel in order if findings[channel].obstacle is None), Channel.HALL)
    return Route(matter, question.moment, _verdicts(question, findings, chosen))


def _verdicts(question: Question, findings: Mapping[Channel, Finding], chosen: Channel) -> tuple[Verdict, ...]:
    hall = _whereabouts(question, findings[Channel.HALL])
    return tuple(_verdict(question, finding, chosen, hall) for finding in findings.values())


def _verdict(question: Question, finding: Finding, chosen: Channel, hall: Whereabouts) -> Verdict:
    offer, obstacle = finding.offer, finding.obstacle
    if obstacle is not None and obstacle.code is ReasonCode.PARTLY:
        obstacle = replace(obstacle, particulars={**obstacle.particulars, "where": hall.name, "address": hall.address})
    standing, reason = _standing(question, offer.channel, obstacle, chosen)
    at_hall = offer.channel is Channel.HALL
    place = hall if at_hall else _whereabouts(question, finding) if _leads_there(finding) else None
    notes = worth_knowing(question, offer, finding.place) if at_hall or standing is not Standing.IMPOSSIBLE else ()
    if obstacle is not None and standing is Standing.TAKEN:
        notes = (obstacle, *notes)
    return Verdict(offer.channel, standing, reason, obstacle, notes, offer, place)


def _leads_there(finding: Finding) -> bool:
    """Whether the place is worth naming: a kiosk that does not offer the matter is not."""
    passing = finding.obstacle is None or finding.obstacle.code in (ReasonCode.PARTLY, *OF_A_PLACE)
    return finding.place is not None and passing


def _standing(
    question: Question, channel: Channel, obstacle: Reason | None, chosen: Channel
) -> tuple[Standing, Reason | None]:
    if channel is chosen:
        return Standing.TAKEN, None
    if obstacle is not None:
        can_begin = obstacle.code is ReasonCode.PARTLY
        return (Standing.PASSED_OVER if can_begin else Standing.IMPOSSIBLE), obstacle
    preference = question.wish.preference
    if chosen is Channel.HALL and preference is not None:
        return Standing.PASSED_OVER, Reason(ReasonCode.PREFERS_HALL, channel, {"preference": preference})
    return Standing.PASSED_OVER, Reason(ReasonCode.BETTER_CHANNEL, channel, {"chosen": chosen})


def _whereabouts(question: Question, finding: Finding) -> Whereabouts:
    return whereabouts(question, finding.place, timetable(finding.offer, finding.place), finding.offer)
