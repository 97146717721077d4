"""What a rate is: data that says what it counts, in which words, for whom, and until when it holds.

No lambdas: an engine must be able to compile a definition, and a reader to read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from registry.words import Channel, MatterType, Word


class Family(Word):
    """The three families. Availability and use are never mixed in one figure."""

    AVAILABILITY = "availability", "可办率（事项）", "availability (matters)"
    USE = "use", "使用率（办件）", "use (cases)"
    BUNDLE = "bundle", "一件事", "bundles"


class Direction(Word):
    """Which way is good."""

    HIGHER = "higher", "越高越好", "higher is better"
    LOWER = "lower", "越低越好", "lower is better"
    NEITHER = "neither", "无优劣", "neither"


class Unit(Word):
    """What numerator and denominator are counted in."""

    CASES = "cases", "件", "cases"
    MATTERS = "matters", "项", "matters"
    BUNDLES = "bundles", "个", "bundles"
    WORKING_DAYS = "working_days", "工作日", "working days"
    STEPS = "steps", "环节", "steps"
    MATERIALS = "materials", "份", "documents"
    VISITS = "visits", "次", "visits"


# What can be moved one by one to reach a target; days can't.
COUNTED_ONE_BY_ONE = frozenset({Unit.CASES, Unit.MATTERS, Unit.BUNDLES})


class OnlinePolicy(Word):
    """Which channels count as online. No source says; so the policy is named in every answer."""

    MOBILE_PC = "mobile_pc", "掌上办、网上办", "mobile and PC"
    MOBILE_PC_KIOSK = "mobile_pc_kiosk", "掌上办、网上办、自助办", "mobile, PC and kiosk"

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels that count as online."""
        return ONLINE_CHANNELS[self]


ONLINE_CHANNELS: Mapping[OnlinePolicy, frozenset[Channel]] = {
    OnlinePolicy.MOBILE_PC: frozenset({Channel.MOBILE, Channel.PC}),
    OnlinePolicy.MOBILE_PC_KIOSK: frozenset({Channel.MOBILE, Channel.PC, Channel.KIOSK}),
}


@dataclass(frozen=True, slots=True)
class Cases:
    """Which cases are counted.

    `channels` None is all of them, cases without a recorded channel included;
    `by_policy` takes the channels of the online policy instead. `assisted` None is both
    kinds. `derived_only` leaves out reported totals, which don't say who was assisted.
    """

    zh: str
    en: str
    channels: frozenset[Channel] | None = None
    by_policy: bool = False
    assisted: bool | None = None
    derived_only: bool = False

    def channels_under(self, policy: OnlinePolicy) -> frozenset[Channel] | None:
        """The channels counted under a policy; None: all, and those without one."""
        return policy.channels if self.by_policy else self.channels


class MatterFact(Word):
    """What is known of a matter on a day, as a number; `facts` reckons it. Unknown is its own answer."""

    MATTER = "matter", "事项数", "matters"
    PC_OPEN = "pc_open", "网上可办的事项", "matters that can be done on a PC"
    PC_OPEN_OR_UNSUITABLE = (
        "pc_open_or_unsuitable", "网上可办或已注明不宜网办的事项", "matters that can be done on a PC, or are flagged unsuitable for it",
    )  # fmt: skip
    PC_SUITABLE = "pc_suitable", "未注明不宜网办的事项", "matters not flagged as unsuitable for a PC"
    MOBILE_OPEN = "mobile_open", "掌上可办的事项", "matters that can be done on a mobile"
    MOBILE_OPEN_OR_UNSUITABLE = (
        "mobile_open_or_unsuitable", "掌上可办或已注明不宜掌办的事项", "matters that can be done on a mobile, or are flagged unsuitable for it",
    )  # fmt: skip
    MOBILE_SUITABLE = "mobile_suitable", "未注明不宜掌办的事项", "matters not flagged as unsuitable for a mobile"
    KIOSK_OPEN = "kiosk_open", "自助可办的事项", "matters that can be done at a kiosk"
    WINDOW_OPEN = "window_open", "窗口可办的事项", "matters that can be done at a window"
    ON_THE_SPOT = "on_the_spot", "承诺时限为 0 的事项", "matters whose promised limit is 0"
    NO_VISIT = "no_visit", "到现场次数为 0 的事项", "matters that need no visit"
    ONE_VISIT = "one_visit", "到现场次数不超过 1 的事项", "matters that need one visit at most"
    STATUTORY_DAYS = "statutory_days", "法定时限合计", "statutory limits, added up"
    DAYS_SAVED = "days_saved", "法定时限与承诺时限之差合计", "statutory less promised limits, added up"


