"""Files brought into the lake before one's eyes, one after the other, and the way to stop it at any time.

The work is done beside the thread that a person's Ctrl+C reaches, so it is heard at
once wherever the work is. Nothing need be undone: until its one commit a file is not
in at all, and what it left on the disk is cleared away, at the latest by the next import.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from registry.commands.lakes import open_lake_of, wording_of
from registry.commands.start import err, out
from registry.errors import RefusedInput
from registry.exchange.faults import RefusedFiles

if TYPE_CHECKING:  # they need the extra `rates`; the help can do without
    from registry.lake.kinds import Kind
    from registry.lake.ledger import Imported
    from registry.lake.staging import Progress as Told
    from registry.lake.tables import Lake
    from registry.lake.words import Wording

# Exit statuses: some rows were rejected, and the others are in; a person stopped it.
REJECTED = 3
INTERRUPTED = 130
# How long the work may take to tidy up after itself.
PATIENCE = 5.0


class Stopped(Exception):
    """A person wants it to stop."""


def import_files(
    kind: str, paths: list[Path], *, mapping: Path | None, encoding: str | None, database: str | None
) -> None:
    """Import files of a kind, each whole or not at all, and say of each what came of it.

    Ends with exit status 3 if rows were rejected, 130 if it was interrupted.
    """

    def work(stop: Event) -> None:
        with open_lake_of(database) as (lake, engine):
            bring_in(lake, kind_of(kind), paths, (wording_of(engine, mapping, kind), encoding), stop)

    interruptibly(work)


def kind_of(kind: str) -> Kind:
    """A kind of file, by its name."""
    from registry.lake.cases import CASES
    from registry.lake.reported import VOLUMES

    return {"cases": CASES, "volumes": VOLUMES}[kind]


def interruptibly(work: Callable[[Event], None]) -> None:
    """Do it, and let Ctrl+C end it at any time with a sentence and exit status 130."""
    stop = Event()
    raised: list[BaseException] = []

    def done() -> None:
        try:
            work(stop)
        except BaseException as error:
            raised.append(error)

    thread = Thread(target=done, daemon=True)
    try:
        thread.start()
        while thread.is_alive():
            thread.join(0.1)
    except KeyboardInterrupt:
        stop.set()
        err.print(
            "已中断：正在处理的文件或已全部导入，或一行也没有；重新运行同一命令即可 · interrupted: the file at work is in as a"
            " whole or not at all; run the same command again"
        )
        thread.join(PATIENCE)
        if thread.is_alive():
            os._exit(INTERRUPTED)
        raise typer.Exit(INTERRUPTED) from None
    if raised:
        raise raised[0]


def bring_in(lake: Lake, kind: Kind, paths: list[Path], how: tuple[Wording, str | None], stop: Event) -> None:
    """Import files; `how` they are to be understood, and their encoding. Raises Stopped."""
    from registry.lake.intake import import_source
    from registry.lake.ledger import Imported
    from registry.lake.staging import Source, form_of

    total, before = Imported(), 0
    try:
        for path in paths:
            form_of(path)
        with _Watch(len(paths), stop) as watch:
            for before, path in enumerate(paths):  # noqa: B007  # an error is told with it
                counts = import_source(lake, Source(path, kind, *how, watch.begin(path)))
                watch.over()
                out.print(_summary(path.name, counts), markup=False, soft_wrap=True)
                total += counts
    except RefusedFiles as refused:
        for fault in refused.faults:
            err.print(str(fault), markup=False)
        raise (_partly(paths[before].name, before) if before else refused) from None
    if len(paths) > 1:
        out.print(_summary("合计 total", total), markup=False, soft_wrap=True)
    if total.rejected:
        err.print(f"被拒绝的行及原因 · the rejected rows and why: matters {kind.name} rejects")
        raise typer.Exit(REJECTED)


def _partly(name: str, before: int) -> RefusedInput:
    return RefusedInput(
        f"{name} 未能导入，其中任何一行都没有进入；在它之前的 {before} 个文件已导入，在它之后的没有",
        f"{name} was refused, no row of it is in; the {before} before it are in, those after it are not",
    )


def _summary(name: str, counts: Imported) -> str:
    return (
        f"{name}: 读取 read {counts.read:,} = 接收 accepted {counts.accepted:,} + 拒绝 rejected {counts.rejected:,}; "
        f"新增 new {counts.new:,}, 更正 replaced {counts.replaced:,}, 撤回 withdrawn {counts.withdrawn:,}, "
        f"未变 unchanged {counts.unchanged:,}"
    )


class _Watch:
    """Shows how far an import is, on a terminal; what is written to a file stays plain."""

    def __init__(self, files: int, stop: Event) -> None:
        self._files, self._stop, self._begun = files, stop, 0
        columns = (
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(),
            TextColumn("{task.fields[rows]:,} 行 rows  {task.fields[rate]:,.0f}/s"), TimeRemainingColumn(),
        )  # fmt: skip
        self._bar = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)

    def __enter__(self) -> _Watch:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, path: Path) -> Told:
        """Begin with a file; what is called as it is read."""
        if self._stop.is_set():
            raise Stopped
        self._begun += 1
        of = f"{self._begun}/{self._files} " if self._files > 1 else ""
        size = path.stat().st_size
        task = self._bar.add_task(f"{of}{path.name} 识别 recognising", total=size, rows=0, rate=0)

        def told(name: str, rows: int, position: int, size: int) -> None:
            if self._stop.is_set():
                raise Stopped
            doing = "读取 reading" if position < size else "合并 settling"
            rate = rows / (self._bar.tasks[-1].elapsed or 1)
            self._bar.update(task, description=f"{of}{name} {doing}", completed=position, rows=rows, rate=rate)

        self._task = task
        return told

    def over(self) -> None:
        """Done with the file."""
        self._bar.remove_task(self._task)
