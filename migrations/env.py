"""Alembic's entry: runs the migrations on the connection it is given, or on MATTERS_DATABASE."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from registry.settings import Settings
from registry.store.connect import open_engine, writing
from registry.store.tables import metadata


def render_plainly(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our column types as the types they are kept in: a migration must outlive the code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run(connection: Connection) -> None:
    """Run what was asked for on one connection, inside its transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=False,  # the caller's transaction holds it all
        render_item=render_plainly,
        include_name=lambda name, kind, _: kind != "table" or name in metadata.tables,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with writing(open_engine(Settings.from_environment().database)) as own:
        run(own)
