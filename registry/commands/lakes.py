"""What the commands over cases and volumes share: the lake, and what the words of files mean there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from registry.commands.start import err, held, prepared_engine, settings
from registry.errors import RefusedInput
from registry.exchange.faults import RefusedFiles
from registry.store.connect import unreachable

if TYPE_CHECKING:  # they need the extra `rates`; the help can do without
    from registry.lake.tables import Lake
    from registry.lake.words import Wording

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE…", help=".csv、.csv.gz、.xlsx、.parquet"),
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="栏名和用词的映射（TOML）· A mapping of foreign columns and words.")
]
Encoding = Annotated[
    str | None, typer.Option(help="CSV 的编码，如 gbk；默认 UTF-8 · A CSV file's encoding, such as gbk.")
]


@contextmanager
def open_lake_of(database: str | None) -> Iterator[tuple[Lake, Engine]]:
    """The lake that the settings name, and the registry's database."""
    engine = prepared_engine(database)
    from registry.lake.tables import open_lake

    given = settings(database)
    with open_lake(given.database, Path(given.lake)) as lake:
        try:
            yield lake, engine
        except OperationalError as error:
            # The catalogue of the lake asks the database by itself, at any moment of the work.
            raise unreachable(engine, error) from error


def wording_of(engine: Engine, mapping: Path | None, kind: str) -> Wording:
    """What a file's words mean. Raises RefusedFiles for a wrong mapping, RefusedInput for an empty registry."""
    from registry.lake.mapping import read_case_mapping, read_volume_mapping
    from registry.lake.words import Wording

    holdings = held(engine)
    if not holdings.matters:
        raise RefusedInput(
            "登记库里还没有事项，每一行都会被拒绝；请先用 matters load 载入目录",
            "the registry holds no matter yet, so every row would be rejected; begin with `matters load`",
        )
    try:
        read = {"cases": read_case_mapping, "volumes": read_volume_mapping}[kind]
        return Wording.over(holdings, read(mapping) if mapping else None)
    except RefusedFiles as refused:
        for fault in refused.faults:
            err.print(str(fault), markup=False)
        raise
