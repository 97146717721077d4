"""What every command begins with: settings, the database, and where to speak."""

import getpass
import os
import sys
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from registry.access import Actor, administrator
from registry.holdings import Holdings
from registry.settings import Settings
from registry.store.connect import open_engine, reading
from registry.store.holdings import read_holdings
from registry.store.migrate import migrate
from registry.words import Word

Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="数据库地址，默认取 MATTERS_DATABASE · The database; default MATTERS_DATABASE.",
    ),
]

PIPE_WIDTH = 200

# Answers go to standard output; what is said about the work goes to standard error.
# A pipe has no width: what goes into one is not cut to eighty columns.
out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def settings(database: str | None = None) -> Settings:
    """The settings, the option before the environment. Raises WrongSetting."""
    if database is not None:
        os.environ["MATTERS_DATABASE"] = database
    return Settings.from_environment()


def prepared_engine(database: str | None) -> Engine:
    """The database with its tables at this version. Raises WrongSetting, StoreUnreachable."""
    engine = open_engine(settings(database).database)
    migrate(engine)
    return engine


def actor() -> Actor:
    """Who is doing this: the person at the machine, who may do everything."""
    return administrator(f"cli:{getpass.getuser()}")


W = TypeVar("W", bound=Word)


def read_word(vocabulary: type[W], text: str | None, option: str) -> W | None:
    """The word an option means; None if it isn't given. A text that means none is refused with what may be written."""
    if text is None:
        return None
    word = vocabulary.read(text) or vocabulary.read(text.upper())
    if word is None:
        raise typer.BadParameter(f"应为 · expected: {vocabulary.expected()}", param_hint=option)
    return word


def held(engine: Engine) -> Holdings:
    """Everything the registry holds."""
    with reading(engine) as connection:
        return read_holdings(connection)


def working() -> Progress:
    """Shows that something is being done, for as long as it takes."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    # Only a terminal sees it; what is written to a file stays plain.
    progress = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
    progress.add_task("处理中 · working", total=None)
    return progress
