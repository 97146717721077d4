"""`matters close`, `matters reopen` and `matters closures`."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from registry.changes.closing import close as close_something
from registry.changes.closing import reopen as end_closure
from registry.closures import Closure
from registry.commands.moments import read_moment
from registry.commands.start import Database, actor, out, prepared_engine, read_word
from registry.routing.reasons import speak
from registry.store.closures import read_closures
from registry.store.connect import reading
from registry.words import Channel


def close(
    reason: Annotated[str, typer.Option(help="原因 · Why.")],
    channel: Annotated[str | None, typer.Option(help="渠道 · mobile, pc, kiosk or hall.")] = None,
    place: Annotated[str | None, typer.Option(help="大厅或自助终端的编码 · A hall's or kiosk's code.")] = None,
    matter: Annotated[str | None, typer.Option(help="事项编码 · A matter's code.")] = None,
    region: Annotated[str | None, typer.Option(help="只在此区划 · Only in this region.")] = None,
    begin: Annotated[str | None, typer.Option("--from", help="开始，默认现在 · When it begins; default now.")] = None,
    until: Annotated[str | None, typer.Option(help="结束，到时自动恢复 · When it ends by itself.")] = None,
    database: Database = None,
) -> None:
    """临时停办渠道、地点或事项 · Close a channel, a place or a matter's offers for a time."""
    wanted = Closure(
        code="",
        reason=reason,
        starts=read_moment(begin) if begin else datetime.now(UTC),
        ends=read_moment(until) if until else None,
        channel=read_word(Channel, channel, "--channel"),
        place=place,
        matter=matter,
        region=region,
    )
    closure = close_something(prepared_engine(database), wanted, actor())
    ends = speak(closure.ends, 0) if closure.ends else "恢复为止 · until reopened"
    out.print(f"{closure.code}  {speak(closure.starts, 0)} — {ends}", markup=False)


def reopen(
    code: Annotated[str, typer.Argument(help="停办的编码 · The closure's code, such as C-1.")],
    database: Database = None,
) -> None:
    """提前恢复办理 · End a closure now."""
    ended = end_closure(prepared_engine(database), code, datetime.now(UTC), actor())
    out.print(f"{ended.code} 已恢复 · reopened", markup=False)


def closures(
    everything: Annotated[bool, typer.Option("--all", help="包括已结束的 · Those that are over too.")] = False,
    database: Database = None,
) -> None:
    """列出停办 · List what is closed, or will be."""
    with reading(prepared_engine(database)) as connection:
        known = read_closures(connection).values()
    now = datetime.now(UTC)
    table = Table("编码 code", "什么 what", "从 from", "到 until", "原因 reason", box=None, pad_edge=False)
    for closure in known:
        if everything or closure.ends is None or closure.ends > now:
            what = (closure.channel.zh if closure.channel else None, closure.place, closure.matter, closure.region)
            ends = speak(closure.ends, 0) if closure.ends else "恢复为止 until reopened"
            table.add_row(closure.code, " ".join(filter(None, what)), speak(closure.starts, 0), ends, closure.reason)
    out.print(table if table.row_count else "没有停办 · nothing is closed")
