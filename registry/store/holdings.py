"""Records in and out of the tables, a kind at a time."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bundles import Bundle, Effort, Member
from registry.holdings import Holdings, Record
from registry.matters import Matter, Offer, TimeLimit, offer_order
from registry.places import Department, Place, Region
from registry.store import tables
from registry.store.closures import read_closures, read_links

T = TypeVar("T")
R = TypeVar("R", Region, Department, Place, Matter, Bundle)
# Of which records; None: of all.
Codes = list[str] | None

TABLES: dict[type, sa.Table] = {
    Region: tables.regions,
    Department: tables.departments,
    Place: tables.places,
    Matter: tables.matters,
    Bundle: tables.bundles,
}
LIMITS = ("statutory_limit", "promised_limit")
EFFORTS = ("steps", "materials", "visits", "days")
BATCH = 500


def read_holdings(connection: Connection) -> Holdings:
    """Everything held, each kind in the order of its codes."""
    return _holdings(connection, None)


def read_bundled(connection: Connection, besides: Iterable[Bundle]) -> Holdings:
    """What is held but for matters that are in no bundle, neither a published one nor one of those besides.

    All that publishing a bundle may touch, however many other matters there are.
    """
    bundles = read_kind(connection, Bundle)
    bundled = {member.matter for bundle in (*bundles.values(), *besides) for member in bundle.members}
    return _holdings(connection, bundled)


def read_kind(connection: Connection, kind: type[R], codes: Collection[str] | None = None) -> dict[str, R]:
    """The records of one kind in the order of their codes: all, or those of these codes that are held."""
    if codes is None:
        found = _READERS[kind](connection, None)
    else:
        found = {}
        for some in _batches(sorted(codes)):
            found |= _READERS[kind](connection, some)
    # Sorted here: databases have their own ideas of the order of letters.
    return {code: found[code] for code in sorted(found)}


def read_bundle(connection: Connection, code: str) -> Bundle | None:
    """One bundle; None if it is not held."""
    return read_kind(connection, Bundle, (code,)).get(code)


def department_codes(connection: Connection) -> frozenset[str]:
    """The codes of all departments."""
    return frozenset(connection.scalars(sa.select(tables.departments.c.code)))


def names_of(connection: Connection, kind: type, codes: Iterable[str]) -> dict[str, str]:
    """The names of those of these records that are held."""
    table = TABLES[kind]
    found: dict[str, str] = {}
    for some in _batches(sorted(codes)):
        rows = connection.execute(sa.select(table.c.code, table.c.name).where(table.c.code.in_(some)))
        found |= {row.code: row.name for row in rows}
    return found


def departments_of(connection: Connection, matters: Iterable[str]) -> dict[str, str]:
    """The departments of those of these matters that are held."""
    its = tables.matters.c.code.in_(sorted(matters))
    rows = connection.execute(sa.select(tables.matters.c.code, tables.matters.c.department).where(its))
    return {row.code: row.department for row in rows}


def put(connection: Connection, kind: type, records: Iterable[Record]) -> None:
    """Write records of one kind whole, whether they are there already or not."""
    records = list(records)
    table = TABLES[kind]
    known = set(connection.scalars(sa.select(table.c.code)))
    fresh = [_row(record) for record in records if record.code not in known]
    changed = [_row(record) for record in records if record.code in known]
    for rows in _batches(fresh):
        connection.execute(table.insert(), rows)
    if changed:
        update = table.update().where(table.c.code == sa.bindparam("its_code"))
        connection.execute(update, [{**row, "its_code": row.pop("code")} for row in changed])
    if kind is Matter:
        _put_parts(connection, tables.offers, "matter", records, _offer_rows)
    if kind is Bundle:
        _put_parts(connection, tables.members, "bundle", records, _member_rows)


def remove(connection: Connection, kind: type, codes: Iterable[str]) -> None:
    """Remove records of one kind, with what belongs to them."""
    table = TABLES[kind]
    for some in _batches(sorted(codes)):
        connection.execute(table.delete().where(table.c.code.in_(some)))


def _holdings(connection: Connection, matters: Collection[str] | None) -> Holdings:
    return Holdings(
        regions=read_kind(connection, Region),
        departments=read_kind(connection, Department),
        places=read_kind(connection, Place),
        matters=read_kind(connection, Matter, matters),
        bundles=read_kind(connection, Bundle),
        closures=read_closures(connection),
        links=read_links(connection),
    )


def _plain(kind: type[R]) -> Callable[[Connection, Codes], dict[str, R]]:
    table = TABLES[kind]

    def read(connection: Connection, codes: Codes) -> dict[str, R]:
        rows = connection.execute(_of(table, table.c.code, codes)).mappings()
        return {row["code"]: kind(**row) for row in rows}

    return read


def _matters(connection: Connection, codes: Codes) -> dict[str, Matter]:
    offers: dict[str, list[Offer]] = {}
    for row in connection.execute(_of(tables.offers, tables.offers.c.matter, codes)):
        matter, channel, region, place, *rest = row
        offers.setdefault(matter, []).append(Offer(channel, region, rest[0], place or None, *rest[1:]))
    found: dict[str, Matter] = {}
    for fields in connection.execute(_of(tables.matters, tables.matters.c.code, codes)).mappings():
        its = sorted(offers.get(fields["code"], ()), key=offer_order)
        found[fields["code"]] = Matter(**_limits(dict(fields)), offers=tuple(its))
    return found


def _bundles(connection: Connection, codes: Codes) -> dict[str, Bundle]:
    members: dict[str, list[Member]] = {}
    query = _of(tables.members, tables.members.c.bundle, codes).order_by(tables.members.c.position)
    for bundle, _, matter, condition in connection.execute(query):
        members.setdefault(bundle, []).append(Member(matter, condition))
    rows = connection.execute(_of(tables.bundles, tables.bundles.c.code, codes)).mappings()
    return {row["code"]: _bundle(dict(row), members.get(row["code"], ())) for row in rows}


_READERS: dict[type, Callable[[Connection, Codes], dict[str, Any]]] = {
    Region: _plain(Region),
    Department: _plain(Department),
    Place: _plain(Place),
    Matter: _matters,
    Bundle: _bundles,
}


def _of(table: sa.Table, key: sa.Column[str], codes: Codes) -> sa.Select[Any]:
    return sa.select(table) if codes is None else sa.select(table).where(key.in_(codes))


def _bundle(row: dict[str, Any], members: Iterable[Member]) -> Bundle:
    fields = _limits(row)
    for when in ("before", "after"):
        fields[when] = Effort(**{what: fields.pop(f"{when}_{what}") for what in EFFORTS})
    return Bundle(**fields, members=tuple(members))


def _limits(fields: dict[str, Any]) -> dict[str, Any]:
    for limit in LIMITS:
        if f"{limit}_amount" in fields:
            amount, unit = fields.pop(f"{limit}_amount"), fields.pop(f"{limit}_unit")
            fields[limit] = None if amount is None else TimeLimit(amount, unit)
    return fields


def _row(record: Record) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in record.__slots__:
        value = getattr(record, field)
        if field in LIMITS:
            row[f"{field}_amount"] = value.amount if value else None
            row[f"{field}_unit"] = value.unit if value else None
        elif isinstance(value, Effort):
            row |= {f"{field}_{what}": getattr(value, what) for what in EFFORTS}
        elif field not in ("offers", "members"):
            row[field] = value
    return row


def _offer_rows(matter: Matter) -> Iterator[dict[str, Any]]:
    for offer in matter.offers:
        fields = {field: getattr(offer, field) for field in offer.__slots__}
        yield {"matter": matter.code, **fields, "place": offer.place or ""}


def _member_rows(bundle: Bundle) -> Iterator[dict[str, Any]]:
    for position, member in enumerate(bundle.members, start=1):
        yield {"bundle": bundle.code, "position": position, "matter": member.matter, "condition": member.condition}


def _put_parts(
    connection: Connection, table: sa.Table, owner: str, records: list[Any], rows_of: Callable[[Any], Iterable[Any]]
) -> None:
    for some in _batches(records):
        connection.execute(table.delete().where(table.c[owner].in_([record.code for record in some])))
        rows = [row for record in some for row in rows_of(record)]
        if rows:
            connection.execute(table.insert(), rows)


def _batches(items: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