class BundleFact(Word):
    """What is known of a bundle on a day, as a number."""

    BUNDLE = "bundle", "一件事数", "bundles"
    ONLINE_KEPT = "online_kept", "做到网上办的一件事", "bundles that keep their promise to be done on a PC"
    MOBILE_KEPT = "mobile_kept", "做到掌上办的一件事", "bundles that keep their promise to be done on a mobile"
    ONE_WINDOW_KEPT = (
        "one_window_kept", "做到一窗办的一件事", "bundles that keep their promise to be done at one window",
    )  # fmt: skip
    STEPS_BEFORE = "steps_before", "改革前环节合计", "steps before, added up"
    STEPS_SAVED = "steps_saved", "减少的环节合计", "steps saved, added up"
    MATERIALS_BEFORE = "materials_before", "改革前材料合计", "documents before, added up"
    MATERIALS_SAVED = "materials_saved", "减少的材料合计", "documents saved, added up"
    VISITS_BEFORE = "visits_before", "改革前跑动合计", "visits before, added up"
    VISITS_SAVED = "visits_saved", "减少的跑动合计", "visits saved, added up"
    DAYS_BEFORE = "days_before", "改革前用时合计", "days before, added up"
    DAYS_SAVED = "days_saved", "减少的用时合计", "days saved, added up"


Counting = Cases | MatterFact | BundleFact


@dataclass(frozen=True, slots=True)
class Target:
    """A target for any period within `first` to `last`: the whole city's, or one department's or district's."""

    value: Fraction
    first: date
    last: date
    source_zh: str
    source_en: str
    department: str | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Who answers for a definition, who reviewed it, and when it is next due."""

    owner_zh: str
    owner_en: str
    by: str
    on: date
    until: date


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate. `example` is what it comes to on `registry/rates/examples.py`: numerator, denominator.

    `population`: the matter types it is taken over; None for rates not of matters.
    """

    name: str
    zh: str
    en: str
    family: Family
    numerator: Counting
    denominator: Counting
    unit: Unit
    direction: Direction
    source_zh: str
    source_en: str
    review: Review
    example: tuple[Fraction, Fraction]
    population: frozenset[MatterType] | None = None
    reading: bool = True  # an interpretation; False: the source states it
    targets: tuple[Target, ...] = ()

    @property
    def follows_policy(self) -> bool:
        """Whether the online policy changes it."""
        return isinstance(self.numerator, Cases) and self.numerator.by_policy

    def target(self, first: date | None, last: date | None, where: Mapping[str, str | None]) -> Target | None:
        """The target for a period: the department's or district's in `where` if it has its own, else the city's."""
        if first is None or last is None:
            return None
        valid = [each for each in self.targets if each.first <= first and last <= each.last]
        fitting = [each for each in valid if _covers(each, where)]
        return max(fitting, key=_closeness, default=None)


def _covers(target: Target, where: Mapping[str, str | None]) -> bool:
    return all(
        wanted is None or where.get(key) == wanted
        for key, wanted in (("department", target.department), ("district", target.district))
    )


def _closeness(target: Target) -> tuple[int, int]:
    return ((target.department is not None) + (target.district is not None), target.first.toordinal())
