"""What a change of a bundle rests on: the bundle, its draft at the version that was seen, the names for sentences."""

from collections.abc import Sequence

from sqlalchemy import Connection

from registry.bundles import Bundle
from registry.changes.refusals import NoDraft, NoSuchVersion, StaleVersion
from registry.editing.differences import Names, Said, differences
from registry.editing.drafts import Draft, Seen
from registry.editing.edits import Known, Operation, named_by
from registry.editing.versions import BundleVersion
from registry.errors import UnknownBundle
from registry.matters import Matter
from registry.places import Department
from registry.store.drafts import edits_after, read_draft
from registry.store.holdings import names_of, read_bundle
from registry.store.versions import version_of


def held_bundle(connection: Connection, code: str) -> Bundle:
    """The published bundle. Raises UnknownBundle."""
    bundle = read_bundle(connection, code)
    if bundle is None:
        raise UnknownBundle(code)
    return bundle


def draft_seen(connection: Connection, seen: Seen) -> Draft:
    """The draft, if it is still at the version that was seen. Raises NoDraft, StaleVersion with the edits since."""
    draft = read_draft(connection, seen.bundle)
    if draft is None:
        raise NoDraft(seen.bundle)
    if draft.version != seen.version:
        since = edits_after(connection, seen.bundle, seen.version)
        named = named_by(operation for edit in since for operation in edit.operations)
        names = _names(connection, named)
        raise StaleVersion(seen.bundle, seen.version, draft.version, [edit.said(names) for edit in since])
    return draft


def bundle_seen(connection: Connection, seen: Seen) -> Bundle:
    """The published bundle, if it is still at the version that was seen. Raises UnknownBundle, StaleVersion."""
    bundle = held_bundle(connection, seen.bundle)
    if bundle.version != seen.version:
        since = changed_since(connection, bundle, seen.version)
        raise StaleVersion(seen.bundle, seen.version, bundle.version, since)
    return bundle


def published_version(connection: Connection, bundle: str, number: int) -> BundleVersion:
    """A version that was published. Raises NoSuchVersion."""
    version = version_of(connection, bundle, number)
    if version is None:
        raise NoSuchVersion(bundle, number)
    return version


def changed_since(connection: Connection, bundle: Bundle, number: int) -> list[Said]:
    """What differs between a version that was published and what is published now, in words."""
    version = version_of(connection, bundle.code, number)
    if version is None or version.content is None:
        return []
    names = names_in(connection, version.content, bundle)
    return [(each.zh, each.en) for each in differences(version.content, bundle, names)]


def known_to(connection: Connection, operations: Sequence[Operation]) -> Known:
    """Of the codes that operations name, those that are held."""
    named = named_by(operations)
    matters = names_of(connection, Matter, named.matters)
    departments = names_of(connection, Department, named.departments)
    return Known(matters.keys(), departments.keys())


def names_in(connection: Connection, *bundles: Bundle) -> Names:
    """The names of the matters and departments in these bundles."""
    matters = {member.matter for bundle in bundles for member in bundle.members}
    departments = {
        code for bundle in bundles for code in (bundle.lead_department, *bundle.cooperating_departments)
    }  # fmt: skip
    return _names(connection, Known(matters, departments))


def _names(connection: Connection, named: Known) -> Names:
    matters = names_of(connection, Matter, named.matters)
    return matters | names_of(connection, Department, named.departments)
