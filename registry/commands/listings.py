"""What of the lake is listed: rejected rows to read or to mend by, and what is held."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.table import Table

from registry.commands.start import err, out
from registry.errors import RefusedInput
from registry.exchange.workbooks import write_workbook

if TYPE_CHECKING:
    from registry.lake.holding import Holding
    from registry.lake.rejects import Reject

HEADER = ["file", "row", "subject", "column", "value", "reason", "zh", "en"]
MOST_IMPORTS = 20


class RejectForm(Enum):
    """The formats of a list of rejects."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"


Output = Annotated[Path | None, typer.Option("--output", "-o", help="写入的文件 · The file to write.")]
Form = Annotated[RejectForm, typer.Option("--format", help="格式 · The format.")]
OfFile = Annotated[str | None, typer.Option("--file", help="只看此文件的 · Only those of the file of this name.")]


def show_rejects(found: Iterable[Reject], form: RejectForm, output: Path | None) -> None:
    """Write rejects as they come; then say how many of which reason there are."""
    reasons: Counter[tuple[str, str]] = Counter()
    counted = _counted(found, reasons)
    if form is RejectForm.TABLE and output is None:
        for reject in counted:
            out.print(str(reject), markup=False, soft_wrap=True)
    else:
        with opened(output, workbook=form is RejectForm.XLSX) as file:
            if form is RejectForm.XLSX:
                write_workbook(file, [("rejects", _rows(counted))])
            else:
                write_csv(file, _rows(counted), mark=output is not None)
    for (zh, en), count in reasons.most_common():
        err.print(f"{count:,} × {zh} / {en}", markup=False)
    if not reasons:
        err.print("没有被拒绝的行 · no row stands rejected")


def _counted(found: Iterable[Reject], reasons: Counter[tuple[str, str]]) -> Iterator[Reject]:
    for reject in found:
        zh, en = reject.words
        reasons[zh, en] += 1
        yield reject


def _rows(found: Iterable[Reject]) -> Iterator[list[str]]:
    yield HEADER
    for one in found:
        yield [one.file, str(one.row), one.subject, one.column, one.value, one.reason, one.zh, one.en]


def show_holding(held: Holding, what: str) -> None:
    """Write down what a table holds, and the last imports."""
    periods = Table(what, "行数 rows", box=None, pad_edge=False)
    periods.columns[1].justify = "right"
    for period, rows in held.rows.items():
        periods.add_row(period, f"{rows:,}")
    periods.add_row("合计 total", f"{sum(held.rows.values()):,}", style="bold")
    out.print(periods)
    imports = Table("导入 import", "文件 file", "读取 read", "拒绝 rejected", box=None, pad_edge=False)
    for column in imports.columns[2:]:
        column.justify = "right"
    for moment, one in held.imports[-MOST_IMPORTS:]:
        imports.add_row(f"{moment:%Y-%m-%d %H:%M:%S}", one.file, f"{one.counts.read:,}", f"{one.counts.rejected:,}")
    if held.imports:
        out.print(imports)
    more = f"，以上为最近 {MOST_IMPORTS} 次 · the last {MOST_IMPORTS}" if len(held.imports) > MOST_IMPORTS else ""
    out.print(
        f"{len(held.imports)} 次导入 imports{more}; {held.files} 个文件 files, {held.size / 2**20:,.1f} MiB",
        markup=False,
    )


def write_csv(file: BinaryIO, rows: Iterable[list[str]], *, mark: bool) -> None:
    """Write rows as CSV in UTF-8; `mark`: with the mark by which Excel knows that it is."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if mark else "utf-8", newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    text.flush()
    text.detach()


@contextmanager
def opened(output: Path | None, *, workbook: bool = False) -> Iterator[BinaryIO]:
    """The file to write into; without a name, standard output. Raises RefusedInput."""
    if output is None:
        if workbook and sys.stdout.isatty():
            raise RefusedInput("请用 --output 指定工作簿的文件名", "say where the workbook goes: --output FILE")
        yield sys.stdout.buffer
        return
    try:
        with output.open("wb") as file:
            yield file
    except OSError as error:
        raise RefusedInput(
            f"无法写入 {output}：{error.strerror}", f"can't write to {output}: {error.strerror}"
        ) from None
