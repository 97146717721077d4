"""Closures, and what is known of addresses, in and out of their tables."""

from collections.abc import Iterable
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.closures import Closure, Link
from registry.store.tables import closures, links


def read_closures(connection: Connection) -> dict[str, Closure]:
    """All closures, those that are over too: a route may be asked for a moment gone by."""
    rows = connection.execute(sa.select(closures)).mappings()
    return {row["code"]: Closure(**row) for row in sorted(rows, key=lambda row: (row["starts"], row["code"]))}


def put_closure(connection: Connection, closure: Closure) -> None:
    """Write a closure, whether it is there already or not."""
    connection.execute(closures.delete().where(closures.c.code == closure.code))
    connection.execute(closures.insert().values(**asdict(closure)))


def read_links(connection: Connection) -> dict[str, Link]:
    """What is known of addresses, by address."""
    rows = connection.execute(sa.select(links)).mappings()
    return {row["url"]: Link(**row) for row in sorted(rows, key=lambda row: str(row["url"]))}


def put_links(connection: Connection, known: Iterable[Link]) -> None:
    """Write what is known of addresses, whether anything was or not."""
    rows = [asdict(link) for link in known]
    if rows:
        connection.execute(links.delete().where(links.c.url.in_([row["url"] for row in rows])))
        connection.execute(links.insert(), rows)
