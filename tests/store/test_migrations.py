"""The migrations: up, down, up again, and equal to the tables the code uses, on both databases."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from registry.access import administrator
from registry.audit import entry
from registry.editing.versions import Origin
from registry.errors import WrongSetting
from registry.store.audit import write_entries
from registry.store.connect import open_engine, reading, writing
from registry.store.holdings import put
from registry.store.migrate import HEAD, alembic_config, migrate, schema_version
from registry.store.revisions import add_revision
from registry.store.tables import metadata
from registry.store.versions import versions_since
from tests.make import reference_holdings


def test_migrations_go_up_down_and_up_again_and_match_the_tables(blank_url: str) -> None:
    engine = open_engine(blank_url)
    for target, expected in (("head", set(metadata.tables)), ("base", set()), ("head", set(metadata.tables))):
        migrate(engine, target)
        with reading(engine) as connection:
            assert set(sa.inspect(connection).get_table_names()) - {"alembic_version"} == expected
    with writing(engine) as connection:
        command.check(alembic_config(connection))
    engine.dispose()


def test_there_is_one_head_and_the_start_knows_it(sqlite_engine: sa.Engine) -> None:
    with reading(sqlite_engine) as connection:
        assert ScriptDirectory.from_config(alembic_config(connection)).get_heads() == [HEAD]
        assert schema_version(connection) == HEAD


def test_a_database_from_a_newer_version_is_refused(blank_url: str) -> None:
    engine = open_engine(blank_url)
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongSetting, match="9999"):
        migrate(engine)
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongSetting, match="file"):
        open_engine(f"sqlite:///{tmp_path}/file/registry.sqlite")


@pytest.mark.parametrize("url", ["registry.sqlite", "mysql://host/db", "postgresql+pg8000://host/db", "nonsense://x"])
def test_a_database_url_that_is_none_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(WrongSetting):
        open_engine(url)


def test_bundles_that_were_there_before_versions_were_get_their_first_one(blank_url: str) -> None:
    engine = open_engine(blank_url)
    migrate(engine, "0005")
    held, author = reference_holdings(), administrator("loader")
    with writing(engine) as connection:
        for kind in (held.regions, held.departments, held.matters, held.bundles):
            put(connection, type(next(iter(kind.values()))), kind.values())
        revision = add_revision(connection, author.name, "as it was")
        write_entries(connection, revision, author, [entry(None, bundle) for bundle in held.bundles.values()])
    migrate(engine)
    with reading(engine) as connection:
        found = versions_since(connection, 0)
    assert {version.bundle: version.content for version in found} == held.bundles
    assert {(v.number, v.revision, v.author, v.origin, v.published_at) for v in found} == {
        (1, 1, "loader", Origin.IMPORT, revision.published_at)
    }
    engine.dispose()
