"""`matters webhook`: who is told of changes, and whether they were."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.table import Table

from registry.changes.subscribing import add_webhook, remove_webhook, retry_deliveries
from registry.commands.start import Database, actor, err, out, prepared_engine, read_word
from registry.routing.reasons import speak
from registry.secret import Secret
from registry.store.connect import reading
from registry.store.deliveries import read_deliveries
from registry.store.webhooks import read_webhooks
from registry.webhooks import Delivery, DeliveryState, Wanted

app = typer.Typer(help="变更推送 · Who is told of changes by a request.", no_args_is_help=True)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="接收地址 · The address to send to.")],
    secret: Annotated[
        str | None, typer.Option(help="签名密钥 whsec_…，默认自动生成 · What signs; default: one is made.")
    ] = None,
    internal: Annotated[
        bool, typer.Option("--internal", help="允许内部网络地址和 http · It may lie inside the network, and use http.")
    ] = False,
    database: Database = None,
) -> None:
    """每次发布后向该地址推送，密钥只显示一次 · Tell an address of every change; prints the secret, once."""
    wanted = Wanted(url.strip(), internal, Secret(secret) if secret is not None else None)
    added = add_webhook(prepared_engine(database), wanted, actor())
    if secret is None and added.secret is not None:
        out.print(added.secret.text, markup=False)
    code = added.webhook.code
    err.print(
        f"{code}：密钥只显示这一次，接收方用它核验签名；移除：matters webhook remove {code}\n"
        f"{code}: the secret is shown this once, the receiver verifies with it; `matters webhook remove {code}` ends it",
        markup=False,
    )


@app.command("list")
def show_list(
    everything: Annotated[bool, typer.Option("--all", help="包括已移除的 · Those that are removed too.")] = False,
    database: Database = None,
) -> None:
    """列出接收地址 · List the addresses that are told."""
    with reading(prepared_engine(database)) as connection:
        known = read_webhooks(connection).values()
        unfinished = read_deliveries(connection, (DeliveryState.PENDING, DeliveryState.DEAD))
    heads = ("编码 code", "地址 address", "待送达 pending", "已放弃 given up", "添加 added", "状态 state")
    table = Table(*heads, box=None, pad_edge=False)
    for webhook in known:
        if everything or webhook.removed_at is None:
            states = [each.state for each in unfinished if each.webhook == webhook.code]
            pending, dead = (str(states.count(state)) for state in (DeliveryState.PENDING, DeliveryState.DEAD))
            state = "已移除 removed" if webhook.removed_at else "内部 internal" if webhook.internal else "在用 in use"
            table.add_row(webhook.code, webhook.url, pending, dead, speak(webhook.added_at, 0), state)
    out.print(table if table.row_count else "没有 webhook · no address is told")


@app.command()
def remove(
    code: Annotated[str, typer.Argument(help="编码 · The webhook's code, such as W-1.")], database: Database = None
) -> None:
    """不再推送，待送达的也不再送 · Tell an address nothing more."""
    removed = remove_webhook(prepared_engine(database), code, actor())
    out.print(f"{removed.code} 已移除 · removed", markup=False)


@app.command()
def deliveries(
    webhook: Annotated[str | None, typer.Option(help="只看某地址 · Only this webhook's.")] = None,
    state: Annotated[str | None, typer.Option(help="pending、delivered 或 dead · Only these.")] = None,
    first: Annotated[int, typer.Option(min=1, help="最多几行 · At most so many.")] = 50,
    database: Database = None,
) -> None:
    """列出推送，最新在前 · List deliveries, the newest first."""
    wanted = read_word(DeliveryState, state, "--state")
    with reading(prepared_engine(database)) as connection:
        _show(read_deliveries(connection, (wanted,) if wanted else (), webhook, first))


@app.command()
def dead(
    webhook: Annotated[str | None, typer.Option(help="只看某地址 · Only this webhook's.")] = None,
    database: Database = None,
) -> None:
    """列出已放弃的推送 · List the deliveries that were given up."""
    with reading(prepared_engine(database)) as connection:
        _show(read_deliveries(connection, (DeliveryState.DEAD,), webhook))


@app.command()
def retry(
    code: Annotated[
        str, typer.Argument(help="D-7：一次推送；W-1：该地址的全部 · One delivery, or all of a webhook's.")
    ],
    database: Database = None,
) -> None:
    """重新推送已放弃或等待中的 · Send again, at once, what was given up or waits."""
    chosen = retry_deliveries(prepared_engine(database), code, actor())
    out.print(f"{len(chosen)} 次推送将重新进行 · deliveries will be made again", markup=False)


def _show(found: Iterable[Delivery]) -> None:
    heads = ("编码 code", "地址 webhook", "版次 revision", "状态 state", "次数 attempts", "最近 last", "结果 outcome")
    table = Table(*heads, "事件 event", box=None, pad_edge=False)
    for each in found:
        last = speak(each.attempted_at, 0) if each.attempted_at else "—"
        said = each.outcome or ("进行中 under way" if each.attempts else "—")
        state = f"{each.state.zh} {each.state.en}"
        table.add_row(each.code, each.webhook, str(each.revision), state, str(each.attempts), last, said, each.event)
    out.print(table if table.row_count else "没有推送 · no deliveries")
