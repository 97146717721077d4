"""Versions of bundles and releases, in and out of their tables. What was written is never changed."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bundles import Bundle
from registry.editing.history import HELD
from registry.editing.versions import BundleVersion, Overridden, Release, Released
from registry.recorded import plain, read_back
from registry.store.tables import bundle_versions, releases


def add_versions(connection: Connection, versions: Iterable[BundleVersion]) -> None:
    """Write versions that are new."""
    rows = [
        {name: getattr(version, name) for name in version.__slots__}
        | {"content": plain(version.content), "overridden": plain(version.overridden)}
        for version in versions
    ]
    if rows:
        connection.execute(bundle_versions.insert(), rows)


def versions_of(connection: Connection, bundle: str) -> tuple[BundleVersion, ...]:
    """All versions of a bundle, the first one first."""
    wanted = sa.select(bundle_versions).where(bundle_versions.c.bundle == bundle)
    return _read(connection, wanted.order_by(bundle_versions.c.number))


def version_of(connection: Connection, bundle: str, number: int) -> BundleVersion | None:
    """One version of a bundle."""
    its = (bundle_versions.c.bundle == bundle, bundle_versions.c.number == number)
    return next(iter(_read(connection, sa.select(bundle_versions).where(*its))), None)


def versions_since(connection: Connection, revision: int) -> tuple[BundleVersion, ...]:
    """Versions published after a revision, by bundle and number."""
    wanted = sa.select(bundle_versions).where(bundle_versions.c.revision > revision)
    return _read(connection, wanted.order_by(bundle_versions.c.bundle, bundle_versions.c.number))


def newest_versions(connection: Connection) -> tuple[BundleVersion, ...]:
    """The newest versions of every bundle, by bundle and number, one more than are held in memory."""
    last = sa.select(bundle_versions.c.bundle, sa.func.max(bundle_versions.c.number).label("last"))
    newest = last.group_by(bundle_versions.c.bundle).subquery()
    wanted = sa.select(bundle_versions).join(newest, newest.c.bundle == bundle_versions.c.bundle)
    wanted = wanted.where(bundle_versions.c.number >= newest.c.last - HELD)
    return _read(connection, wanted.order_by(bundle_versions.c.bundle, bundle_versions.c.number))


def last_numbers(connection: Connection, bundles: Iterable[str]) -> dict[str, int]:
    """The highest number each of these bundles ever had; those that never had a version are left out."""
    newest = sa.select(bundle_versions.c.bundle, sa.func.max(bundle_versions.c.number))
    its = bundle_versions.c.bundle.in_(list(bundles))
    rows = connection.execute(newest.where(its).group_by(bundle_versions.c.bundle))
    return {row.bundle: row[1] for row in rows}


def put_release(connection: Connection, release: Release) -> None:
    """Write a release, whether it is there already or not: all that ever changes is what undid it."""
    connection.execute(releases.delete().where(releases.c.code == release.code))
    row = {name: getattr(release, name) for name in release.__slots__}
    connection.execute(releases.insert().values(row | {"items": plain(release.items)}))


def read_releases(connection: Connection) -> dict[str, Release]:
    """All releases by code, the first one first."""
    rows = connection.execute(sa.select(releases).order_by(releases.c.revision)).mappings()
    return {
        row["code"]: Release(**dict(row) | {"items": read_back(tuple[Released, ...], row["items"])}) for row in rows
    }


def _read(connection: Connection, wanted: sa.Select[Any]) -> tuple[BundleVersion, ...]:
    return tuple(
        BundleVersion(
            **dict(row)
            | {
                "content": None if row["content"] is None else read_back(Bundle, row["content"]),
                "overridden": read_back(tuple[Overridden, ...], row["overridden"]),
            }
        )
        for row in connection.execute(wanted).mappings()
    )
