"""What a load would do: added, changed, removed, and what it would break."""

from dataclasses import replace

from registry.bundles import Member
from registry.exchange.planning import plan_load
from registry.exchange.reading import Loaded
from registry.holdings import Holdings
from registry.matters import offer_order
from registry.words import Channel, OfferStatus
from tests.make import CITY, DISTRICT, make_bundle, make_department, make_holdings, make_matter, make_offer, make_place

HALL = make_offer()
PC = make_offer(Channel.PC)
HELD = make_holdings(
    make_department("SB"),
    make_place("P1"),
    make_matter("M-1", offers=[HALL, PC]),
    make_matter("M-2", offers=[HALL]),
    make_bundle("B-1", members=["M-1", "M-2"]),
    make_bundle("B-2", members=["M-1"]),
)


def bare(*matters):
    return {matter.code: replace(matter, offers=()) for matter in matters}


def test_nothing_loaded_changes_nothing():
    assert plan_load(HELD, Loaded()).nothing


def test_everything_is_new_in_an_empty_registry():
    loaded = Loaded(matters=bare(make_matter()), created={"GA": make_department()})
    plan = plan_load(Holdings(), loaded)
    assert plan.added == {"departments": ("GA",), "matters": ("M-1",)}
    assert plan.changed == plan.removed == {}
    assert not plan.broken


def test_a_kind_that_occurs_is_the_whole_list_of_its_kind():
    plan = plan_load(HELD, Loaded(matters=bare(make_matter("M-1"), make_matter("M-3"))))
    assert plan.added == {"matters": ("M-3",)}
    assert plan.removed == {"matters": ("M-2",)}
    assert not plan.changed
    assert plan_load(HELD, Loaded(matters=bare(make_matter("M-3"))), keep_absent=True).removed == {}


def test_an_absence_names_the_bundles_it_would_break_and_by_which_matter():
    plan = plan_load(HELD, Loaded(matters=bare(make_matter("M-3"))))
    assert [(one.code, one.needs, one.missing) for one in plan.broken] == [
        ("B-1", "matters", "M-1"), ("B-1", "matters", "M-2"), ("B-2", "matters", "M-1"),
    ]  # fmt: skip
    assert str(plan.broken[0]) == (
        "一件事“B-1 B-1一件事”仍要用到事项“M-1” / bundle B-1 (B-1一件事) still needs matter M-1"
    )


def test_a_bundle_that_goes_or_lets_the_matter_go_is_not_broken():
    loaded = Loaded(
        matters=bare(make_matter("M-1")),
        bundles={"B-1": make_bundle("B-1")},
        members={"B-1": (Member("M-1"),)},
    )
    plan = plan_load(HELD, loaded)
    assert not plan.broken
    assert (plan.removed, plan.changed) == ({"matters": ("M-2",), "bundles": ("B-2",)}, {"bundles": ("B-1",)})


def test_departments_regions_and_places_in_use_cannot_go():
    held = make_holdings(
        make_department("SB"),
        make_place("P1", region=DISTRICT, departments=("SB",)),
        make_matter(department="SB", offers=[make_offer(place="P1")]),
        make_bundle(cooperating_departments=("SB",)),
    )
    plan = plan_load(held, Loaded(regions={}, departments={}))
    assert {(one.kind, one.needs, one.missing) for one in plan.broken} == {
        ("places", "regions", DISTRICT), ("places", "departments", "SB"),
        ("matters", "departments", "SB"), ("matters", "regions", CITY),
        ("bundles", "departments", "GA"), ("bundles", "departments", "SB"),
    }  # fmt: skip
    assert [one.missing for one in plan_load(held, Loaded(places={})).broken] == ["P1"]


def test_matters_keep_their_offers_unless_offers_are_loaded():
    plan = plan_load(HELD, Loaded(matters=bare(make_matter("M-1"), make_matter("M-2", name="新名"))))
    assert plan.changed == {"matters": ("M-2",)}
    assert plan.target.matters["M-2"].offers == (HALL,)


def test_offers_loaded_are_all_offers_there_are():
    plan = plan_load(HELD, Loaded(offers={"M-1": (PC, make_offer(Channel.MOBILE))}))
    assert plan.changed == {"matters": ("M-1", "M-2")}
    assert plan.target.matters["M-1"].offers == (make_offer(Channel.MOBILE), PC)
    assert plan.target.matters["M-2"].offers == ()


def test_offers_are_kept_beside_those_loaded_if_absent_ones_are_to_be_kept():
    suspended = make_offer(Channel.PC, OfferStatus.SUSPENDED, reason="升级")
    district = make_offer(Channel.PC, region=DISTRICT)
    plan = plan_load(HELD, Loaded(offers={"M-1": (suspended, district)}), keep_absent=True)
    assert plan.target.matters["M-1"].offers == tuple(sorted([HALL, suspended, district], key=offer_order))
    assert plan.target.matters["M-2"].offers == (HALL,)


def test_bundles_keep_their_members_unless_members_are_loaded():
    bundles = {code: replace(bundle, members=()) for code, bundle in HELD.bundles.items()}
    assert plan_load(HELD, Loaded(bundles=bundles)).nothing
    alone = Loaded(members={"B-1": (Member("M-2"), Member("M-1"))})
    assert plan_load(HELD, alone).target.bundles["B-2"].members == ()
    kept = plan_load(HELD, alone, keep_absent=True)
    assert kept.changed == {"bundles": ("B-1",)}


def test_a_department_made_of_a_name_does_not_replace_the_one_there_is():
    plan = plan_load(HELD, Loaded(created={"GA": make_department("GA", name="别名"), "XX": make_department("XX")}))
    assert plan.added == {"departments": ("XX",)}
    assert not plan.changed


def test_what_files_do_not_hold_stays():
    held = replace(HELD, links={"https://x.example": object()})
    assert plan_load(held, Loaded(matters={})).target.links == held.links


def test_records_stay_in_the_order_of_their_codes():
    matters = bare(make_matter("b"), make_matter("B"), make_matter("a"), make_matter("10"), make_matter("9"))
    assert list(plan_load(HELD, Loaded(matters=matters)).target.matters) == ["10", "9", "B", "a", "b"]
