"""Mapping files: how a foreign file's columns and values are ours. TOML; the README shows one."""

import codecs
import difflib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from registry.exchange.columns import COLUMNS, Column, columns_by_header, folded
from registry.exchange.faults import Fault, RefusedFiles


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping. `file` is where it was read from; the names of columns are as they stand there.

    `columns`: theirs → ours, "" for one that is not wanted. `values`: our column →
    theirs → ours. `constants`: our column → the value of every row. `empty`: what
    they write for unknown.
    """

    file: str = ""
    kind: str | None = None
    encoding: str | None = None
    delimiter: str = ","
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    create_departments: bool = False

    def ours(self, header: str) -> str | None:
        """What one of their headers is called here; "" for one that is not wanted, None for one not named."""
        wanted = folded(header)
        if wanted in map(folded, self.ignore):
            return ""
        return next((ours for theirs, ours in self.columns.items() if folded(theirs) == wanted), None)


KEYS = [one.name for one in fields(Mapping) if one.name != "file"]


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises RefusedFiles with all that is wrong in it."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RefusedFiles([_fault(path, None, None, f"无法读取：{error.strerror}", f"{error.strerror}")]) from None
    except UnicodeDecodeError:
        raise RefusedFiles([_fault(path, None, None, "不是 UTF-8 编码", "is not in UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise RefusedFiles([_fault(path, None, None, f"不是正确的 TOML：{error}", f"is not TOML: {error}")]) from None
    if faults := list(_faults(path, given)):
        raise RefusedFiles(faults)
    return Mapping(
        file=str(path),
        kind=given.get("kind"),
        encoding=given.get("encoding"),
        delimiter=given.get("delimiter", ","),
        columns=given.get("columns", {}),
        values={ours: _texts(table) for ours, table in given.get("values", {}).items()},
        constants=_texts(given.get("constants", {})),
        ignore=frozenset(given.get("ignore", ())),
        empty=frozenset(given.get("empty", ())),
        create_departments=given.get("create_departments", False),
    )


def known_columns(kind: str | None) -> dict[str, Column]:
    """The columns of a kind, or of any, by their folded names."""
    kinds = COLUMNS if kind is None else (kind,)
    return {name: column for kind in kinds for name, column in columns_by_header(kind).items()}


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    found = difflib.get_close_matches(folded(name), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def _faults(path: Path, given: dict[str, Any]) -> Iterator[Fault]:
    for key in given.keys() - set(KEYS):
        yield _fault(path, key, None, *_unknown(key, KEYS))
    types: dict[str, tuple[type, str, str]] = {
        "kind": (str, "文字", "a text"), "encoding": (str, "文字", "a text"), "delimiter": (str, "文字", "a text"),
        "columns": (dict, "表", "a table"), "values": (dict, "表", "a table"), "constants": (dict, "表", "a table"),
        "ignore": (list, "列表", "a list"), "empty": (list, "列表", "a list"),
        "create_departments": (bool, "true 或 false", "true or false"),
    }  # fmt: skip
    wrong = {key for key, (kind, _, _) in types.items() if key in given and not isinstance(given[key], kind)}
    for key in sorted(wrong):
        yield _fault(path, key, str(given[key]), f"应为{types[key][1]}", f"expected {types[key][2]}")
    sound = {key: value for key, value in given.items() if key not in wrong}
    yield from _setting_faults(path, sound)
    yield from _column_faults(path, sound)


def _setting_faults(path: Path, given: dict[str, Any]) -> Iterator[Fault]:
    kind = given.get("kind")
    if kind is not None and kind not in COLUMNS:
        known = "、".join(COLUMNS)
        yield _fault(path, "kind", kind, f"应为 {known} 之一", f"expected one of {', '.join(COLUMNS)}")
    if len(given.get("delimiter", ",")) != 1:
        yield _fault(path, "delimiter", given["delimiter"], "应为一个字符", "expected one character")
    try:
        codecs.lookup(given.get("encoding", "utf-8"))
    except LookupError:
        yield _fault(path, "encoding", given["encoding"], "没有这种编码", "there is no such encoding")
    for key in ("ignore", "empty"):
        for item in given.get(key, ()):
            if not isinstance(item, str):
                yield _fault(path, key, str(item), "应为文字", "expected a text")


def _column_faults(path: Path, given: dict[str, Any]) -> Iterator[Fault]:
    kind = given.get("kind")
    known = known_columns(kind if kind in COLUMNS else None)
    for theirs, ours in given.get("columns", {}).items():
        if not isinstance(ours, str) or (ours and folded(ours) not in known):
            yield _fault(path, f"columns.{theirs}", str(ours), *_unknown(str(ours), known))
    for ours, table in given.get("values", {}).items():
        column = known.get(folded(ours))
        if column is None or not isinstance(table, dict):
            yield _fault(path, f"values.{ours}", None, *_unknown(ours, known))
            continue
        for theirs, value in _texts(table).items():
            yield from _value_fault(path, f"values.{ours}.{theirs}", column, value)
    for ours, value in _texts(given.get("constants", {})).items():
        column = known.get(folded(ours))
        if column is None:
            yield _fault(path, f"constants.{ours}", None, *_unknown(ours, known))
        else:
            yield from _value_fault(path, f"constants.{ours}", column, value)


def _value_fault(path: Path, where: str, column: Column, value: str) -> Iterator[Fault]:
    try:
        if value:
            column.form.read(value)
    except ValueError:
        form = column.form
        yield _fault(path, where, value, f"应为{form.zh}", f"expected {form.en}")


def _unknown(name: str, known: Iterable[str]) -> tuple[str, str]:
    near = nearest(name, known)
    if near is None:
        return f"没有名为“{name}”的栏", f"there is nothing called {name}"
    return f"没有名为“{name}”的栏；您是指 {near} 吗？", f"there is nothing called {name}; did you mean {near}?"


def _texts(table: dict[str, Any]) -> dict[str, str]:
    """TOML's own numbers, dates and flags as they would stand in a cell."""
    return {key: _text(value) for key, value in table.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def _fault(path: Path, column: str | None, value: str | None, zh: str, en: str) -> Fault:
    return Fault(str(path), None, column, value, zh, en)
