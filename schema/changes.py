"""What changed, as clients see it: for those who keep a copy and want to know what to ask for anew."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import ID

from registry import words
from schema.types import Info, field, holds

Argument = strawberry.argument

FIRST = 100


@strawberry.type(description="A record that was added, changed or removed.")
class Change:
    """GraphQL's view of announcements.Changed."""

    kind: words.RecordKind = field(description="What it is.")
    code: str = field(description="Its code; an address (LINK) is its own.")
    action: words.RecordAction = field(description="What was done to it.")


@strawberry.type(description="What one revision changed.")
class Announcement:
    """GraphQL's view of announcements.Announcement."""

    revision: int = field(description="The revision.")
    event: ID = field(description="Its name for ever: the same in the Atom feed and in every webhook delivery.")
    published_at: datetime = field(description="When it was published.")
    summary: str = field(description="What was done, in a sentence.")
    change_count: int = field(
        name="changeCount", resolver=lambda root: root.total, description="How many records it changed."
    )
    changes: list[Change] | None = field(description="Those records; null: too many to list, so read everything anew.")


@strawberry.type(description="What changed after a revision, oldest first.")
class Changes:
    """A page of announcements, and where it stands."""

    revision: int = field(
        description="The newest revision. Less than `after`: this server lags, or an older state was put back."
    )
    since: int = field(description="The oldest `after` that can be answered.")
    complete: bool = field(description="False: `after` is before `since`, so read everything anew.")
    has_next_page: bool = field(description="Whether more comes: ask again after the last revision given.")
    nodes: list[Announcement] = field(description="One for each revision, without a gap; none if not complete.")


def find_changes(
    info: Info,
    after: Annotated[int, Argument(description="The revision of the copy that you keep.")],
    first: Annotated[
        int, Argument(description="So many at most, 1 to 100; fewer are given where they are long.")
    ] = FIRST,
) -> Any:
    """What changed after a revision."""
    snapshot = holds(info)
    page = snapshot.recent.page(after, first)
    return Changes(
        revision=snapshot.revision,
        since=snapshot.recent.since,
        complete=page.complete,
        has_next_page=page.has_next,
        nodes=list(page.announcements),  # type: ignore[arg-type]  # the registry's own, as everywhere
    )
