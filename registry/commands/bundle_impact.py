"""`matters bundle impact`: what publishing a draft would do, or an edit that nobody made yet."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from registry.bundles import Bundle
from registry.checklist import still_needed
from registry.commands.impacts import cases_known, tell
from registry.commands.moments import read_moment
from registry.commands.start import Database, out, prepared_engine
from registry.editing.drafts import Draft
from registry.editing.edits import AddMember, Known, MoveMember, Operation, RemoveMember, apply_all
from registry.errors import UnknownBundle
from registry.impact.impact import Impact
from registry.impact.impact import impact as impact_of
from registry.impact.report import report
from registry.routing.sentences import Text
from registry.snapshot import Snapshot
from registry.store.connect import reading
from registry.store.current import read_snapshot
from registry.store.drafts import read_draft


def impact(
    code: Annotated[str, typer.Argument(help="一件事的编码 · The bundle's code.")],
    add: Annotated[list[str] | None, typer.Option(help="假设加入此事项 · As if this matter were added.")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="假设去掉此事项 · As if it were removed.")] = None,
    move: Annotated[list[str] | None, typer.Option(help="假设移到 事项=位置 · As if moved: MATTER=POSITION.")] = None,
    at: Annotated[str | None, typer.Option(help="时刻，默认现在 · As of a moment; default now.")] = None,
    database: Database = None,
) -> None:
    """发布会怎样：谁失去哪个渠道，哪个承诺做不到 · What publishing its draft would do, or an edit that nobody made yet."""
    engine, now = prepared_engine(database), read_moment(at) if at else datetime.now(UTC)
    snapshot = read_snapshot(engine)
    with reading(engine) as connection:
        draft = read_draft(connection, code)
    operations = _operations(add or [], remove or [], move or [])
    proposed = _proposed(snapshot, draft, code, operations)
    found = impact_of(snapshot, proposed, now, cases_known(snapshot, now, database))
    out.print(f"{proposed.name}  {code}  {_what(draft, operations)}", markup=False, style="bold")
    tell(report(found))
    if draft is not None and not operations:
        _checklist(draft, found, snapshot)


def _operations(add: list[str], remove: list[str], move: list[str]) -> list[Operation]:
    moved = [each.rpartition("=") for each in move]
    wrong = [
        each for each, (matter, _, position) in zip(move, moved, strict=True) if not (matter and position.isdecimal())
    ]
    if wrong:
        raise typer.BadParameter(f"“{wrong[0]}”应形如 HZ-GA-001=1 · expected MATTER=POSITION", param_hint="--move")
    moves = (MoveMember(matter, int(position)) for matter, _, position in moved)
    return [*map(RemoveMember, remove), *map(AddMember, add), *moves]


def _proposed(snapshot: Snapshot, draft: Draft | None, code: str, operations: list[Operation]) -> Bundle:
    published = snapshot.holdings.bundles.get(code)
    if published is None:
        raise UnknownBundle(code)
    content = draft.content if draft else published
    return apply_all(content, operations, Known(snapshot.holdings.matters, snapshot.holdings.departments))


def _what(draft: Draft | None, operations: list[Operation]) -> str:
    base = f"草稿 draft {draft.version}" if draft else "已发布 published"
    return f"{base}，{len(operations)} 处假设 hypothetical edits" if operations else base


def _checklist(draft: Draft, found: Impact, snapshot: Snapshot) -> None:
    needs = still_needed(draft, found, snapshot.holdings)
    if not needs:
        out.print("可以发布 · ready to be published", markup=False)
        return
    out.print("要发布，还须 · to publish it you still need", markup=False)
    tell(Text(f"□ {need.zh}", need.en) for need in needs)
