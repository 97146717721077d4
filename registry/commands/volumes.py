"""`matters volumes`: totals that departments report, where they send no cases."""

import typer

from registry.commands.bringing import import_files
from registry.commands.lakes import Encoding, Files, MappingFile, open_lake_of
from registry.commands.listings import Form, OfFile, Output, RejectForm, opened, show_holding, show_rejects, write_csv
from registry.commands.start import Database

app = typer.Typer(help="部门报送的办件量 · Volumes that departments report.", no_args_is_help=True)


@app.command("import")
def import_volumes(
    paths: Files, mapping: MappingFile = None, encoding: Encoding = None, database: Database = None
) -> None:
    """导入报送的办件量；可随时中断、可重复导入 · Import reported volumes: each file whole or not at all.

    有被拒绝的行时退出码为 3，其余各行已导入。Exit status 3: some rows were rejected, the others are in.
    """
    import_files("volumes", paths, mapping=mapping, encoding=encoding, database=database)


@app.command("rejects")
def rejects(
    file: OfFile = None, form: Form = RejectForm.TABLE, output: Output = None, database: Database = None
) -> None:
    """列出被拒绝的行及原因 · The rows that were rejected, and why, until the file is imported again."""
    with open_lake_of(database) as (lake, _):
        from registry.lake.rejects import rejects as standing

        show_rejects((one for one in standing(lake, "volumes") if file in (None, one.file)), form, output)


@app.command("export")
def export(output: Output = None, database: Database = None) -> None:
    """导出已报送的办件量，import 能读回 · Write what was reported, as `import` reads it."""
    with open_lake_of(database) as (lake, _), opened(output) as file:
        from registry.lake.reported import reported_rows

        write_csv(file, reported_rows(lake), mark=output is not None)


@app.command("status")
def status(database: Database = None) -> None:
    """已有的报送：按年份，及各次导入 · What is held, by year, and the imports."""
    with open_lake_of(database) as (lake, _):
        from registry.lake.holding import holding

        show_holding(holding(lake, "volumes"), "年份 year")
