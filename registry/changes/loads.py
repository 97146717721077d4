"""Loading: what is held becomes what files say."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from registry.access import Actor, Permission
from registry.audit import Entry, entry
from registry.bundles import Bundle
from registry.changes.publishing import changing, publish
from registry.editing.versions import BundleVersion, Origin
from registry.errors import RefusedInput
from registry.holdings import Holdings, Record
from registry.matters import Matter
from registry.places import Department, Place, Region
from registry.plans import KINDS, Broken, Plan
from registry.store.holdings import put, read_holdings, remove
from registry.store.revisions import Revision
from registry.store.versions import add_versions, last_numbers

# In this order whatever is needed is there before what needs it.
TYPES: dict[str, type[Record]] = dict(zip(KINDS, (Region, Department, Place, Matter, Bundle), strict=True))


class WouldBreak(RefusedInput):
    """A load that takes away what remaining records need. `broken` names each."""

    def __init__(self, broken: tuple[Broken, ...]) -> None:
        super().__init__(
            f"未作任何更改，因为有 {len(broken)} 处仍在使用：{'；'.join(one.zh for one in broken)}",
            f"nothing was changed, for {len(broken)} records are still needed: {'; '.join(one.en for one in broken)}",
        )
        self.broken = broken


def load_holdings(engine: Engine, build: Callable[[Holdings], Plan], actor: Actor, summary: str) -> Plan:
    """Bring the holdings to the target of the plan that `build` makes of what is held now.

    All or nothing. A plan without differences adds no revision. Raises WouldBreak,
    StoreUnreachable, and whatever `build` raises; then nothing has changed.
    """
    with changing(engine, actor) as connection:
        actor.must(Permission.LOAD_CATALOGUE, "catalogue", summary)
        held = read_holdings(connection)
        plan = build(held)
        if plan.broken:
            raise WouldBreak(plan.broken)
        if not plan.nothing:
            plan = _numbered_on(connection, plan)
            _write(connection, plan)
            revision = publish(connection, actor, summary, _entries(held, plan))
            add_versions(connection, _versions(held, plan, revision, actor, summary))
    return plan


def _write(connection: Connection, plan: Plan) -> None:
    # All that is new comes before anything goes: a matter that moves to another
    # department has moved before its old department is removed.
    for kind in KINDS:
        codes = plan.added.get(kind, ()) + plan.changed.get(kind, ())
        if codes:
            records = getattr(plan.target, kind)
            put(connection, TYPES[kind], [records[code] for code in codes])
    for kind in reversed(KINDS):
        remove(connection, TYPES[kind], plan.removed.get(kind, ()))


def _numbered_on(connection: Connection, plan: Plan) -> Plan:
    """The plan with numbers that no version had yet, for bundles that were there before and went."""
    back = last_numbers(connection, plan.added.get("bundles", ()))
    bundles = {
        code: replace(bundle, version=max(bundle.version, back[code] + 1)) if code in back else bundle
        for code, bundle in plan.target.bundles.items()
    }
    return replace(plan, target=replace(plan.target, bundles=bundles))


def _versions(held: Holdings, plan: Plan, revision: Revision, actor: Actor, summary: str) -> Iterator[BundleVersion]:
    """The version of each bundle that the load brought, changed or took out."""
    for part in (plan.added, plan.changed, plan.removed):
        for code in part.get("bundles", ()):
            content = plan.target.bundles.get(code)
            number = content.version if content else held.bundles[code].version + 1
            at = revision.published_at or datetime.now(UTC)
            yield BundleVersion(code, number, at, revision.number, actor.name, content, Origin.IMPORT, note=summary)


def _entries(held: Holdings, plan: Plan) -> Iterator[Entry]:
    for kind in KINDS:
        old, new = getattr(held, kind), getattr(plan.target, kind)
        for part in (plan.added, plan.changed, plan.removed):
            for code in part.get(kind, ()):
                yield entry(old.get(code), new.get(code))
