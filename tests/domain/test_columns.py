"""The table of columns: what the README says of it, and that it is consistent."""

from dataclasses import fields
from pathlib import Path

import pytest

from registry.exchange.columns import COLUMNS, Column, columns_by_header, folded
from registry.exchange.records import TYPES
from registry.exchange.writing import headers_written

README = Path("registry/exchange/README.md")
BEGIN, END = "<!-- columns -->\n", "<!-- /columns -->\n"


def row(column: Column) -> str:
    header = f"**{column.header}**" if column.required else column.header
    marks = ("†" if column.closes else "") + ("" if column.written else "‡")
    expected = column.form.en if column.field else "not kept"
    if column.refers:
        expected += f", of {column.refers}"
    return f"| {header}{marks} | {', '.join(column.aliases)} | {expected.replace('|', chr(92) + '|')} |\n"


def tables() -> str:
    """The README's tables, as they follow from the columns."""
    parts = []
    for kind, columns in COLUMNS.items():
        parts.append(f"### {kind}\n\n| header | also | expected |\n|---|---|---|\n{''.join(map(row, columns))}\n")
    return "\n" + "".join(parts)


def test_the_readme_lists_the_columns_there_are():
    text = README.read_text(encoding="utf-8")
    assert text[text.index(BEGIN) + len(BEGIN) : text.index(END)] == tables()


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_header_means_one_column(kind):
    names = [folded(name) for column in COLUMNS[kind] for name in {column.header, *column.aliases}]
    assert sorted(names) == sorted(columns_by_header(kind))


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_every_field_of_a_record_has_its_columns(kind):
    parts = {
        "offers", "members", "before", "after", "statutory_limit", "promised_limit",
        "no_statutory_limit",  # 无 in the column of the statutory limit
    }  # fmt: skip
    written = {(column.field or "").partition(".")[0] for column in COLUMNS[kind] if column.written}
    assert {field.name for field in fields(TYPES[kind])} - parts <= written


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_the_last_column_of_our_files_shows_a_row_that_was_cut_off(kind):
    last = columns_by_header(kind)[headers_written(kind)[-1]]
    assert last.closes or last.required
