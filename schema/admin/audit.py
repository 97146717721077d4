"""The audit log: who did what to which record, when, before and after."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from registry.access import Permission
from registry.store.audit import Sought, chain_head, count_sought, rows_sought
from registry.store.connect import reading
from schema.admin.context import asking, in_the_city, page_size, store
from schema.types import Info, field


@strawberry.input(description="Which entries. Fields combine: all must hold.")
class AuditFilter:
    """GraphQL's way in for the store's Sought."""

    actor: str | None = field(default=None, description="By whom, as the log names them.")
    action: str | None = field(default=None, description="What was done, such as publish, change, refuse.")
    kind: str | None = field(default=None, description="To what kind of record, such as bundle, draft, matter, token.")
    subject: str | None = field(default=None, description="To which record, by its code.")
    request: str | None = field(default=None, description="In which request, by its id.")
    revision: int | None = field(default=None, description="In which revision.")
    since: datetime | None = field(default=None, description="From this moment on.")
    until: datetime | None = field(default=None, description="Before this moment.")


@strawberry.type(description="An entry of the audit log. It never changes.")
class AuditEntry:
    """GraphQL's view of a row of the log."""

    id: int = field(description="Its number in the chain.")
    at: datetime = field(description="When.")
    actor: str = field(description="Who.")
    request: str | None = field(description="In which request; null: in none.")
    action: str = field(description="What was done.")
    kind: str = field(description="To what kind of record.")
    subject: str = field(description="To which record.")
    revision: int | None = field(description="With which revision readers saw it; null: they see nothing of it.")
    before: JSON | None = field(description="The fields that differ, as they were; null: it is new.")
    after: JSON | None = field(description="The fields that differ, as they are; null: it is gone.")
    hash: str = field(description="The hash of this entry and of the one before it.")


@strawberry.type(description="A page of the audit log, the newest entry first.")
class AuditPage:
    """Some of the entries that are sought."""

    total_count: int = field(description="How many there are.")
    entries: list[AuditEntry] = field(description="Those of this page.")
    older: int | None = field(description="Give this as `before` to get the next page; null: there is none.")
    head: str | None = field(
        description="The hash of the newest entry of the whole log: note it elsewhere, and tampering shows."
    )


def audit_log(
    info: Info,
    first: Annotated[int, strawberry.argument(description="The newest so many, 1 to 100.")] = 20,
    before: Annotated[int | None, strawberry.argument(description="Only entries with a smaller number.")] = None,
    filter: Annotated[AuditFilter | None, strawberry.argument(description="Which; all of them if absent.")] = None,
) -> Any:
    """A page of the log."""
    # An entry may be of anything, so one who may read it for some departments only may not read it.
    asking(info).must(Permission.READ_AUDIT, "audit", "audit log")
    size = page_size(first)
    sought = Sought(**_given(filter)) if filter else Sought()
    with reading(store(info)) as connection:
        found: list[Any] = list(rows_sought(connection, sought, before=before, first=size + 1))
        total, head = count_sought(connection, sought), chain_head(connection)
    shown = found[:size]
    return AuditPage(
        total_count=total,
        entries=shown,
        older=shown[-1].id if len(found) > size else None,
        head=head.hash if head else None,
    )


def _given(filter: AuditFilter) -> dict[str, Any]:
    return {name: in_the_city(value) if isinstance(value, datetime) else value for name, value in vars(filter).items()}
