"""From paths to sheets: files by what they are named, folders by the files in them that we know."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from registry.exchange.columns import COLUMNS
from registry.exchange.csv_files import csv_sheet
from registry.exchange.faults import Report
from registry.exchange.json_files import json_sheets
from registry.exchange.mapping import Mapping
from registry.exchange.sheets import Sheet
from registry.exchange.xlsx_files import xlsx_sheets

LARGEST = 512 * 1024**2
FORMS = (".csv", ".xlsx", ".json")
# A workbook or a JSON file holds every kind; by this name it is found in a folder.
WHOLE = "registry"


def open_files(
    paths: Sequence[Path], mapping: Mapping, encoding: str | None, report: Report
) -> tuple[list[Sheet], set[str]]:
    """The sheets of the files, and the names of those files that couldn't be read, each with its fault."""
    sheets: list[Sheet] = []
    unread: set[str] = set()
    for path in _files(paths, report):
        if path is None:
            unread.add("")
            continue
        found = _sheets(path, mapping, encoding, report)
        if found is None:
            unread.add(path.stem)
        else:
            sheets += found
    return sheets, unread


def _files(paths: Sequence[Path], report: Report) -> Iterator[Path | None]:
    """The files meant; None for a path that leads to none."""
    seen: set[Path] = set()
    for path in paths:
        for file in _in_folder(path, report) if path.is_dir() else [path]:
            if file is None or file.resolve() not in seen:
                yield file
            if file is not None:
                seen.add(file.resolve())


def _in_folder(folder: Path, report: Report) -> list[Path | None]:
    try:
        known = sorted(
            path for path in folder.iterdir() if path.suffix.lower() in FORMS and path.stem in (*COLUMNS, WHOLE)
        )
    except OSError as error:
        report.file(str(folder), f"无法读取：{error.strerror}", f"can't be read: {error.strerror}")
        return [None]
    forms = sorted({path.suffix.lower() for path in known})
    if len(forms) == 1:
        return list(known)
    if forms:
        zh = f"文件夹中同时有 {'、'.join(forms)} 文件；请指明要读取的文件"
        report.file(str(folder), zh, f"the folder has {' and '.join(forms)} files: name those to read")
    else:
        zh = f"文件夹中没有可读取的文件；应有 {'、'.join(f'{kind}.csv' for kind in COLUMNS)} 等"
        report.file(str(folder), zh, f"the folder has no file to read; expected {', '.join(COLUMNS)} as .csv")
    return [None]


def _sheets(path: Path, mapping: Mapping, encoding: str | None, report: Report) -> list[Sheet] | None:
    file = str(path)
    data = _data(path, report)
    if data is None:
        return None
    if not data:
        report.file(file, "文件是空的", "the file is empty")
        return None
    if path.suffix.lower() == ".xlsx":
        sheets = xlsx_sheets(file, data, report)
    elif path.suffix.lower() == ".json":
        sheets = json_sheets(file, data, encoding or mapping.encoding, report)
    else:
        sheet = csv_sheet(file, data, encoding or mapping.encoding, mapping.delimiter, report)
        sheets = None if sheet is None else [sheet]
    for sheet in sheets or ():
        # A table alone in its file goes by the file's name if its own says nothing.
        if sheet.name not in COLUMNS and sheets and len(sheets) == 1:
            sheet.name = path.stem
    return sheets


def _data(path: Path, report: Report) -> bytes | None:
    file = str(path)
    if path.suffix.lower() not in FORMS:
        report.file(
            file, f"不认识这种文件；应为 {'、'.join(FORMS)}", f"unknown form of file; expected {', '.join(FORMS)}"
        )
        return None
    try:
        if path.stat().st_size > LARGEST:
            report.file(file, "文件超过 512 MiB", "the file is larger than 512 MiB")
            return None
        return path.read_bytes()
    except FileNotFoundError:
        report.file(file, "没有这个文件或文件夹", "there is no such file or folder")
    except OSError as error:
        report.file(file, f"无法读取：{error.strerror}", f"can't be read: {error.strerror}")
    return None
