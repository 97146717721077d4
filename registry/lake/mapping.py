"""Mapping files: how a foreign case file's columns and words are ours. TOML; the README shows one.

The same keys as for a catalogue's mapping (`registry.exchange.mapping`), which can't be
read here as it knows the catalogue's columns only.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from registry.exchange.columns import folded
from registry.exchange.faults import Fault, RefusedFiles
from registry.exchange.mapping import Mapping, nearest
from registry.lake.columns import CASE_COLUMNS, VOLUME_COLUMNS, Column, by_name

TYPES: dict[str, tuple[type, str, str]] = {
    "encoding": (str, "文字", "a text"), "delimiter": (str, "文字", "a text"),
    "columns": (dict, "表", "a table"), "values": (dict, "表", "a table"), "constants": (dict, "表", "a table"),
    "ignore": (list, "列表", "a list"), "empty": (list, "列表", "a list"),
}  # fmt: skip


def read_case_mapping(path: Path) -> Mapping:
    """The mapping of a file of cases. Raises RefusedFiles with all that is wrong in it."""
    return _read(path, by_name(CASE_COLUMNS))


def read_volume_mapping(path: Path) -> Mapping:
    """The mapping of a file of reported volumes. Raises RefusedFiles with all that is wrong in it."""
    return _read(path, by_name(VOLUME_COLUMNS))


def _read(path: Path, known: dict[str, Column]) -> Mapping:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RefusedFiles([_fault(path, None, None, f"无法读取：{error.strerror}", f"{error.strerror}")]) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RefusedFiles([_fault(path, None, None, f"不是正确的 TOML：{error}", f"is not TOML: {error}")]) from None
    if faults := [*_wrong_keys(path, given), *_wrong_columns(path, given, known)]:
        raise RefusedFiles(faults)
    return Mapping(
        file=str(path),
        encoding=given.get("encoding"),
        delimiter=given.get("delimiter", ","),
        columns={theirs: _ours(ours, known) for theirs, ours in given.get("columns", {}).items()},
        values={_ours(ours, known): _texts(table) for ours, table in given.get("values", {}).items()},
        constants={_ours(ours, known): text for ours, text in _texts(given.get("constants", {})).items()},
        ignore=frozenset(given.get("ignore", ())),
        empty=frozenset(given.get("empty", ())),
    )


def _wrong_keys(path: Path, given: dict[str, Any]) -> Iterator[Fault]:
    for key, value in given.items():
        if key not in TYPES:
            yield _fault(path, key, None, *_unknown(key, list(TYPES)))
        elif not isinstance(value, TYPES[key][0]):
            _, zh, en = TYPES[key]
            yield _fault(path, key, str(value), f"应为{zh}", f"expected {en}")
    if isinstance(given.get("delimiter"), str) and len(given["delimiter"].encode()) != 1:
        yield _fault(path, "delimiter", given["delimiter"], "应为一个字符", "expected one character")


def _wrong_columns(path: Path, given: dict[str, Any], known: dict[str, Column]) -> Iterator[Fault]:
    named = [(f"columns.{theirs}", ours) for theirs, ours in _table(given, "columns").items() if ours != ""]
    named += [(f"{key}.{ours}", ours) for key in ("values", "constants") for ours in _table(given, key)]
    for where, ours in named:
        if not isinstance(ours, str) or folded(ours) not in known:
            yield _fault(path, where, str(ours), *_unknown(str(ours), list(known)))
    for ours, table in _table(given, "values").items():
        if not isinstance(table, dict):
            yield _fault(path, f"values.{ours}", str(table), "应为表", "expected a table")


def _table(given: dict[str, Any], key: str) -> dict[str, Any]:
    found = given.get(key, {})
    return found if isinstance(found, dict) else {}


def _ours(name: str, known: dict[str, Column]) -> str:
    return known[folded(name)].name if name else ""


def _unknown(name: str, known: list[str]) -> tuple[str, str]:
    near = nearest(name, known)
    zh, en = f"没有名为“{name}”的栏", f"there is nothing called {name}"
    return (f"{zh}；您是指 {near} 吗？", f"{en}; did you mean {near}?") if near else (zh, en)


def _texts(table: dict[str, Any]) -> dict[str, str]:
    """TOML's flags as they would stand in a cell, and the rest as it is written."""
    return {key: ("是" if value else "否") if isinstance(value, bool) else str(value) for key, value in table.items()}


def _fault(path: Path, column: str | None, value: str | None, zh: str, en: str) -> Fault:
    return Fault(str(path), None, column, value, zh, en)
