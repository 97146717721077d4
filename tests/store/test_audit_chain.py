"""The audit log as a chain: whatever is done to it behind the registry's back is found, and where."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from registry.access import Actor, Grant, Role, administrator
from registry.audit import Entry
from registry.chain import GENESIS, Head, Row, breaks, linked
from registry.changes.closing import close
from registry.closures import Closure
from registry.store.audit import Sought, chain_breaks, chain_head, count_sought, rows_sought, write_entries
from registry.store.connect import open_engine, reading, writing
from registry.store.migrate import migrate
from registry.store.tables import audit, audit_head
from registry.words import Channel

EDITOR = Actor("token:T-1 陈", (Grant(Role.EDITOR),), request="r-17")


def written(engine: Engine, count: int = 6) -> None:
    for number in range(count):
        before = (
            None if number % 3 else {"名": f"旧“{number}”\u2028", "n": 0.1 + number, "deep": {"z": [1, None], "a": "é"}}
        )
        entry = Entry("change", "matter", f"M-{number % 2}", before, {"名": "新", "n": 1e300})
        with writing(engine) as connection:
            write_entries(connection, None, EDITOR, [entry])


def found(engine: Engine, noted: str | None = None) -> list[int]:
    with reading(engine) as connection:
        return [broken.row for broken in chain_breaks(connection, noted)]


def test_a_log_as_it_was_written_verifies(reference_engine: Engine) -> None:
    written(reference_engine)
    assert found(reference_engine) == []
    with reading(reference_engine) as connection:
        head = chain_head(connection)
        assert head is not None
        (newest,) = rows_sought(connection, Sought(), first=1)
    assert (newest.id, newest.hash) == (head.last, head.hash)
    assert (newest.actor, newest.request) == ("token:T-1 陈", "r-17")


def tampered(change: sa.Executable) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(change)


@pytest.mark.parametrize(
    ("tamper", "rows"),
    [
        (tampered(audit.update().where(audit.c.id == 3).values(actor="someone else")), [3]),
        (tampered(audit.update().where(audit.c.id == 1).values(before={"名": "改"})), [1]),
        (tampered(audit.update().where(audit.c.id == 4).values(after=None)), [4]),
        (tampered(audit.update().where(audit.c.id == 2).values(at=datetime(2020, 1, 1, tzinfo=UTC))), [2]),
        (tampered(audit.update().where(audit.c.id == 5).values(request=None)), [5]),
        (tampered(audit.update().where(audit.c.id == 6).values(hash=GENESIS)), [6, 6]),
        (tampered(audit.delete().where(audit.c.id == 3)), [4]),
        (tampered(audit.delete().where(audit.c.id <= 2)), [3]),
        (tampered(audit.delete().where(audit.c.id >= 5)), [6]),
        (tampered(audit.delete()), [6]),
        (tampered(audit_head.delete()), [6]),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_named(
    engine: Engine, tamper: Callable[[Connection], object], rows: list[int]
) -> None:
    written(engine)
    with writing(engine) as connection:
        tamper(connection)
    assert found(engine) == rows


def test_a_row_put_in_is_found_where_it_stands(engine: Engine) -> None:
    written(engine, 4)
    with writing(engine) as connection:
        third = connection.execute(sa.select(audit).where(audit.c.id == 4)).mappings().one()
        connection.execute(audit.insert().values({**third, "id": 9}))
    assert found(engine) == [9, 9, 9]


def test_a_chain_made_wholly_anew_betrays_itself_to_whoever_noted_its_head(engine: Engine) -> None:
    written(engine)
    with reading(engine) as connection:
        head = chain_head(connection)
    assert head is not None
    assert found(engine, head.hash) == []
    written(engine)
    assert found(engine, head.hash) == [], "a noted head stays in the chain as it grows"
    with writing(engine) as connection:
        connection.execute(audit.delete())
        connection.execute(audit_head.delete())
    written(engine)
    assert found(engine) == []
    assert found(engine, head.hash) == [6]


def test_the_log_is_read_by_pages_and_by_what_is_sought(engine: Engine) -> None:
    written(engine, 5)
    close(engine, Closure("", "检修", datetime(2020, 1, 1, tzinfo=UTC), channel=Channel.KIOSK), administrator("cli:li"))
    with reading(engine) as connection:
        assert [row.id for row in rows_sought(connection, Sought(), first=2)] == [6, 5]
        assert [row.id for row in rows_sought(connection, Sought(), before=5, first=2)] == [4, 3]
        assert [row.id for row in rows_sought(connection, Sought(subject="M-1"))] == [4, 2]
        assert [row.subject for row in rows_sought(connection, Sought(actor="cli:li", kind="closure"))] == ["C-1"]
        assert [row.id for row in rows_sought(connection, Sought(revision=1))] == [6]
        assert list(rows_sought(connection, Sought(until=datetime(2020, 1, 1, tzinfo=UTC)))) == []
        assert count_sought(connection, Sought(since=datetime(2020, 1, 1, tzinfo=UTC), action="change")) == 5


def test_what_was_logged_before_there_was_a_chain_is_chained(blank_url: str) -> None:
    engine = open_engine(blank_url)
    migrate(engine, "0004")
    old = sa.table(
        "audit", *(sa.column(name, audit.c[name].type) for name in
        ("id", "revision", "at", "actor", "action", "kind", "subject", "before", "after"))
    )  # fmt: skip
    rows = [
        {"id": number, "revision": None, "at": datetime(2020, 1, number, 8, 0, 0, 120, tzinfo=UTC), "actor": "cli:李",
         "action": "add", "kind": "matter", "subject": f"M-{number}", "before": None, "after": {"名": "é", "n": 0.1}}
        for number in (1, 2, 5)
    ]  # fmt: skip
    with writing(engine) as connection:
        connection.execute(old.insert(), rows)
    migrate(engine)
    assert found(engine) == []
    written(engine, 2)
    assert found(engine) == []
    with reading(engine) as connection:
        assert [row.id for row in rows_sought(connection, Sought())] == [7, 6, 5, 2, 1]
    migrate(engine, "0004")
    migrate(engine)
    assert found(engine) == []
    engine.dispose()


def test_a_chain_begins_where_there_was_nothing() -> None:
    assert list(breaks([], None)) == []
    said = Row(0, None, datetime(2020, 1, 1, tzinfo=UTC), "a", None, "add", "matter", "M-1", None, None)
    (first,) = linked([said], Head())
    assert (first.id, first.previous) == (1, GENESIS)
    assert list(breaks([first], Head(1, first.hash))) == []
