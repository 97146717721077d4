"""Bringing a database's tables up to this version's."""

import sys
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

import migrations
from registry.errors import WrongSetting
from registry.store.connect import is_missing, reading, writing

# The newest migration. A test holds it to the folder, so that a start needs no
# Alembic (a tenth of a second) to find that there is nothing to do.
HEAD = "0008"


def schema_version(connection: Connection) -> str | None:
    """The migration the database is at; None if it has no tables yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up (or down) to a migration. All or nothing, one process at a time.

    Raises StoreUnreachable, and WrongSetting if the database is newer than this version.
    """
    if is_missing(engine):
        version = None
    else:
        with reading(engine) as connection:
            version = schema_version(connection)
    if version == HEAD and revision == "head":
        return
    from alembic import command
    from alembic.util import CommandError

    try:
        with writing(engine) as connection:
            config = alembic_config(connection)
            if revision == "base" or (revision != "head" and version is not None and revision < version):
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
    except CommandError:
        raise WrongSetting(
            f"数据库的结构版本 {version} 是本程序不认识的；请使用更新的版本",
            f"the database is at migration {version}, which this version does not know; use a newer one",
        ) from None


def alembic_config(connection: Connection):  # type: ignore[no-untyped-def]  # Alembic is imported only where needed
    """Alembic's configuration for one open connection, found where the package is installed."""
    from alembic.config import Config

    # Its own default is the output there was when it was imported.
    config = Config(stdout=sys.stdout)
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config
