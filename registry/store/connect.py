"""Connections: which database, and what a reader or a writer may rely on.

Readers see one moment of the database from first to last question. Writers come one
at a time, on every database, so that a revision is never skipped and never shared.
"""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from registry.errors import RegistryError, StoreUnreachable, WrongSetting

# What those who ask the database nothing by themselves, and import no SQL, hand on.
Store = Engine

# Any number, as long as every writer of a registry takes the same one.
WRITERS_LOCK = 7_013_1017


def open_engine(database_url: str) -> Engine:
    """The engine for a database URL. Raises WrongSetting if it can't be one; doesn't connect."""
    url = _checked(database_url)
    options: dict[str, Any] = {"json_serializer": _json, "json_deserializer": orjson.loads}
    if url.get_backend_name() == "sqlite":
        _make_folder(url)
        # A connection outlives its file: one each time sees that the file was replaced, and costs next to nothing.
        pool = None if url.database in (None, "", ":memory:") else NullPool
        engine = sa.create_engine(url, poolclass=pool, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5}, **options)


class BadText(RegistryError):
    """Text that PostgreSQL can't hold: it takes no character 0. SQLite does; nothing is found by it there."""

    def __init__(self) -> None:
        super().__init__("含有无法保存的字符", "it holds a character that can't be kept")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read-only look at one moment of the database. Raises StoreUnreachable."""
    if is_missing(engine):
        # SQLite would make a new one, and readers would take it for a registry that holds nothing.
        raise StoreUnreachable(
            f"数据库文件 {engine.url.database} 不存在", f"the database file {engine.url.database} is gone"
        )
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection
    except sa.exc.DataError:
        raise BadText from None
    except DBAPIError as error:
        raise unreachable(engine, error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that waits for the writer before it. All or nothing. Raises StoreUnreachable."""
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITERS_LOCK)))
            yield connection
    except sa.exc.DataError:
        raise BadText from None
    except sa.exc.OperationalError as error:
        raise unreachable(engine, error) from error


def is_missing(engine: Engine) -> bool:
    """Whether the database is a file that isn't there (yet, or any more)."""
    path = engine.url.database
    return engine.dialect.name == "sqlite" and path not in (None, "", ":memory:") and not Path(str(path)).exists()


def unreachable(engine: Engine, error: DBAPIError) -> StoreUnreachable:
    """The error a person gets when the database doesn't answer."""
    where = engine.url.render_as_string(hide_password=True)
    cause = str(error.orig).strip().splitlines()[0]
    return StoreUnreachable(f"数据库 {where} 无法使用：{cause}", f"the database {where} can't be used: {cause}")


# How many seconds one waits for another on SQLite.
PATIENCE = 15

# What a URL may begin with, and the driver that is meant.
DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def _checked(database_url: str) -> URL:
    try:
        url = make_url(database_url)
        url = url.set(drivername=DRIVERS[url.drivername])
    except (ArgumentError, KeyError, ValueError):
        shown = re.sub(r":[^:@/]*@", ":***@", database_url)
        raise WrongSetting(
            f"数据库地址“{shown}”无法识别；应形如 sqlite:///registry.sqlite 或 postgresql://用户@主机/库",
            f"the database URL “{shown}” is not one; write sqlite:///registry.sqlite"
            " or postgresql://user@host/database",
        ) from None
    try:
        url.get_dialect().import_dbapi()
    except ImportError:
        raise WrongSetting(
            "使用 PostgreSQL 需要安装 matter-registry[postgres]",
            "PostgreSQL needs the extra matter-registry[postgres] to be installed",
        ) from None
    return url


def _make_folder(url: URL) -> None:
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(
            f"数据库文件夹 {folder} 无法建立：{error.strerror}",
            f"the database's folder {folder} can't be made: {error.strerror}",
        ) from None


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own idea of transactions is switched off: _begin_sqlite begins them.
    connection.isolation_level = None
    for pragma in (f"busy_timeout = {PATIENCE * 1000}", "foreign_keys = ON", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    _log_ahead(connection)


def _log_ahead(connection: Any) -> None:
    """Have the file written ahead. Of several who come first to a new file one does it, and SQLite lets none wait."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
