"""Bundles in every stage of being edited and published, made by the changes themselves."""

from dataclasses import replace
from datetime import UTC, datetime

from registry.access import administrator
from registry.changes.drafting import open_draft, save_draft
from registry.changes.loads import load_holdings
from registry.changes.releasing import publish_bundle, release_bundles
from registry.changes.reviewing import Verdict, review_bundle, submit_bundle
from registry.changes.scheduling import Planned, schedule_bundles
from registry.changes.subscribing import add_webhook
from registry.editing.drafts import Seen, Terms
from registry.editing.edits import SetField
from registry.holdings import Holdings
from registry.plans import Plan, plan_change
from registry.webhooks import Wanted
from tests.schema.editing import SETTER, City

SECOND = administrator("second")

PUBLISHED, DRAFTED, SUBMITTED, APPROVED, OVERTAKEN, TWICE, RELEASABLE, RELEASABLE_TOO, PLANNED = (
    f"B-{n}" for n in range(1, 10)
)
RELEASED = ("B-10", "B-11")
LONG_HENCE = datetime(2099, 1, 1, tzinfo=UTC)


def stages(city: City) -> None:
    """Bring each bundle to the stage that its name says; S-1 is a schedule, R-1 a release."""
    for bundle in (DRAFTED, SUBMITTED, APPROVED, OVERTAKEN, TWICE, RELEASABLE, RELEASABLE_TOO, PLANNED, *RELEASED):
        draft = open_draft(city.engine, bundle, SETTER)
        edit = (SetField("summary", "改过的简介"),)
        city.versions[bundle] = save_draft(city.engine, Seen(bundle, draft.version), edit, SETTER).version
    for bundle in (SUBMITTED, APPROVED, TWICE, RELEASABLE, RELEASABLE_TOO, PLANNED, *RELEASED):
        submit_bundle(city.engine, city.seen(bundle), None, SETTER)
    for bundle in (APPROVED, TWICE, RELEASABLE, RELEASABLE_TOO, PLANNED, *RELEASED):
        review_bundle(city.engine, city.seen(bundle), Verdict(approve=True), SECOND)
    # What is published from here on waits for delivery: nothing is sent from a city that is not served.
    add_webhook(city.engine, Wanted("https://portal.example/hook"), SETTER)
    publish_bundle(city.engine, city.seen(TWICE), Terms(), SETTER)
    schedule_bundles(city.engine, (city.seen(PLANNED),), Planned(LONG_HENCE, Terms()), SETTER)
    release_bundles(city.engine, tuple(map(city.seen, RELEASED)), Terms(), SETTER)
    load_holdings(city.engine, _overtaking, SETTER, "overtake a draft")


def _overtaking(held: Holdings) -> Plan:
    old = held.bundles[OVERTAKEN]
    new = replace(old, name_en="overtaken", version=old.version + 1)
    return plan_change(held, replace(held, bundles={**held.bundles, OVERTAKEN: new}))
