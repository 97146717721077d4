"""JSON in: `{"matters": [{…}], …}`, `{"kind": "matters", "rows": [{…}]}`, or a list of rows."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from registry.exchange.columns import COLUMNS
from registry.exchange.csv_files import decoded
from registry.exchange.faults import Fault, Report
from registry.exchange.lists import write_texts
from registry.exchange.sheets import Sheet, Spoilt


class Twice(dict[str, Any]):
    """An object in which a key stands twice."""

    key = ""


def json_sheets(file: str, data: bytes, encoding: str | None, report: Report) -> list[Sheet] | None:
    """The file's sheets; None, and a fault, if it can't be read at all."""
    text = decoded(file, data, encoding, report)
    if text is None:
        return None
    if not text.strip():
        report.file(file, "文件是空的", "the file is empty")
        return None
    try:
        # Numbers stay as they are written: a code must not lose its digits.
        content = json.loads(
            text, object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_constant
        )
    except json.JSONDecodeError as error:
        report.file(file, *_broken(text, error))
        return None
    except (RecursionError, ValueError) as error:
        report.file(file, f"不是正确的 JSON：{error}", f"is not JSON: {error}")
        return None
    parts = _parts(content)
    if parts is None:
        report.file(
            file,
            "应为行的列表，或以 matters 等为键的对象",
            f"expected a list of rows, or an object with keys of {', '.join(COLUMNS)}",
        )
        return None
    return [_sheet(file if len(parts) == 1 else f"{file}#{name}", name, rows, report) for name, rows in parts]


def _parts(content: Any) -> list[tuple[str, list[Any]]] | None:
    if isinstance(content, dict) and isinstance(content.get("rows"), list):
        content = {str(content.get("kind", "")): content["rows"]}
    if isinstance(content, list):
        content = {"": content}
    if not isinstance(content, dict) or not all(isinstance(rows, list) for rows in content.values()):
        return None
    return list(content.items())


def _sheet(file: str, name: str, records: list[Any], report: Report) -> Sheet:
    header = list(dict.fromkeys(key for record in records if isinstance(record, dict) for key in record))
    sheet = Sheet(file, name, header, [], header_row=None)
    sheet.rows = list(_rows(sheet, records, report))
    return sheet


def _rows(sheet: Sheet, records: list[Any], report: Report) -> Iterator[tuple[int, list[str]]]:
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            report.fault(Fault(sheet.file, number, None, str(record), "应为对象", "expected an object"))
            sheet.lost += 1
            continue
        if isinstance(record, Twice):
            report.fault(Fault(sheet.file, number, record.key, None, "这一栏出现了两次", "stands twice in this row"))
        yield number, [_cell(record.get(key)) for key in sheet.header]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return write_texts(value)
    return Spoilt.because(json.dumps(value, ensure_ascii=False), "应为文字", "expected a text")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    twice = Twice(record)
    keys = [key for key, _ in pairs]
    twice.key = next(key for key in keys if keys.count(key) > 1)
    return twice


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _broken(text: str, error: json.JSONDecodeError) -> tuple[str, str]:
    if error.pos >= len(text.rstrip()) or "Unterminated" in error.msg:
        return "JSON 不完整，文件似乎被截断", f"the JSON ends too early: the file seems to be cut off ({error})"
    return f"第 {error.lineno} 行第 {error.colno} 列不是正确的 JSON", f"is not JSON: {error}"
