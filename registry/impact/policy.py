"""What blocks publishing, as a table; and what of a route counts for a bundle, whatever the hour."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry.impact.words import Code, Weight
from registry.routing import policy as routing
from registry.routing.words import ReasonCode

# An edit outlasts the night and the repair: neither makes a bundle lose a channel.
PASSING = frozenset({ReasonCode.CLOSED_NOW, ReasonCode.OUT_OF_ORDER})


def lasting(policy: routing.Policy) -> routing.Policy:
    """The routing policy without what passes by itself."""
    kept = {
        channel: tuple(code for code in codes if code not in PASSING) for channel, codes in policy.in_the_way.items()
    }
    return replace(policy, in_the_way=kept)


@dataclass(frozen=True)
class Policy:
    """`routing` says what stands in a channel's way, `weights` what each finding means for publishing.

    What stands in a channel's way must not depend on places: `ways` asks once for all
    districts that a matter's offers treat alike.
    """

    routing: routing.Policy
    weights: Mapping[Code, Weight]

    def __post_init__(self) -> None:
        for codes in self.routing.in_the_way.values():
            if not PASSING.isdisjoint(codes):
                raise ValueError("take what passes by itself out of the routing policy: lasting(policy)")
        if set(self.weights) != set(Code):
            raise ValueError("every finding has a weight")


HANGZHOU = Policy(
    routing=lasting(routing.HANGZHOU),
    weights={
        # The catalogue can't hold these.
        Code.EMPTY_BUNDLE: Weight.BLOCKS,
        Code.UNKNOWN_MATTER: Weight.BLOCKS,
        Code.DUPLICATE_MEMBER: Weight.BLOCKS,
        # These someone must answer for.
        Code.WITHDRAWN_MATTER: Weight.ASKS,
        Code.PROMISE_BROKEN: Weight.ASKS,
        Code.PROMISE_DROPPED: Weight.ASKS,
        # Not this edit's doing, but what is published anew is promised anew.
        Code.PROMISE_BROKEN_BEFORE: Weight.ASKS,
        Code.MATTER_LEFT_OUT: Weight.TELLS,
        Code.VISITS_UNDERSTATED: Weight.TELLS,
    },
)
