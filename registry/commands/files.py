"""`matters load`, `matters export` and `matters check`."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from registry.changes.loads import WouldBreak, load_holdings
from registry.commands.start import Database, actor, err, held, out, prepared_engine, working
from registry.exchange.faults import RefusedFiles
from registry.exchange.mapping import read_mapping
from registry.exchange.planning import plan_load
from registry.exchange.reading import read_files
from registry.exchange.reference import reference_folder
from registry.exchange.writing import export as write_files
from registry.holdings import Holdings
from registry.plans import ZH, Plan
from registry.rules import problems

SHOWN_CODES = 8


class ExportChoice(Enum):
    """The formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def load(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]…", help="文件或文件夹；不给则为示例目录 · Files or folders; none: the reference catalogue."
        ),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="列名映射（TOML）· A mapping of foreign columns.")] = None,
    encoding: Annotated[str | None, typer.Option(help="编码，如 gbk · The encoding, such as gbk.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示会怎样 · Only show what would happen.")] = False,
    keep_absent: Annotated[
        bool, typer.Option("--keep-absent", help="文件中没有的保留 · Keep what the files don't have.")
    ] = False,
    database: Database = None,
) -> None:
    """载入目录，全部成功或全不改动 · Load files: all or nothing; what a file of a kind lacks is removed."""
    engine = prepared_engine(database)
    if not paths:
        load_reference(engine, dry_run=dry_run)
        return

    def plan(current: Holdings) -> Plan:
        mapped = read_mapping(mapping) if mapping else None
        loaded = read_files(paths, mapping=mapped, encoding=encoding, held=current, keep_absent=keep_absent)
        for warning in loaded.warnings:
            err.print(f"注意 · note: {warning}", markup=False)
        return plan_load(current, loaded, keep_absent=keep_absent)

    run_load(engine, plan, f"load {' '.join(path.name for path in paths)}", dry_run=dry_run)


def load_reference(engine: Engine, *, dry_run: bool = False) -> None:
    """Load the reference catalogue."""
    with reference_folder() as folder:

        def plan(current: Holdings) -> Plan:
            return plan_load(current, read_files([folder], held=current))

        run_load(engine, plan, "load the reference catalogue", dry_run=dry_run)


def run_load(engine: Engine, plan: Callable[[Holdings], Plan], summary: str, *, dry_run: bool) -> None:
    """Load, or only show what a load would do. Ends with every fault and exit status 1 if it is refused."""
    try:
        with working():
            made = plan(held(engine)) if dry_run else load_holdings(engine, plan, actor(), summary)
    except RefusedFiles as refused:
        for fault in refused.faults:
            err.print(str(fault), markup=False)
        raise
    _tell(made, dry_run=dry_run)
    if made.broken:
        raise WouldBreak(made.broken)


def export(
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹 · The folder to write into.")],
    form: Annotated[ExportChoice, typer.Option("--format", help="格式 · The format.")] = ExportChoice.CSV,
    database: Database = None,
) -> None:
    """导出为 load 能读回的文件 · Write files that `load` reads back exactly."""
    holdings = held(prepared_engine(database))
    with working():
        written = write_files(holdings, folder, form.value)
    for path in written:
        out.print(str(path), markup=False)


def check(database: Database = None) -> None:
    """按规则核对目录，每处问题一行 · Check the catalogue against the rules, a line for each breach."""
    holdings = held(prepared_engine(database))
    count = 0
    for count, problem in enumerate(problems(holdings), start=1):  # noqa: B007  # the count outlives the loop
        out.print(str(problem), markup=False)
    out.print(f"{len(holdings.matters)} matters, {len(holdings.bundles)} bundles, {count} problems")
    if count:
        raise typer.Exit(1)


def _tell(plan: Plan, *, dry_run: bool) -> None:
    if plan.nothing:
        err.print("没有变化 · nothing to change")
        return
    err.print("将会 · would be" if dry_run else "已载入 · loaded")
    for verb, codes_of in (("新增 added", plan.added), ("修改 changed", plan.changed), ("移除 removed", plan.removed)):
        for kind, codes in codes_of.items():
            shown = ", ".join(codes[:SHOWN_CODES]) + (" …" if len(codes) > SHOWN_CODES else "")
            err.print(f"  {verb}: {len(codes)} {ZH[kind]} {kind} ({shown})", markup=False)
    for broken in plan.broken:
        err.print(f"  {broken}", markup=False)
