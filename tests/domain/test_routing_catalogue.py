"""Routing over the reference catalogue: every matter, every device, every region, every bundle."""

from dataclasses import replace

import pytest

from registry.routing.journey import journey
from registry.routing.route import route
from registry.routing.wishes import Wish
from registry.routing.words import Device, ReasonCode, Standing
from registry.snapshot import Snapshot
from registry.words import Channel, OfferStatus, PlaceKind
from tests.domain.routing_city import MONDAY
from tests.make import reference_holdings

PROMISED = (Channel.MOBILE, Channel.PC, Channel.HALL)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Snapshot(reference_holdings(), 1, None)


@pytest.mark.parametrize("device", [None, *Device])
def test_every_matter_has_a_route_in_every_region(snapshot: Snapshot, device: Device | None) -> None:
    for region in (None, *snapshot.holdings.regions):
        wish = Wish(device=device, region=region)
        for code in snapshot.holdings.matters:
            way = route(snapshot, code, wish, MONDAY)
            assert way.hall.known
            assert len(way.verdicts) == len(Channel)
            for verdict in way.verdicts:
                assert verdict.taken or (verdict.reason is not None and all(verdict.reason.text))


def test_every_bundle_can_be_done_wholly_on_mobile_on_pc_and_at_one_window(snapshot: Snapshot) -> None:
    assert len(snapshot.holdings.bundles) == 41
    for code in snapshot.holdings.bundles:
        found = journey(snapshot, code, Wish(), MONDAY)
        possible = {whole.channel for whole in found.whole if whole.possible}
        assert possible >= set(PROMISED), code
        assert [leg.channel for leg in found.legs] == [Channel.MOBILE]


def test_a_bundle_is_dearer_one_by_one(snapshot: Snapshot) -> None:
    for code in snapshot.holdings.bundles:
        found = journey(snapshot, code, Wish(), MONDAY)
        for one, many in zip(
            (found.together.visits, found.together.materials), (found.one_by_one.visits, found.one_by_one.materials),
            strict=True,
        ):  # fmt: skip
            assert one is not None
            assert many is not None
            assert one <= many, code


@pytest.mark.parametrize("channel", PROMISED)
def test_a_journey_names_each_member_whose_offer_is_taken_away(snapshot: Snapshot, channel: Channel) -> None:
    held = snapshot.holdings
    for bundle in held.bundles.values():
        for member in bundle.members:
            matter = held.matters[member.matter]
            offers = tuple(
                replace(offer, status=OfferStatus.NOT_OFFERED, reason="撤下") if offer.channel is channel else offer
                for offer in matter.offers
            )
            poorer = replace(held, matters={**held.matters, matter.code: replace(matter, offers=offers)})
            found = journey(Snapshot(poorer, 1, None), bundle.code, Wish(), MONDAY)
            whole = next(each for each in found.whole if each.channel is channel)
            named = [(one.matter, one.reason.code) for one in whole.blocked_by]
            assert named == [(matter.code, ReasonCode.NOT_OFFERED)]
            break


def test_every_standing_and_every_channel_occurs(snapshot: Snapshot) -> None:
    ways = [
        route(snapshot, code, Wish(device=device), MONDAY) for code in snapshot.holdings.matters for device in Device
    ]
    assert {verdict.standing for way in ways for verdict in way.verdicts} == set(Standing)
    assert {way.chosen.channel for way in ways} == set(Channel)


def test_a_specialised_hall_is_only_for_the_matters_that_name_it(snapshot: Snapshot) -> None:
    places = snapshot.holdings.places
    office = places["cgs-330106"]
    assert office.kind is PlaceKind.SPECIAL
    assert office.longitude is not None and office.latitude is not None  # noqa: PT018  # for the type checker
    wish = Wish(region="330106", position=(office.longitude, office.latitude))
    for code, matter in snapshot.holdings.matters.items():
        hall = route(snapshot, code, wish, MONDAY).hall.place
        assert hall is not None
        if hall.kind is PlaceKind.SPECIAL:
            assert hall.code in {offer.place for offer in matter.offers}
