"""The policy, as tables: which channel goes first, and what may stand in a channel's way.

A city with another order changes a table here (and its examples in
`tests/domain/routing_examples.csv`); no code changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.routing.words import Device, Preference, ReasonCode
from registry.words import Channel

MOBILE, PC, KIOSK, HALL = Channel.MOBILE, Channel.PC, Channel.KIOSK, Channel.HALL


@dataclass(frozen=True)
class Policy:
    """What decides a route.

    `order`: the channels, best first; the hall is last. `at_hand`: the channels each
    device lets a person use. `prefer_hall`: the preferences for which the hall goes
    first. `of_matter`: what about the matter itself stands in the way of every channel.
    `in_the_way`: what else does, by channel, in the order in which it is looked for;
    the first that is found is the reason given. `to_know`: what a person is told of a
    channel without its being in the way. `on_site`: going there is a visit.
    `single_channel_first`: a bundle is sent to one channel that carries all of it, even
    where a mixed journey takes fewer visits.
    """

    order: tuple[Channel, ...]
    at_hand: Mapping[Device, frozenset[Channel]]
    prefer_hall: frozenset[Preference]
    of_matter: tuple[ReasonCode, ...]
    in_the_way: Mapping[Channel, tuple[ReasonCode, ...]]
    to_know: Mapping[Channel, tuple[ReasonCode, ...]]
    on_site: frozenset[Channel]
    single_channel_first: bool = True

    def __post_init__(self) -> None:
        if sorted(self.order, key=lambda channel: channel.rank) != list(Channel) or self.order[-1] is not HALL:
            raise ValueError("the order names each channel once, the hall last")

    def order_for(self, preference: Preference | None) -> tuple[Channel, ...]:
        """The channels, best first, for a person with this preference."""
        return (HALL, *self.order[:-1]) if preference in self.prefer_hall else self.order


R = ReasonCode
_OFFER = (R.NOT_OFFERED, R.UNKNOWN, R.OTHER_REGION, R.PLANNED, R.SUSPENDED, R.NOT_YET_VALID, R.NO_LONGER_VALID)
_ONLINE = (R.OUT_OF_ORDER, R.BROKEN_LINK, R.LOGIN_TOO_LOW, R.WRONG_DEVICE, R.CLOSED_NOW, R.PARTLY)

HANGZHOU = Policy(
    # 移动优先、个人固定端辅助、自助端补充、实体大厅端兜底
    order=(MOBILE, PC, KIOSK, HALL),
    # Kiosks and halls are open to whoever walks up to them.
    at_hand={
        Device.PHONE: frozenset({MOBILE, KIOSK, HALL}),
        Device.COMPUTER: frozenset({PC, KIOSK, HALL}),
        Device.KIOSK: frozenset({KIOSK, HALL}),
        Device.NONE: frozenset({KIOSK, HALL}),
    },
    prefer_hall=frozenset({Preference.WITH_HELP, Preference.ELDERLY}),
    of_matter=(R.MATTER_CANCELLED, R.MATTER_ENDED, R.MATTER_PAUSED, R.MATTER_NOT_YET, R.NOT_FOR_YOU),
    in_the_way={
        MOBILE: (*_OFFER, *_ONLINE),
        PC: (*_OFFER, *_ONLINE),
        KIOSK: (*_OFFER, *_ONLINE),
        # A hall of which nothing is said is still the guaranteed fallback, one in another
        # region can be travelled to, and one that is closed now opens again.
        HALL: (R.NOT_OFFERED, R.PLANNED, R.SUSPENDED, R.NOT_YET_VALID, R.NO_LONGER_VALID, R.OUT_OF_ORDER),
    },
    to_know={
        MOBILE: (R.NO_ADDRESS,),
        PC: (R.NO_ADDRESS,),
        KIOSK: (R.NO_ADDRESS,),
        HALL: (R.UNKNOWN, R.OTHER_REGION, R.NO_ADDRESS, R.CLOSED_NOW),
    },
    on_site=frozenset({KIOSK, HALL}),
)  # fmt: skip
