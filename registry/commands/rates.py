"""`matters rates`: the city's number, and any table of rates."""

from __future__ import annotations

from dataclasses import replace

import typer

from registry.commands import rate_options as options
from registry.commands.moments import read_moment
from registry.commands.rate_analyses import change, flags, pace, path
from registry.commands.rate_definitions import definitions
from registry.commands.rate_headline import print_headline
from registry.commands.rate_options import Asked, arrangement_of, at_the_desk, question_of
from registry.commands.sheets import Form, Output, show
from registry.commands.start import Database, settings, working
from registry.figures.notes import Note
from registry.figures.sheet import PARTS, VALUE, Column, Sheet, sheet_of
from registry.rates.rate import Rate

app = typer.Typer(invoke_without_command=True)
for command in (definitions, pace, path, change, flags):
    app.command()(command)

# What a table on the screen says of one rate, and of each of several.
READ = ("value", "numerator", "denominator", "completeness", "target", "attained", "cases_to_target")
READ_OF_SEVERAL = ("value", "completeness")


@app.callback()
def rates(
    context: typer.Context,
    by: options.By = None,
    rate: options.RateNames = None,
    where: options.Where = None,
    policy: options.Policy = None,
    as_reported_on: options.AsReportedOn = None,
    on: options.On = None,
    order: options.Orders = None,
    first: options.First = None,
    suppress: options.Suppress = None,
    rank: options.Rank = False,
    form: Form = None,
    output: Output = None,
    database: Database = None,
) -> None:
    """指标；不带选项时为全市办件线上受理率、目标与差距 · Rates; without options the city’s online acceptance rate.

    例 for example: matters rates --by department,month --where year=2020 --format xlsx --output rates.xlsx
    """
    given = _given(context)
    if context.invoked_subcommand is not None:
        _only_for_the_table(context.invoked_subcommand, given)
        settings(database)
        return
    if not given:
        print_headline(database)
        return
    asked = Asked(tuple(rate or ()), tuple(where or ()), policy, as_reported_on, tuple(by or ()), on)
    with at_the_desk(database) as desk:
        question = question_of(asked, desk)
        how = arrangement_of(question, desk.rates, order, rank=rank, first=first, suppress=suppress)
        from registry.figures.arranging import arranged

        with working():
            reported = desk.ask(question, as_reported_on=read_moment(as_reported_on) if as_reported_on else None)
            shown = arranged(reported, desk.rates, how)
            sheet = sheet_of(shown.reported, desk.rates, shown.ranks)
    if len(shown.reported.table.rows) < shown.held:
        sheet = replace(sheet, notes=(*sheet.notes, _cut(len(shown.reported.table.rows), shown.held)))
    show(sheet, form, output, _read(sheet, [desk.rates[name] for name in question.rates]))


def _given(context: typer.Context) -> list[str]:
    """The options that were written, the database's apart."""
    sources = {name: context.get_parameter_source(name) for name in context.params if name != "database"}
    return [name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"]


def _only_for_the_table(command: str, given: list[str]) -> None:
    if given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise typer.BadParameter(f"请写在 {command} 之后 · write {names} after {command}")


def _cut(shown: int, held: int) -> Note:
    return Note("first", f"只列出 {held} 行中的前 {shown} 行", f"the first {shown} of {held} rows")


def _read(sheet: Sheet, chosen: list[Rate]) -> dict[str, Column]:
    """The columns that are read on the screen. Where one rate is asked for, its name need not be said in each."""
    of_rates = {part.column(rate).name for rate in chosen for part in PARTS}
    kept = {column.name: column for column in sheet.columns if column.name not in of_rates}
    for rate in chosen:
        for part in PARTS:
            if part.name in (READ if len(chosen) == 1 else READ_OF_SEVERAL):
                column = part.column(rate)
                alone = len(chosen) == 1 and part is not VALUE
                kept[column.name] = replace(column, zh=part.zh, en=part.en) if alone else column
    return kept
