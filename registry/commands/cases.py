"""`matters cases`: cases into the lake, what was rejected of them, synthetic ones, what is held."""

from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from registry.commands.bringing import bring_in, import_files, interruptibly, kind_of
from registry.commands.files import load_reference
from registry.commands.lakes import Encoding, Files, MappingFile, open_lake_of, wording_of
from registry.commands.listings import Form, OfFile, Output, RejectForm, show_holding, show_rejects
from registry.commands.start import Database, err, held, out
from registry.errors import RefusedInput

app = typer.Typer(help="办件数据 · Cases.", no_args_is_help=True)


@app.command("import")
def import_cases(
    paths: Files, mapping: MappingFile = None, encoding: Encoding = None, database: Database = None
) -> None:
    """导入办件文件；可随时中断、可重复导入 · Import cases: each file whole or not at all, twice as if once.

    有被拒绝的行时退出码为 3，其余各行已导入。Exit status 3: some rows were rejected, the others are in.
    """
    import_files("cases", paths, mapping=mapping, encoding=encoding, database=database)


@app.command("rejects")
def rejects(
    file: OfFile = None, form: Form = RejectForm.TABLE, output: Output = None, database: Database = None
) -> None:
    """列出被拒绝的行及原因，改正后重新导入即消失 · The rows that were rejected, and why, until they are mended."""
    with open_lake_of(database) as (lake, _):
        from registry.lake.rejects import rejects as standing

        show_rejects((one for one in standing(lake, "cases") if file in (None, one.file)), form, output)


@app.command("demo")
def demo(
    rows: Annotated[int, typer.Option(min=1, max=1_000_000_000, help="多少件 · How many.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="随机种子，相同则文件相同 · The same seed, the same file.")] = 1,
    output: Output = None,
    bring: Annotated[bool, typer.Option("--import", help="随即导入 · Import them too.")] = False,
    database: Database = None,
) -> None:
    """生成 2020 年的合成办件，编号均以 DEMO 开头 · Write synthetic cases of 2020; every number begins with DEMO."""
    interruptibly(lambda stop: _demo(rows, seed, output, stop if bring else None, database))


@app.command("status")
def status(database: Database = None) -> None:
    """已有办件：按受理月份，及各次导入 · What is held, by month of acceptance, and the imports."""
    with open_lake_of(database) as (lake, _):
        from registry.lake.holding import holding

        show_holding(holding(lake, "cases"), "受理月份 month")


def _demo(rows: int, seed: int, output: Path | None, bring: Event | None, database: str | None) -> None:
    from registry.lake.demo import demo as write_demo
    from registry.lake.places import workplace

    with open_lake_of(database) as (lake, engine), workplace(lake) as place:
        if not held(engine).matters:
            err.print("空库：载入示例目录 · an empty registry: loading the reference catalogue")
            load_reference(engine)
        name = f"demo-2020-{rows}-{seed}.csv"
        path = output or (place.scratch / name if bring else Path(name))
        try:
            write_demo(rows, seed, held(engine), path)
        except OSError as error:
            raise RefusedInput(
                f"无法写入 {path}：{error.strerror}", f"can't write to {path}: {error.strerror}"
            ) from None
        if output or not bring:
            out.print(str(path), markup=False)
        if bring:
            bring_in(lake, kind_of("cases"), [path], (wording_of(engine, None, "cases"), None), bring)
