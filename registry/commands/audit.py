"""`matters audit list`, `export` and `verify`: who changed what, and whether the log is as it was written."""

import csv
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from registry.chain import Row
from registry.commands.moments import read_moment
from registry.commands.start import Database, err, out, prepared_engine
from registry.errors import RegistryError
from registry.routing.reasons import speak
from registry.store.audit import Sought, chain_breaks, chain_head, rows_sought
from registry.store.connect import reading

app = typer.Typer(help="审计日志 · The audit log: list it, export it, verify it.", no_args_is_help=True)

SHOWN = 120
COLUMNS = tuple(Row.__dataclass_fields__)

Actor = Annotated[str | None, typer.Option(help="何人 · By whom.")]
Action = Annotated[str | None, typer.Option(help="动作 · add, change, remove, refuse …")]
Kind = Annotated[str | None, typer.Option(help="对象种类 · matter, bundle, token …")]
Subject = Annotated[str | None, typer.Option(help="对象编码 · The record's code.")]
Request = Annotated[str | None, typer.Option(help="请求号 · The request's id.")]
Revision = Annotated[int | None, typer.Option(help="版次 · The revision.")]
Since = Annotated[str | None, typer.Option(help="自何时起 · From this moment on.")]
Until = Annotated[str | None, typer.Option(help="至何时止（不含） · Before this moment.")]


class Tampered(RegistryError):
    """The log is not as it was written."""


class Form(Enum):
    """The formats of an export."""

    CSV = "csv"
    JSONL = "jsonl"


@app.command("list")
def show_list(
    actor: Actor = None,
    action: Action = None,
    kind: Kind = None,
    subject: Subject = None,
    request: Request = None,
    revision: Revision = None,
    since: Since = None,
    until: Until = None,
    first: Annotated[int, typer.Option(min=1, help="最多几行 · At most so many.")] = 50,
    database: Database = None,
) -> None:
    """列出日志，最新在前 · List the log, the newest first."""
    sought = _sought(
        since, until, actor=actor, action=action, kind=kind, subject=subject, request=request, revision=revision
    )
    table = Table("#", "时间 at", "何人 actor", "动作 action", "对象 subject", "改动 change", box=None, pad_edge=False)
    with reading(prepared_engine(database)) as connection:
        for row in rows_sought(connection, sought, first=first):
            what = f"{row.kind} {row.subject}"
            table.add_row(str(row.id), speak(row.at, 0), row.actor, row.action, what, _change(row))
    out.print(table if table.row_count else "没有记录 · nothing is recorded")


@app.command()
def export(
    actor: Actor = None,
    action: Action = None,
    kind: Kind = None,
    subject: Subject = None,
    request: Request = None,
    revision: Revision = None,
    since: Since = None,
    until: Until = None,
    form: Annotated[Form, typer.Option("--format", help="格式 · The format.")] = Form.CSV,
    output: Annotated[Path | None, typer.Option(help="写入文件 · A file; default: standard output.")] = None,
    database: Database = None,
) -> None:
    """导出日志的全部字段 · Export every field of the log."""
    sought = _sought(
        since, until, actor=actor, action=action, kind=kind, subject=subject, request=request, revision=revision
    )
    with reading(prepared_engine(database)) as connection:
        lines = _written(rows_sought(connection, sought), form)
        if output is None:
            sys.stdout.writelines(lines)
        else:
            with output.open("w", encoding="utf-8-sig" if form is Form.CSV else "utf-8", newline="") as file:
                file.writelines(lines)


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="此前记下的校验值 · A hash noted earlier; it must still be in the chain.")
    ] = None,
    database: Database = None,
) -> None:
    """核验日志未被改动 · Verify that no row was changed, removed, put in or cut off."""
    with reading(prepared_engine(database)) as connection:
        count, end = 0, chain_head(connection)
        for count, broken in enumerate(chain_breaks(connection, head), start=1):  # noqa: B007  # it outlives the loop
            out.print(str(broken), markup=False)
    if count:
        raise Tampered(f"审计日志有 {count} 处被改动", f"the audit log was tampered with in {count} places")
    if end is None:
        out.print("日志为空 · the log is empty")
    else:
        out.print(f"完好 · intact: {end.last} · {end.hash}")
        err.print("请将此校验值记在别处，以后用 --head 核对 · note this hash elsewhere, to check with --head later")


def _sought(since: str | None, until: str | None, **equal: Any) -> Sought:
    return Sought(**equal, since=read_moment(since) if since else None, until=read_moment(until) if until else None)


def _change(row: Row) -> str:
    fields = [
        f"{name}: {_short((row.before or {}).get(name))} → {_short((row.after or {}).get(name))}"
        for name in {**(row.before or {}), **(row.after or {})}
    ]
    said = "；".join(fields) if row.action == "change" else _short(row.after or row.before)
    return said if len(said) <= SHOWN else f"{said[:SHOWN]}…"


def _short(value: Any) -> str:
    return "—" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()


def _written(rows: Iterator[Row], form: Form) -> Iterator[str]:
    if form is Form.JSONL:
        for row in rows:
            yield orjson.dumps(row).decode() + "\n"
        return
    lines: list[str] = []
    writer = csv.writer(_Lines(lines))
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
        yield from lines
        lines.clear()
    yield from lines


class _Lines:
    """What csv writes to, a line at a time."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return value.isoformat() if hasattr(value, "isoformat") else value
