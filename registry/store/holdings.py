"""Records in and out of the tables, a kind at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
    offers, members = _offers(connection), _members(connection)

    def matter(row: Mapping[str, Any]) -> Matter:
        return Matter(**_limits(row), offers=tuple(offers.get(row["code"], ())))

    def bundle(row: Mapping[str, Any]) -> Bundle:
        return _bundle(row, members.get(row["code"], ()))

    return Holdings(
        regions=_by_code(connection, tables.regions, lambda row: Region(**row)),
        departments=_by_code(connection, tables.departments, lambda row: Department(**row)),
        places=_by_code(connection, tables.places, lambda row: Place(**row)),
        matters=_by_code(connection, tables.matters, matter),
        bundles=_by_code(connection, tables.bundles, bundle),
        closures=read_closures(connection),
        links=read_links(connection),
    )


def department_codes(connection: Connection) -> frozenset[str]:
    """The codes of all departments."""
    return frozenset(connection.scalars(sa.select(tables.departments.c.code)))


def read_bundle(connection: Connection, code: str) -> Bundle | None:
    """One bundle; None if it is not held."""
    row = connection.execute(sa.select(tables.bundles).where(tables.bundles.c.code == code)).mappings().first()
    return _bundle(dict(row), _members(connection, code).get(code, ())) if row else None


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


def _by_code(connection: Connection, table: sa.Table, make: Callable[[Any], T]) -> dict[str, T]:
    rows = connection.execute(sa.select(table)).mappings()
    # Sorted here: databases have their own ideas of the order of letters.
    return {row["code"]: make(row) for row in sorted(rows, key=lambda row: str(row["code"]))}


def _offers(connection: Connection) -> dict[str, list[Offer]]:
    found: dict[str, list[Offer]] = {}
    for row in connection.execute(sa.select(tables.offers)):
        matter, channel, region, place, *rest = row
        found.setdefault(matter, []).append(Offer(channel, region, rest[0], place or None, *rest[1:]))
    for offers in found.values():
        offers.sort(key=offer_order)
    return found


def _members(connection: Connection, of: str | None = None) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    order = sa.select(tables.members).order_by(tables.members.c.bundle, tables.members.c.position)
    if of is not None:
        order = order.where(tables.members.c.bundle == of)
    for bundle, _, matter, condition in connection.execute(order):
        found.setdefault(bundle, []).append(Member(matter, condition))
    return found


def _bundle(row: Mapping[str, Any], members: Iterable[Member]) -> Bundle:
    fields = _limits(row)
    for when in ("before", "after"):
        fields[when] = Effort(**{what: fields.pop(f"{when}_{what}") for what in EFFORTS})
    return Bundle(**fields, members=tuple(members))


def _limits(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(row)
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
