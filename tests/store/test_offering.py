"""Changing offers: previewed, all or nothing, recorded and published, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.access import Actor, Forbidden, Grant, Role, administrator
from registry.changes.loads import load_holdings
from registry.changes.offering import OffersChanged, StaleOffers, change_offers
from registry.errors import UnknownMatter
from registry.finder import Criteria
from registry.holdings import Holdings
from registry.impact.words import Turn
from registry.matters import Matter, Offer
from registry.offering.choice import Chosen, Selection, choose
from registry.offering.planning import Agreed
from registry.offering.preview import Preview, preview_offers
from registry.offering.wanted import BadOfferChange, Correction, OfferAction, OfferChange
from registry.opening import CITY_ZONE
from registry.plans import plan_change
from registry.routing.wishes import UnknownRegion
from registry.snapshot import Snapshot
from registry.store.connect import reading
from registry.store.current import read_snapshot
from registry.store.revisions import current_revision
from registry.store.tables import audit
from registry.words import BundleForm, Channel, OfferStatus, OnlineDepth
from tests.make import CITY, DISTRICT, make_bundle, make_department, make_holdings, make_matter, make_offer

TODAY = datetime.now(UTC).astimezone(CITY_ZONE).date()
NOW = datetime.now(UTC)
SUSPEND = OfferChange(OfferAction.SUSPEND, "系统升级", last=TODAY + timedelta(days=9))
WHOLE = {"depth": OnlineDepth.WHOLE, "url": "https://m.example/"}


def load(engine: Engine, held: Holdings) -> None:
    load_holdings(engine, lambda now: plan_change(now, held), administrator("files"), "load")


def city(**fields: Any) -> Holdings:
    """Three matters of two departments, two of them in a bundle that promises the mobile."""
    mobile, hall = make_offer(Channel.MOBILE, **WHOLE), make_offer(Channel.HALL)
    return make_holdings(
        make_department("MZ"),
        make_matter("M-1", [mobile, hall], **fields),
        make_matter("M-2", [mobile, hall], department="MZ"),
        make_matter("M-3", [make_offer(Channel.MOBILE, OfferStatus.NOT_OFFERED, reason="须现场"), hall]),
        make_bundle("B-1", ["M-1", "M-2"], forms=(BundleForm.MOBILE, BundleForm.ONE_WINDOW)),
    )


@pytest.fixture
def stocked(engine: Engine) -> Engine:
    load(engine, city())
    return engine


def preview(engine: Engine, change: OfferChange, *codes: str, **fields: Any) -> Preview:
    return preview_offers(read_snapshot(engine), Chosen(Channel.MOBILE, codes, **fields), change, NOW)


def done(engine: Engine, change: OfferChange, *codes: str, **fields: Any) -> OffersChanged:
    return change_offers(engine, preview(engine, change, *codes, **fields).agreed, administrator("甲"))


def matter(engine: Engine, code: str = "M-1") -> Matter:
    return read_snapshot(engine).holdings.matters[code]


def mobile(engine: Engine, code: str = "M-1") -> tuple[Offer, ...]:
    return matter(engine, code).offers_on(Channel.MOBILE)


def revision(engine: Engine) -> int:
    with reading(engine) as connection:
        return current_revision(connection).number


def logged(engine: Engine) -> list[tuple[str, str, str, int | None]]:
    with reading(engine) as connection:
        rows = connection.execute(
            sa.select(audit.c.actor, audit.c.action, audit.c.subject, audit.c.revision).order_by(audit.c.id)
        )
        return [tuple(row) for row in rows if row.actor != "files"]


def test_a_suspension_lasts_until_its_last_day_and_says_why(stocked: Engine) -> None:
    before = revision(stocked)
    result = done(stocked, SUSPEND, "M-1", "M-2")
    assert result == OffersChanged(before + 1, ("M-1", "M-2"), 2)
    for code in ("M-1", "M-2"):
        (offer,) = mobile(stocked, code)
        assert (offer.status, offer.valid_to, offer.reason) == (OfferStatus.SUSPENDED, SUSPEND.last, "系统升级")
        assert (offer.url, offer.depth) == (WHOLE["url"], WHOLE["depth"])
    assert logged(stocked) == [("甲", "change", code, result.revision) for code in ("M-1", "M-2")]


def test_what_is_suspended_can_be_resumed_as_it_was(stocked: Engine) -> None:
    before = read_snapshot(stocked).holdings
    done(stocked, SUSPEND, "M-1", "M-2")
    done(stocked, OfferChange(OfferAction.RESUME, "升级完成"), "M-1", "M-2")
    assert read_snapshot(stocked).holdings == before


def test_what_is_resumed_may_begin_on_a_day_to_come(stocked: Engine) -> None:
    done(stocked, SUSPEND, "M-1")
    begins = TODAY + timedelta(days=3)
    done(stocked, OfferChange(OfferAction.RESUME, first=begins), "M-1")
    (offer,) = mobile(stocked)
    assert (offer.status, offer.valid_from, offer.valid_to) == (OfferStatus.AVAILABLE, begins, None)


def test_a_plan_says_from_when_where_nothing_was_said_or_it_was_not_offered(stocked: Engine) -> None:
    change = OfferChange(OfferAction.PLAN, "正在建设", first=TODAY + timedelta(days=30))
    done(stocked, change, "M-3")
    (offer,) = mobile(stocked, "M-3")
    assert (offer.status, offer.valid_from, offer.reason) == (OfferStatus.PLANNED, change.first, "正在建设")
    pc = preview_offers(read_snapshot(stocked), Chosen(Channel.PC, ("M-1",)), change, NOW)
    change_offers(stocked, pc.agreed, administrator("甲"))
    (new,) = matter(stocked).offers_on(Channel.PC)
    assert (new.region, new.status, new.valid_from) == (CITY, OfferStatus.PLANNED, change.first)


def test_a_plan_for_a_day_to_come_can_be_put_off(stocked: Engine) -> None:
    for days in (30, 60):
        done(stocked, OfferChange(OfferAction.PLAN, "正在建设", first=TODAY + timedelta(days=days)), "M-3")
    assert [offer.valid_from for offer in mobile(stocked, "M-3")] == [TODAY + timedelta(days=60)]


def test_a_correction_changes_what_it_names_and_nothing_else(stocked: Engine) -> None:
    (before,) = mobile(stocked)
    change = OfferChange(OfferAction.CORRECT, correction=Correction(url="https://new.example/", unknown=("depth",)))
    done(stocked, change, "M-1")
    assert mobile(stocked) == (replace(before, url="https://new.example/", depth=None),)


def test_a_correction_can_open_what_was_said_not_to_be_offered(stocked: Engine) -> None:
    done(stocked, OfferChange(OfferAction.CORRECT, correction=Correction(OfferStatus.AVAILABLE)), "M-3")
    (offer,) = mobile(stocked, "M-3")
    assert (offer.status, offer.reason) == (OfferStatus.AVAILABLE, None)


def test_a_district_gets_an_offer_of_its_own_where_the_citys_held(stocked: Engine) -> None:
    done(stocked, SUSPEND, "M-1", region=DISTRICT)
    assert [(offer.region, offer.status) for offer in mobile(stocked)] == [
        (CITY, OfferStatus.AVAILABLE), (DISTRICT, OfferStatus.SUSPENDED),
    ]  # fmt: skip
    done(stocked, OfferChange(OfferAction.RESUME), "M-1", region=DISTRICT)
    assert [(offer.region, offer.status) for offer in mobile(stocked)] == [
        (CITY, OfferStatus.AVAILABLE), (DISTRICT, OfferStatus.AVAILABLE),
    ]  # fmt: skip


def test_a_change_that_was_not_previewed_as_it_is_now_is_refused_and_says_what_changed(stocked: Engine) -> None:
    seen = preview(stocked, SUSPEND, "M-1", "M-2").agreed
    done(stocked, OfferChange(OfferAction.CORRECT, correction=Correction(url="https://new.example/")), "M-2")
    before = revision(stocked)
    with pytest.raises(StaleOffers) as caught:
        change_offers(stocked, seen, administrator("乙"))
    assert caught.value.code == "STALE_VERSION"
    assert caught.value.changed == ("M-2",)
    assert revision(stocked) == before
    assert mobile(stocked)[0].status is OfferStatus.AVAILABLE
    change_offers(stocked, replace(seen, token=caught.value.current), administrator("乙"))


def test_what_changed_elsewhere_meanwhile_is_not_in_the_way(stocked: Engine) -> None:
    seen = preview(stocked, SUSPEND, "M-1").agreed
    done(stocked, SUSPEND, "M-2")
    change_offers(stocked, seen, administrator("乙"))
    assert mobile(stocked)[0].status is OfferStatus.SUSPENDED


@pytest.mark.parametrize("token", ["", "1", "x-y", "99999999999999999999-0", "1-" + "0" * 32])
def test_a_made_up_token_does_not_pass(stocked: Engine, token: str) -> None:
    with pytest.raises(StaleOffers):
        change_offers(stocked, Agreed(Chosen(Channel.MOBILE, ("M-1",)), SUSPEND, token), administrator("乙"))


def test_a_token_is_good_for_the_change_that_was_previewed_only(stocked: Engine) -> None:
    seen = preview(stocked, SUSPEND, "M-1").agreed
    with pytest.raises(StaleOffers):
        change_offers(stocked, replace(seen, change=replace(SUSPEND, reason="别的")), administrator("乙"))


def test_of_many_who_agreed_to_the_same_at_once_one_does_it(stocked: Engine) -> None:
    seen = preview(stocked, SUSPEND, "M-1").agreed
    before = revision(stocked)

    def apply(number: int) -> str:
        try:
            change_offers(stocked, seen, administrator(f"编辑{number}"))
        except StaleOffers as stale:
            return stale.code
        return "done"

    with ThreadPoolExecutor(8) as people:
        results = list(people.map(apply, range(8)))
    assert sorted(results) == ["STALE_VERSION"] * 7 + ["done"]
    assert revision(stocked) == before + 1
    assert len(logged(stocked)) == 1


def test_a_retry_with_its_key_does_nothing_twice(stocked: Engine) -> None:
    seen = preview(stocked, SUSPEND, "M-1").agreed
    first = change_offers(stocked, seen, administrator("甲"), idempotency_key="k")
    assert change_offers(stocked, seen, administrator("甲"), idempotency_key="k") == first
    assert revision(stocked) == first.revision
    assert len(logged(stocked)) == 1


def test_the_permission_must_be_held_for_every_matters_department(stocked: Engine) -> None:
    own = Actor("丙", (Grant(Role.EDITOR, frozenset({"GA"})),))
    with pytest.raises(Forbidden):
        change_offers(stocked, preview(stocked, SUSPEND, "M-1", "M-2").agreed, own)
    assert logged(stocked) == [("丙", "refuse", "M-2", None)]
    assert mobile(stocked)[0].status is OfferStatus.AVAILABLE
    change_offers(stocked, preview(stocked, SUSPEND, "M-1").agreed, own)
    assert mobile(stocked)[0].status is OfferStatus.SUSPENDED


@pytest.mark.parametrize("role", [Role.READER, Role.REVIEWER, Role.PUBLISHER, Role.ANALYST])
def test_other_roles_may_not(stocked: Engine, role: Role) -> None:
    with pytest.raises(Forbidden):
        change_offers(stocked, preview(stocked, SUSPEND, "M-1").agreed, Actor("丁", (Grant(role),)))


def test_a_change_of_nothing_is_refused(stocked: Engine) -> None:
    before = revision(stocked)
    seen = preview(stocked, SUSPEND, "M-3")
    assert [(each.matter, each.why.zh) for each in seen.plan.passed_over] == [("M-3", "掌上办为“不提供”，不能暂停")]
    with pytest.raises(BadOfferChange):
        change_offers(stocked, seen.agreed, administrator("甲"))
    assert revision(stocked) == before


def test_the_preview_says_which_bundle_breaks_and_what_is_left_with_the_hall(stocked: Engine) -> None:
    found = preview(stocked, SUSPEND, "M-1").impact
    (broken,) = found.broken
    assert broken.bundle.code == "B-1"
    (lost,) = [promise for promise in broken.promises if promise.turn.name == "LOST"]
    assert lost.form is BundleForm.MOBILE
    assert [one.matter for one in lost.city.after.blocked_by] == ["M-1"]
    assert [each.matter.code for each in found.hall_only] == ["M-1"]
    assert [each.matter.code for each in found.having(Channel.MOBILE, Turn.LOST)] == ["M-1"]
    moved = {move.rate.name for move in found.moves}
    assert "bundle_mobile_rate" in moved


def test_offers_are_chosen_by_department_text_and_code(stocked: Engine) -> None:
    snapshot = read_snapshot(stocked)
    for selection, codes in (
        (Selection(Channel.MOBILE, criteria=Criteria({"department": ("MZ",)})), ("M-2",)),
        (Selection(Channel.MOBILE, criteria=Criteria({"department": ("GA",)})), ("M-1", "M-3")),
        (Selection(Channel.MOBILE, ("M-3", "M-1")), ("M-1", "M-3")),
        (Selection(Channel.MOBILE, ("M-2", "M-1"), Criteria({"department": ("MZ",)})), ("M-2",)),
        (Selection(Channel.MOBILE, search="事项M-3"), ("M-3",)),
    ):
        assert choose(snapshot, selection).matters == codes
    with pytest.raises(BadOfferChange):
        choose(snapshot, Selection(Channel.MOBILE))
    with pytest.raises(UnknownMatter):
        choose(snapshot, Selection(Channel.MOBILE, ("M-9",)))


YESTERDAY = TODAY - timedelta(days=1)
BAD = [
    ("reason", OfferChange(OfferAction.SUSPEND)),
    ("reason", OfferChange(OfferAction.SUSPEND, "  ")),
    ("reason", OfferChange(OfferAction.PLAN, first=TODAY + timedelta(days=1))),
    ("first", OfferChange(OfferAction.SUSPEND, "因", first=TODAY + timedelta(days=1))),
    ("last", OfferChange(OfferAction.SUSPEND, "因", last=YESTERDAY)),
    ("first", OfferChange(OfferAction.PLAN, "因", first=TODAY)),
    ("last", OfferChange(OfferAction.RESUME, first=TODAY, last=YESTERDAY)),
    ("correction", OfferChange(OfferAction.CORRECT)),
    ("correction", OfferChange(OfferAction.RESUME, correction=Correction(url="https://x.example/"))),
    ("url", OfferChange(OfferAction.CORRECT, correction=Correction(url="javascript:alert(1)"))),
    ("unknown", OfferChange(OfferAction.CORRECT, correction=Correction(unknown=("status",)))),
    ("reason", OfferChange(OfferAction.CORRECT, correction=Correction(OfferStatus.NOT_OFFERED))),
]


@pytest.mark.parametrize(("field", "change"), BAD)
def test_a_change_that_makes_no_sense_is_refused_by_field(field: str, change: OfferChange) -> None:
    with pytest.raises(BadOfferChange) as caught:
        preview_offers(Snapshot(city(), 1, None), Chosen(Channel.MOBILE, ("M-1",)), change, NOW)
    assert caught.value.field == field


def test_a_region_that_nothing_has_is_refused(stocked: Engine) -> None:
    with pytest.raises(UnknownRegion):
        preview(stocked, SUSPEND, "M-1", region="999999")


def test_dates_that_cross_are_refused_naming_the_matter(engine: Engine) -> None:
    later = make_offer(Channel.MOBILE, valid_from=date(2099, 1, 1), **WHOLE)
    load(engine, make_holdings(make_matter("M-1", [later, make_offer(Channel.HALL)])))
    with pytest.raises(BadOfferChange, match="M-1"):
        preview(engine, SUSPEND, "M-1")
