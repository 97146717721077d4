"""Loading into a real database: all or nothing, one revision, and who did what."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from registry.access import administrator
from registry.changes.loads import WouldBreak, load_holdings
from registry.exchange.planning import plan_load
from registry.exchange.reading import read_files
from registry.exchange.writing import export
from registry.holdings import Holdings
from registry.matters import TimeLimit
from registry.plans import Plan, plan_change
from registry.store import tables
from registry.store.connect import reading
from registry.store.holdings import read_holdings
from registry.store.revisions import current_revision
from registry.words import Channel, LimitUnit
from tests.holdings import holdings
from tests.make import (
    DISTRICT,
    make_bundle,
    make_department,
    make_holdings,
    make_matter,
    make_offer,
    make_place,
    make_region,
    unnumbered,
)

OLD = make_holdings(
    make_department("SB"),
    make_place("P1", region=DISTRICT),
    make_matter("M-1", offers=[make_offer(), make_offer(Channel.PC)]),
    make_matter("M-2", department="SB", offers=[make_offer(place="P1")]),
    make_bundle("B-1", members=["M-1", "M-2"]),
)


def load(engine, target: Holdings) -> Plan:
    return load_holdings(engine, lambda held: plan_change(held, target), administrator("someone"), "a load")


def state(engine):
    with reading(engine) as connection:
        return read_holdings(connection), current_revision(connection).number


def audited(engine):
    columns = tables.audit.c
    with reading(engine) as connection:
        rows = connection.execute(
            sa.select(columns.revision, columns.actor, columns.action, columns.kind, columns.subject).order_by(
                columns.id
            )
        )
        return [tuple(row) for row in rows]


def test_what_is_loaded_is_held_in_one_revision_with_an_entry_for_each_record(engine):
    plan = load(engine, OLD)
    assert state(engine) == (OLD, 1)
    entries = audited(engine)
    assert len(entries) == sum(map(len, plan.added.values())) == 8
    assert entries[-1] == (1, "someone", "add", "bundle", "B-1")


def test_loading_the_same_again_adds_no_revision(engine):
    load(engine, OLD)
    assert load(engine, OLD).nothing
    assert state(engine) == (OLD, 1)
    assert len(audited(engine)) == 8


def test_additions_changes_and_removals_happen_together(engine):
    load(engine, OLD)
    new = make_holdings(
        make_department("WJ"),
        make_region("330104"),
        make_matter("M-1", department="WJ", offers=[make_offer(region="330104")]),
        make_matter("M-3", promised_limit=TimeLimit(3, LimitUnit.DAY)),
        make_bundle("B-1", members=["M-3", "M-1"], lead_department="WJ"),
    )
    load(engine, new)
    held, revision = state(engine)
    assert (unnumbered(held), held.bundles["B-1"].version, revision) == (new, 2, 2)
    assert [entry[2:] for entry in audited(engine)[8:]] == [
        ("add", "region", "330104"), ("add", "department", "WJ"), ("remove", "department", "SB"),
        ("remove", "place", "P1"), ("add", "matter", "M-3"), ("change", "matter", "M-1"),
        ("remove", "matter", "M-2"), ("change", "bundle", "B-1"),
    ]  # fmt: skip


def test_an_absence_that_breaks_a_bundle_is_refused_and_changes_nothing(engine):
    load(engine, OLD)
    without = make_holdings(
        make_department("SB"), make_place("P1", region=DISTRICT), OLD.matters["M-1"], OLD.bundles["B-1"]
    )
    with pytest.raises(WouldBreak, match=r"bundle B-1 .* still needs matter M-2") as refused:
        load(engine, without)
    assert [(one.code, one.missing) for one in refused.value.broken] == [("B-1", "M-2")]
    assert state(engine) == (OLD, 1)


def test_a_plan_is_made_of_what_is_held_at_that_moment(engine):
    load(engine, OLD)
    seen = []

    def plan(held: Holdings) -> Plan:
        seen.append(held)
        return plan_change(held, held)

    load_holdings(engine, plan, administrator("someone"), "a look")
    assert seen == [OLD]


def test_a_plan_that_fails_changes_nothing(engine):
    load(engine, OLD)

    def fail(held: Holdings) -> Plan:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        load_holdings(engine, fail, administrator("someone"), "a failure")
    assert state(engine) == (OLD, 1)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_load_export_load_changes_nothing(engine, tmp_path, form):
    load(engine, OLD)
    export(state(engine)[0], tmp_path, form)

    def plan(held: Holdings) -> Plan:
        return plan_load(held, read_files([tmp_path], held=held))

    assert load_holdings(engine, plan, administrator("someone"), "again").nothing
    assert state(engine) == (OLD, 1)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(before=holdings(), after=holdings())
def test_any_holdings_follow_any_others(engine, before, after):
    """From whatever an example left behind to `before`, and from there to `after`."""
    load(engine, before)
    load(engine, after)
    assert unnumbered(state(engine)[0]) == unnumbered(after)
