"""`matters serve` and `matters migrate`."""

import os
import platform
from typing import Annotated

import typer
from sqlalchemy import Engine

from registry.commands.start import Database, actor, err, prepared_engine, settings
from registry.settings import Settings, is_loopback
from registry.store.connect import open_engine, reading
from registry.store.migrate import migrate as migrate_tables
from registry.store.revisions import current_revision


def serve(
    database: Database = None,
    host: Annotated[str | None, typer.Option(help="监听地址 · The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="端口 · The port.")] = None,
    workers: Annotated[int | None, typer.Option(help="进程数 · How many processes.")] = None,
    prepare: Annotated[
        bool,
        typer.Option(
            help="先升级数据库，空库载入示例目录 · Migrate first; fill an empty registry with the reference catalogue."
        ),
    ] = True,
) -> None:
    """启动服务 · Serve GraphQL (and bring the database up to date first)."""
    given = {"HOST": host, "PORT": port, "WORKERS": workers}
    # Worker processes read the environment, so that is where options go.
    os.environ.update({f"MATTERS_{name}": str(value) for name, value in given.items() if value is not None})
    chosen = settings(database)
    shown = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    address = f"http://{shown}:{chosen.port}"
    if prepare:
        engine = prepared_engine(database)
        _prepare(engine)
        err.print(_way_in(engine, chosen, address), markup=False)
        engine.dispose()
    import uvicorn

    err.print(f"GraphQL: {address}/graphql  （Ctrl+C 停止 · stops）", markup=False)

    uvicorn.run(
        "schema.app:create_app",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers if chosen.workers > 1 else None,
        log_level=chosen.log_level,
        access_log=False,
        server_header=False,
        # Who asks from this machine is decided by the connection, not by a header.
        proxy_headers=False,
    )


def migrate(
    to: Annotated[str, typer.Argument(help="版本号、head 或 base · A migration, head or base.")] = "head",
    database: Database = None,
) -> None:
    """升级（或回退）数据库结构 · Bring the database's tables up, or down, to a migration."""
    migrate_tables(open_engine(settings(database).database), to)
    err.print(f"数据库结构已为 {to} · the tables are at {to}")


def _prepare(engine: Engine) -> None:
    with reading(engine) as connection:
        empty = current_revision(connection).number == 0
    if empty:
        from registry.commands.files import load_reference

        err.print("空库：载入示例目录 · an empty registry: loading the reference catalogue")
        load_reference(engine)


def _way_in(engine: Engine, chosen: Settings, address: str) -> str:
    """How an editor signs in. One link, whatever the number of processes, as this is done before any of them starts."""
    if chosen.oidc_issuer:
        return f"编辑登录 · editors sign in through {chosen.oidc_issuer}"
    if not is_loopback(chosen.host) or chosen.port == 0:
        return "编辑需要令牌 · editors need a token: matters grant editor --name 陈某"
    from registry.changes.granting import HERE, grant_here

    granted = grant_here(engine, platform.node(), actor())
    hours = HERE.seconds // 3600
    # What follows the # stays in the browser: it is sent to no server, so no log holds it.
    link = f"{address}/admin/graphql#token={granted.secret.text if granted.secret else ''}"
    return f"编辑（仅限本机，{hours} 小时）· Editor, on this machine only, for {hours} hours: {link}"
