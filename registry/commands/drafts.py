"""`matters bundle edit`, `diff`, `drafts`, `rebase` and `discard`."""

from dataclasses import replace
from typing import Annotated, TypeVar

import typer
from rich.table import Table
from sqlalchemy import Engine

from registry.bundles import Bundle
from registry.changes.drafting import discard_draft, open_draft, rebase_draft, save_draft
from registry.changes.finding import held_bundle, names_in
from registry.changes.refusals import NoDraft
from registry.commands.setting import read_setting
from registry.commands.start import Database, actor, err, out, prepared_engine
from registry.editing.differences import Names, differences
from registry.editing.drafts import Draft, RemarkKind, Seen
from registry.editing.edits import AddMember, MoveMember, Operation, RemoveMember, SetCondition, SetOrder
from registry.routing.reasons import speak
from registry.store.connect import reading
from registry.store.drafts import read_draft, read_drafts

T = TypeVar("T")

Code = Annotated[str, typer.Argument(help="一件事的编码 · The bundle's code.")]
Expect = Annotated[
    int | None,
    typer.Option(
        "--expect",
        metavar="N",
        help="只在草稿为第 N 版时，默认当前 · Only if the draft is at version N; default: as it is.",
    ),
]


def edit(
    code: Code,
    add: Annotated[str | None, typer.Option(help="新增事项 · Add a matter.")] = None,
    at: Annotated[
        int | None, typer.Option(help="新增到第几位，默认末位 · Where to add it; default at the end.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="移除事项 · Remove a matter.")] = None,
    move: Annotated[str | None, typer.Option(help="移动事项 · Move a matter …")] = None,
    to: Annotated[int | None, typer.Option(help="移到第几位 · … to this position.")] = None,
    order: Annotated[str | None, typer.Option(help="全部事项的新顺序，逗号分隔 · All members anew, by commas.")] = None,
    member: Annotated[str | None, typer.Option(help="改适用条件的事项 · The member whose condition to set.")] = None,
    condition: Annotated[str | None, typer.Option(help="适用条件，空为不限 · To whom it applies; empty: all.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="设置一项 · Set a field, as files write it."),
    ] = None,
    expect: Expect = None,
    database: Database = None,
) -> None:
    """编辑草稿，没有则新建 · Edit the draft; one is opened if there is none."""
    engine = prepared_engine(database)
    wanted: list[Operation] = [RemoveMember(matter) for matter in remove or ()]
    if add is not None:
        wanted.append(AddMember(add, at, condition))
    if move is not None:
        wanted.append(MoveMember(move, _needed(to, "--to")))
    if order is not None:
        wanted.append(SetOrder(tuple(matter.strip() for matter in order.split(",") if matter.strip())))
    if member is not None:
        wanted.append(SetCondition(member, _needed(condition, "--condition") or None))
    draft = open_draft(engine, code, actor())
    content = draft.content
    for text in set_ or ():
        setting = read_setting(text, content)
        # The next one of the same group starts from this one.
        content = replace(content, **{setting.field: setting.value})
        wanted.append(setting)
    if wanted:
        draft = save_draft(engine, Seen(code, draft.version if expect is None else expect), tuple(wanted), actor())
    show_draft(engine, draft)


def diff(code: Code, database: Database = None) -> None:
    """草稿与已发布的有何不同 · What the draft changes."""
    engine = prepared_engine(database)
    show_draft(engine, the_draft(engine, code))


def drafts(database: Database = None) -> None:
    """列出草稿 · List the drafts, and who is editing them."""
    with reading(prepared_engine(database)) as connection:
        found = read_drafts(connection)
    table = Table("一件事 bundle", "版本 version", "状态 state", "编辑 editors", box=None, pad_edge=False)
    for draft in found:
        editors = "、".join(f"{editor.name}（{speak(editor.seen, 0)}）" for editor in draft.editors)
        table.add_row(draft.bundle, str(draft.version), f"{draft.state.zh} {draft.state.en}", editors)
    out.print(table if table.row_count else "没有草稿 · no drafts")


def rebase(code: Code, expect: Expect = None, database: Database = None) -> None:
    """把草稿并入新发布的版本 · Carry the draft over to the version published since."""
    engine = prepared_engine(database)
    draft = rebase_draft(engine, seen(engine, code, expect), actor())
    for remark in draft.remarks:
        if remark.kind is RemarkKind.REBASED and remark.version == draft.version and remark.text:
            err.print(f"冲突，保留草稿的 · in conflict, the draft's stays:\n{remark.text}", markup=False)
    show_draft(engine, draft)


def discard(code: Code, expect: Expect = None, database: Database = None) -> None:
    """放弃草稿 · Give up the draft; its edits stay on record."""
    engine = prepared_engine(database)
    draft = discard_draft(engine, seen(engine, code, expect), actor())
    out.print(f"{code} 第 {draft.version} 版草稿已放弃 · draft {draft.version} discarded", markup=False)


def the_draft(engine: Engine, code: str) -> Draft:
    """The bundle's draft. Raises NoDraft."""
    with reading(engine) as connection:
        draft = read_draft(connection, code)
    if draft is None:
        raise NoDraft(code)
    return draft


def seen(engine: Engine, code: str, expect: int | None) -> Seen:
    """The draft at the version expected; as it is now, if none is."""
    return Seen(code, the_draft(engine, code).version if expect is None else expect)


def show_draft(engine: Engine, draft: Draft) -> None:
    """What the draft changes, and how far it has come."""
    with reading(engine) as connection:
        published = held_bundle(connection, draft.bundle)
        names = names_in(connection, published, draft.content)
    state = f"{draft.state.zh} · {draft.state.en}"
    out.print(f"{draft.bundle} 草稿第 {draft.version} 版 · draft {draft.version}（{state}）", markup=False)
    show_differences(published, draft.content, names)
    if draft.based_on != published.version:
        err.print(
            f"已发布第 {published.version} 版，草稿基于第 {draft.based_on} 版：先 matters bundle rebase {draft.bundle}"
        )


def show_differences(old: Bundle, new: Bundle, names: Names) -> None:
    """What differs, a line each."""
    found = differences(old, new, names)
    for each in found:
        out.print(f"  {each.zh} / {each.en}", markup=False)
    if not found:
        out.print("  没有不同 · no difference")


def _needed(value: T | None, option: str) -> T:
    if value is None:
        raise typer.BadParameter(f"须同时给出 {option} · needs {option} too", param_hint=option)
    return value
