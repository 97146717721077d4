"""The current snapshot: the same on every database, swapped whole, and left standing by whatever goes wrong."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from registry.access import administrator
from registry.changes.loads import load_holdings
from registry.exchange.reference import reference_holdings
from registry.holdings import Holdings
from registry.plans import Plan, plan_change
from registry.store.connect import writing
from registry.store.current import Current, read_snapshot


def without_a_bundle(held: Holdings) -> Plan:
    bundles = dict(list(held.bundles.items())[1:])
    return plan_change(held, replace(held, bundles=bundles))


def test_what_is_read_is_what_was_loaded_to_the_last_field(reference_engine: Engine) -> None:
    assert read_snapshot(reference_engine).holdings == reference_holdings()


def test_a_reader_keeps_its_snapshot_while_a_new_one_is_swapped_in(reference_engine: Engine) -> None:
    current = Current(reference_engine)
    held = current.snapshot
    load_holdings(reference_engine, without_a_bundle, administrator("tests"), "one bundle less")
    current.refresh()
    assert (held.revision, len(held.holdings.bundles)) == (1, 41)
    assert (current.snapshot.revision, len(current.snapshot.holdings.bundles)) == (2, 40)


def test_a_revision_that_has_not_changed_is_not_read_again(reference_engine: Engine) -> None:
    current = Current(reference_engine)
    held = current.snapshot
    current.refresh()
    assert current.snapshot is held


def test_a_revision_that_cannot_be_read_leaves_the_old_one_answering(
    reference_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    current = Current(reference_engine)
    with writing(reference_engine) as connection:
        connection.execute(text("UPDATE matters SET state = 'NONSENSE' WHERE code = 'HZ-GA-001'"))
        connection.execute(
            text("INSERT INTO revisions (number, published_at, actor, summary) VALUES (2, CURRENT_TIMESTAMP, 'x', 'x')")
        )
    current.refresh()
    assert (current.snapshot.revision, len(current.snapshot.holdings.matters)) == (1, 1017)
    assert "revision 1 goes on" in caplog.text
