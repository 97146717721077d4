"""`matters bundle submit`, `approve`, `ask-changes`, `publish`, `release`, `undo`, `revert`, `schedules`, `cancel`, `due`."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import Engine

from registry.changes.finding import held_bundle
from registry.changes.releasing import Reversion, publish_bundle, release_bundles, revert_bundle, undo_release
from registry.changes.reviewing import Verdict, review_bundle, submit_bundle
from registry.changes.scheduling import Planned, cancel_schedule, publish_due, schedule_bundles
from registry.commands.drafts import Code, Expect, seen
from registry.commands.moments import read_moment
from registry.commands.start import Database, actor, out, prepared_engine
from registry.editing.drafts import Schedule, ScheduleState, Terms
from registry.editing.versions import BundleVersion, Release
from registry.routing.reasons import speak
from registry.store.connect import reading
from registry.store.schedules import read_schedules

Note = Annotated[str | None, typer.Option(help="说明，记入历史 · What the history says of it.")]
Override = Annotated[
    str | None, typer.Option(help="有拦截仍要发布的理由 · Why, although a promise breaks; marked for ever.")
]
At = Annotated[str | None, typer.Option(help="到时发布，如 2030-01-01T09:00 · Not now but then; the city's time.")]


def submit(code: Code, note: Note = None, expect: Expect = None, database: Database = None) -> None:
    """提交审核 · Ask another person to review the draft."""
    engine = prepared_engine(database)
    draft = submit_bundle(engine, seen(engine, code, expect), note, actor())
    out.print(
        f"{code} 第 {draft.version} 版草稿{draft.state.zh} · draft {draft.version}: {draft.state.en}", markup=False
    )


def approve(code: Code, comment: Note = None, expect: Expect = None, database: Database = None) -> None:
    """审核通过；编辑或送审的人不能 · Approve; not by those who edited or submitted it."""
    _review(database, code, expect, Verdict(True, comment))


def ask_changes(
    code: Code,
    comment: Annotated[str, typer.Option(help="要改什么 · What is to be changed.")],
    expect: Expect = None,
    database: Database = None,
) -> None:
    """要求修改 · Ask for changes."""
    _review(database, code, expect, Verdict(False, comment))


def publish(
    code: Code,
    at: At = None,
    note: Note = None,
    override: Override = None,
    expect: Expect = None,
    database: Database = None,
) -> None:
    """发布草稿，现在或到时 · Publish the draft, now or at a time."""
    engine = prepared_engine(database)
    item, terms = seen(engine, code, expect), Terms(note, override)
    if at is not None:
        _tell_planned(schedule_bundles(engine, (item,), Planned(read_moment(at), terms), actor()))
        return
    _tell_version(publish_bundle(engine, item, terms, actor()))


def release(
    codes: Annotated[list[str], typer.Argument(metavar="CODE…", help="一起发布的一件事 · The bundles' codes.")],
    at: At = None,
    note: Note = None,
    override: Override = None,
    database: Database = None,
) -> None:
    """一起发布几个草稿，全部或全不 · Publish several drafts at once, all or none."""
    engine = prepared_engine(database)
    items, terms = tuple(seen(engine, code, None) for code in codes), Terms(note, override)
    if at is not None:
        _tell_planned(schedule_bundles(engine, items, Planned(read_moment(at), terms), actor()))
        return
    _tell_release(release_bundles(engine, items, terms, actor()))


def undo(
    code: Annotated[str, typer.Argument(help="发布批次，如 R-1 · The release, such as R-1.")],
    note: Note = None,
    override: Override = None,
    database: Database = None,
) -> None:
    """一步撤销一批发布 · Undo a release in one step."""
    _tell_release(undo_release(prepared_engine(database), code, Terms(note, override), actor()))


def revert(
    code: Code,
    to: Annotated[int, typer.Option(help="回到第几版 · To which version.")],
    note: Note = None,
    override: Override = None,
    expect: Annotated[
        int | None, typer.Option("--expect", metavar="N", help="只在已发布第 N 版时 · Only if version N is published.")
    ] = None,
    database: Database = None,
) -> None:
    """把旧版作为新版发布 · Publish an earlier version as a new one."""
    engine = prepared_engine(database)
    back = Reversion(code, _published(engine, code) if expect is None else expect, to)
    _tell_version(revert_bundle(engine, back, Terms(note, override), actor()))


def schedules(
    everything: Annotated[bool, typer.Option("--all", help="包括已结束的 · Those that are over too.")] = False,
    database: Database = None,
) -> None:
    """列出发布计划 · List what is planned."""
    with reading(prepared_engine(database)) as connection:
        found = read_schedules(connection).values()
    table = Table("编码 code", "何时 due", "什么 what", "谁 by", "状态 state", "原因 reason", box=None, pad_edge=False)
    for each in found:
        if everything or each.state in (ScheduleState.WAITING, ScheduleState.FAILED):
            what = "、".join(f"{item.bundle}（草稿第 {item.version} 版）" for item in each.items)
            state = f"{each.state.zh} {each.state.en}"
            table.add_row(each.code, speak(each.due, 0), what, each.author, state, each.reason or "")
    out.print(table if table.row_count else "没有计划 · nothing is planned")


def cancel(
    code: Annotated[str, typer.Argument(help="计划编码，如 S-1 · The schedule, such as S-1.")],
    reason: Annotated[str | None, typer.Option(help="为何 · Why.")] = None,
    database: Database = None,
) -> None:
    """取消发布计划 · Cancel what is planned."""
    ended = cancel_schedule(prepared_engine(database), code, reason, actor())
    out.print(f"{ended.code} {ended.state.zh} · {ended.state.en}", markup=False)


def due(database: Database = None) -> None:
    """发布到期的计划（服务运行时会自动做）· Publish what is due; a running server does it by itself."""
    ended = publish_due(prepared_engine(database), datetime.now(UTC))
    for schedule in ended:
        reason = f"：{schedule.reason}" if schedule.reason else ""
        out.print(f"{schedule.code} {schedule.state.zh} · {schedule.state.en}{reason}", markup=False)
    if not ended:
        out.print("没有到期的计划 · nothing is due")
    if any(schedule.state is ScheduleState.FAILED for schedule in ended):
        raise typer.Exit(1)


def _review(database: str | None, code: str, expect: int | None, verdict: Verdict) -> None:
    engine = prepared_engine(database)
    draft = review_bundle(engine, seen(engine, code, expect), verdict, actor())
    out.print(
        f"{code} 第 {draft.version} 版草稿{draft.state.zh} · draft {draft.version}: {draft.state.en}", markup=False
    )


def _published(engine: Engine, code: str) -> int:
    with reading(engine) as connection:
        return held_bundle(connection, code).version


def _tell_version(version: BundleVersion) -> None:
    marked = "，未经审核 · unreviewed" if version.unreviewed else ""
    marked += (
        f"，越过拦截 · overriding {'、'.join(each.code for each in version.overridden)}" if version.override else ""
    )
    said = f"{version.bundle} 已发布第 {version.number} 版 · version {version.number} is published"
    out.print(f"{said} (revision {version.revision}){marked}", markup=False)


def _tell_release(made: Release) -> None:
    what = "、".join(f"{item.bundle} {item.number}" for item in made.items)
    out.print(f"{made.code} 已发布 · is published (revision {made.revision})：{what}", markup=False)


def _tell_planned(schedule: Schedule) -> None:
    what = "、".join(item.bundle for item in schedule.items)
    out.print(f"{schedule.code} {what} 将于 {speak(schedule.due, 0)} 发布 · will be published then", markup=False)
