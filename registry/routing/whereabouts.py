"""Where a person goes: the places that may serve, nearest first, and what to know of the one chosen."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.closures import Closure
from registry.matters import Offer
from registry.opening import Timetable
from registry.places import Department, Place
from registry.routing.question import Question
from registry.routing.wishes import Position
from registry.words import Channel, OfferStatus, PlaceKind

KINDS = {Channel.KIOSK: PlaceKind.KIOSK, Channel.HALL: PlaceKind.HALL}
METRES_A_DEGREE = 111_195.0
CLOSURES_MAX = 20  # closures that follow each other without an opening between them


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place to go to, or only the department to ask. What opens and closes is reckoned when asked for.

    `department_code` names the department even where no record of it is held.
    """

    place: Place | None
    department: Department | None
    department_code: str
    timetable: Timetable
    closures: tuple[Closure, ...]
    moment: datetime

    @property
    def known(self) -> bool:
        """Whether the place itself is known, not only who is responsible."""
        return self.place is not None

    @property
    def name(self) -> str:
        """The place's name, else the department's, else its code."""
        record = self.place or self.department
        return record.name if record else self.department_code

    @property
    def address(self) -> str | None:
        """Where it is."""
        record = self.place or self.department
        return record.address if record else None

    @property
    def telephone(self) -> str | None:
        """The place's telephone, else the department's."""
        own = self.place.telephone if self.place else None
        return own or (self.department.telephone if self.department else None)

    @property
    def open_now(self) -> bool | None:
        """Whether it is open at the moment asked about; None: unknown."""
        return False if self._closed_by(self.moment) else self.timetable.is_open(self.moment)

    @property
    def closes_at(self) -> datetime | None:
        """When it closes, if it is open; None too if that is not within the time searched."""
        if not self.open_now:
            return None
        closes = self.timetable.closes_at(self.moment)
        starts = [closure.starts for closure in self.closures if closure.starts > self.moment]
        return min([*starts, *([closes] if closes else [])], default=None)

    @property
    def next_opening(self) -> datetime | None:
        """When it is open next, closures past: the moment itself if it is open; None: unknown or too far."""
        moment = self.moment
        for _ in range(CLOSURES_MAX):
            opens = self.timetable.next_opening(moment)
            closure = self._closed_by(opens) if opens else None
            if opens is None or closure is None:
                return opens
            if closure.ends is None:
                return None
            moment = closure.ends
        return None

    def _closed_by(self, moment: datetime) -> Closure | None:
        return next((closure for closure in self.closures if closure.in_force(moment)), None)


def spots(question: Question, offer: Offer) -> Iterator[Place | None]:
    """The places where an offer may be taken up, best first; None: online, or no place is known.

    The offer's own place, else those of the person's area (of the offer's, if that is
    elsewhere) that handle the department's matters. For a hall the wider areas follow,
    in case all of these are closed.
    """
    kind = KINDS.get(offer.channel)
    own = question.snapshot.holdings.places.get(offer.place) if offer.place else None
    if kind is None or own is not None:
        yield own
        return
    here = question.areas and question.holds_here(offer)
    areas = question.areas if here else question.snapshot.region_line(offer.region)
    found = False
    for area in areas or (None,):
        for place in _places_in(question, kind, area):
            found = True
            yield place
        if found and kind is PlaceKind.KIOSK:
            return
    if not found:
        yield None


def _places_in(question: Question, kind: PlaceKind, area: str | None) -> tuple[Place, ...] | list[Place]:
    """An area's places for the matter: nearest first if the position is known, else general halls first."""
    held, department = question.snapshot.places_by, question.matter.department
    places = held.get((kind, area, None), ()) + held.get((kind, area, department), ())
    position = question.wish.position
    if position is None:
        return places
    return sorted(places, key=lambda place: (metres(position, place), place.code))


def metres(position: Position | None, place: Place | None) -> float:
    """How far a place is, in metres, on a plane that fits a city; infinite if it is unknown."""
    if position is None or place is None or place.longitude is None or place.latitude is None:
        return math.inf
    longitude, latitude = position
    east = ((place.longitude - longitude + 180) % 360 - 180) * math.cos(math.radians(latitude))
    return METRES_A_DEGREE * math.hypot(east, place.latitude - latitude)


def whereabouts(question: Question, place: Place | None, timetable: Timetable, offer: Offer) -> Whereabouts:
    """What to know of the place of an offer."""
    return Whereabouts(
        place=place,
        department=question.department,
        department_code=question.matter.department,
        timetable=timetable,
        closures=question.closures_on(offer, place),
        moment=question.moment,
    )


def one_window(question: Question) -> Whereabouts | None:
    """The best general hall (综合窗口) for the person that no closure is in force on; None: none is known."""
    area = question.areas[-1] if question.areas else ""
    offer = Offer(Channel.HALL, area, OfferStatus.AVAILABLE)
    for place in spots(question, offer):
        if place is not None and not place.departments:
            found = whereabouts(question, place, Timetable(place.hours, place.exceptions), offer)
            if not any(closure.in_force(question.moment) for closure in found.closures):
                return found
    return None
