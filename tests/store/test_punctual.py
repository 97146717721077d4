"""What is planned is published while servers run, by one of them, and after they were away."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from registry.changes.punctual import Punctual
from registry.changes.scheduling import Planned, publish_due, schedule_bundles
from registry.editing.drafts import ScheduleState, Terms
from registry.editing.edits import AddMember
from registry.store.connect import open_engine, reading, writing
from registry.store.schedules import read_schedules
from registry.store.tables import schedules
from tests.store.editing_city import PAUL, approved, bundle_in, city, load, seen
from tests.waiting import eventually


@pytest.fixture
def planned(engine: Engine) -> str:
    """A schedule that fell due while no server ran."""
    load(engine, city())
    due = datetime.now(UTC) + timedelta(hours=1)
    schedule = schedule_bundles(engine, (seen(approved(engine, AddMember("M-5"))),), Planned(due, Terms()), PAUL)
    with writing(engine) as connection:
        connection.execute(schedules.update().values(due=datetime.now(UTC) - timedelta(days=1)))
    return schedule.code


def state(engine: Engine, code: str) -> ScheduleState:
    with reading(engine) as connection:
        return read_schedules(connection)[code].state


def test_servers_publish_what_fell_due_once(engine: Engine, planned: str) -> None:
    url = engine.url.render_as_string(hide_password=False)
    stores = [open_engine(url) for _ in range(3)]
    servers = [Punctual(store, interval=0.02) for store in stores]
    for server in servers:
        server.start()
    assert eventually(lambda: state(engine, planned) is ScheduleState.DONE)
    for server in servers:
        server.stop()
    for store in stores:
        store.dispose()
    assert bundle_in(engine).version == 2
    assert publish_due(engine, datetime.now(UTC)) == ()


def test_a_database_that_is_away_is_said_once_and_waited_for(
    sqlite_engine: Engine, caplog: pytest.LogCaptureFixture, tmp_path
) -> None:
    server = Punctual(open_engine(f"sqlite:///{tmp_path}/none.sqlite"), interval=0.01)
    server.start()
    assert eventually(lambda: "none.sqlite" in caplog.text)
    assert not eventually(lambda: caplog.text.count("none.sqlite") > 4, seconds=0.3)
    server.stop()
