"""Impact over the reference catalogue: no false alarm at any hour, and the member that is to blame is named."""

from dataclasses import replace
from datetime import datetime

import pytest

from registry.impact.impact import impact
from registry.impact.offers import offers_impact
from registry.impact.words import Turn
from registry.matters import Matter
from registry.snapshot import Snapshot
from registry.words import Channel, OfferStatus
from tests.domain.routing_city import MONDAY

# Monday morning; three at night on a public holiday; a Sunday; years later.
HOURS = [
    MONDAY,
    datetime(2020, 10, 1, 3, tzinfo=MONDAY.tzinfo),
    datetime(2020, 11, 1, 12, tzinfo=MONDAY.tzinfo),
    datetime(2026, 11, 25, 20, tzinfo=MONDAY.tzinfo),
]


@pytest.mark.parametrize("moment", HOURS, ids=str)
def test_nothing_is_amiss_with_the_catalogues_bundles(reference: Snapshot, moment: datetime) -> None:
    assert len(reference.holdings.bundles) == 41
    for bundle in reference.holdings.bundles.values():
        found = impact(reference, bundle, moment)
        assert found.nothing, bundle.code
        assert (found.blockers, found.notices) == ((), ()), bundle.code
        assert {change.channel for change in found.channels if change.turn is Turn.KEPT} >= {
            Channel.MOBILE, Channel.PC, Channel.HALL,
        }  # fmt: skip


def test_turning_the_order_round_loses_nobody_a_channel(reference: Snapshot) -> None:
    for bundle in reference.holdings.bundles.values():
        found = impact(reference, replace(bundle, members=bundle.members[::-1]), MONDAY)
        assert found.nothing, bundle.code


def without(matter: Matter, channel: Channel) -> Matter:
    offers = tuple(
        replace(offer, status=OfferStatus.SUSPENDED, reason="停") if offer.channel is channel else offer
        for offer in matter.offers
    )
    return replace(matter, offers=offers)


@pytest.mark.parametrize("channel", [Channel.MOBILE, Channel.PC, Channel.HALL])
def test_taking_a_members_offer_away_names_it_in_every_bundle_it_is_in(reference: Snapshot, channel: Channel) -> None:
    for bundle in reference.holdings.bundles.values():
        code = bundle.members[-1].matter
        found = offers_impact(reference, [without(reference.holdings.matters[code], channel)], MONDAY)
        assert {each.bundle.code for each in found.broken} == {each.code for each in reference.bundles_of[code]}
        for touched in found.broken:
            (lost,) = [promise for promise in touched.promises if promise.turn is Turn.LOST]
            assert (lost.channel, [one.matter for one in lost.city.after.blocked_by]) == (channel, [code])


def test_what_stands_in_the_way_since_the_last_version_is_asked_about_with_the_next(reference: Snapshot) -> None:
    bundle = reference.holdings.bundles["HZ-YJS-01"]
    code = bundle.members[-1].matter
    held = reference.holdings
    matters = {**held.matters, code: without(held.matters[code], Channel.MOBILE)}
    found = impact(Snapshot(replace(held, matters=matters), 2, None), replace(bundle, summary="新"), MONDAY)
    assert [(each.code, each.member, each.overridable, each.already) for each in found.blockers] == [
        ("PROMISE_BROKEN", code, True, True)
    ]
