"""A member's mobile offer is taken away: who loses what is said, and publishing over it leaves a mark."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from registry.access import Forbidden
from registry.changes.offering import change_offers
from registry.changes.refusals import Blocked
from registry.changes.releasing import publish_bundle
from registry.editing.drafts import Terms
from registry.editing.edits import SetField
from registry.impact.impact import Impact, impact
from registry.impact.report import report
from registry.offering.choice import Chosen
from registry.offering.preview import preview_offers
from registry.offering.wanted import OfferAction, OfferChange
from registry.store.current import read_snapshot
from registry.words import BundleForm, Channel, OfferStatus
from tests.store.editing_city import ADMIN, ANN, PAUL, approved, bundle_in, city, edited, load, seen

NOW = datetime.now(UTC)
SUSPENSION = OfferChange(OfferAction.SUSPEND, "系统停用")


@pytest.fixture
def poorer(engine: Engine) -> Engine:
    """M-1 can't be done on a mobile any more; the bundle B-1 promises that it can."""
    load(engine, city())
    preview = preview_offers(read_snapshot(engine), Chosen(Channel.MOBILE, ("M-1",)), SUSPENSION, NOW)
    assert [each.bundle.code for each in preview.impact.broken] == ["B-1"]
    change_offers(engine, preview.agreed, ADMIN)
    return engine


def drafted(engine: Engine) -> Impact:
    return impact(read_snapshot(engine), edited(engine, SetField("summary", "新的说明")).content, NOW)


def test_impact_names_the_member_and_why(poorer: Engine) -> None:
    found = drafted(poorer)
    (blocker,) = found.blockers
    assert (blocker.code, blocker.member, blocker.overridable) == ("PROMISE_BROKEN", "M-1", True)
    (mobile,) = [change for change in found.promises if change.form is BundleForm.MOBILE]
    assert [(one.matter, one.reason.particulars["why"]) for one in mobile.city.after.blocked_by] == [
        ("M-1", "系统停用")
    ]
    assert any("M-1" in text.zh and "系统停用" in text.zh for text in report(found))


def test_publishing_is_refused_and_nothing_is_published(poorer: Engine) -> None:
    draft = approved(poorer, SetField("summary", "新的说明"))
    before = bundle_in(poorer)
    with pytest.raises(Blocked) as refused:
        publish_bundle(poorer, seen(draft), Terms(), PAUL)
    assert refused.value.code == "PROMISE_BROKEN"
    assert [blocker.member for blocker in refused.value.blockers] == ["M-1"]
    assert bundle_in(poorer) == before


def test_a_publishers_reason_goes_through_and_is_marked(poorer: Engine) -> None:
    draft = approved(poorer, SetField("summary", "新的说明"))
    with pytest.raises(Forbidden):
        publish_bundle(poorer, seen(draft), Terms(override="先发布"), ANN)
    version = publish_bundle(poorer, seen(draft), Terms(override="先发布，下周恢复"), PAUL)
    assert version.override == "先发布，下周恢复"
    assert [each.code for each in version.overridden] == ["PROMISE_BROKEN"]
    assert "M-1" in version.overridden[0].zh
    assert bundle_in(poorer).summary == "新的说明"


def test_once_the_offer_is_back_nothing_is_in_the_way(poorer: Engine) -> None:
    resumed = preview_offers(
        read_snapshot(poorer), Chosen(Channel.MOBILE, ("M-1",)), OfferChange(OfferAction.RESUME), NOW
    )
    change_offers(poorer, resumed.agreed, ADMIN)
    (offer,) = read_snapshot(poorer).holdings.matters["M-1"].offers_on(Channel.MOBILE)
    assert offer.status is OfferStatus.AVAILABLE
    assert drafted(poorer).blockers == ()
    version = publish_bundle(poorer, seen(approved(poorer, SetField("summary", "又一说明"))), Terms(), PAUL)
    assert (version.override, version.overridden) == (None, ())
