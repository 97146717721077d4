"""`matters links`: are the addresses we send people to still there?"""

import asyncio
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy import Engine

from registry.changes.linking import override_link, record_sightings
from registry.closures import Link, LinkState
from registry.commands.moments import read_day
from registry.commands.start import Database, actor, err, held, out, prepared_engine, read_word
from registry.holdings import Holdings
from registry.links.options import Options
from registry.links.sightings import Outcome, Sighting
from registry.store.closures import read_links
from registry.store.connect import reading

app = typer.Typer(help="网址是否可用 · The health of addresses.", no_args_is_help=True)

# Sightings are written so many at a time: an interruption loses no more than these.
BATCH = 50


class Ledger:
    """Keeps what is seen until it is sure that it speaks of the sites and not of our own line.

    As long as no site at all has answered, every failure may be ours.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pending: list[Sighting] = []
        self._answered = False
        self.counts = dict.fromkeys(Outcome, 0)
        self.turned: list[Link] = []

    def add(self, sighting: Sighting) -> None:
        """Take note of one sighting, and write down what has gathered."""
        self._pending.append(sighting)
        self.counts[sighting.outcome] += 1
        self._answered |= sighting.status is not None
        if len(self._pending) >= BATCH:
            self.write()

    def write(self) -> None:
        """Write down what has gathered, if any site has answered yet."""
        if self._answered and self._pending:
            self.turned += record_sightings(self._engine, self._pending, actor())
            self._pending.clear()

    @property
    def unsure(self) -> int:
        """How many sightings were not written down, because no site has answered."""
        return len(self._pending)


@app.command("check")
def check(
    private: Annotated[
        bool, typer.Option("--private", help="也检查内网地址 · Addresses inside the network too.")
    ] = False,
    pause: Annotated[
        float, typer.Option(help="同一站点两次请求间隔秒数 · Seconds between requests to a site.", min=0.0)
    ] = 1.0,
    at_once: Annotated[int, typer.Option(help="同时检查几处 · How many at once.", min=1, max=64)] = 8,
    database: Database = None,
) -> None:
    """礼貌地检查全部网址；可随时中断 · Look at every address, politely; may be interrupted at any time."""
    from registry.links.walk import look_at  # brings the HTTP client along, which no other command needs

    engine = prepared_engine(database)
    urls = addresses(held(engine))
    ledger = Ledger(engine)
    columns = (TextColumn("检查网址 · links"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=len(urls))

        def seen(sighting: Sighting) -> None:
            ledger.add(sighting)
            progress.advance(task)

        try:
            asyncio.run(look_at(urls, options=Options(at_once=at_once, pause=pause, private=private), on_seen=seen))
        except KeyboardInterrupt:
            err.print("已中断，已检查的都已记录 · interrupted; what was seen is recorded")
        finally:
            ledger.write()
    out.print("  ".join(f"{outcome.zh} {outcome.en}: {count}" for outcome, count in ledger.counts.items()))
    for link in ledger.turned:
        out.print(f"{link.state.zh} · {link.state.en}: {link.url}", markup=False)
    if ledger.unsure:
        err.print(
            "没有任何站点应答，可能是本机网络问题，未作记录 · no site answered; nothing was recorded: is this machine online?"
        )
        raise typer.Exit(1)


@app.command("list")
def list_links(
    state: Annotated[str | None, typer.Option(help="只看某状态 · Only this state: broken, failing, blocked.")] = None,
    database: Database = None,
) -> None:
    """列出已知情况 · List what is known of addresses."""
    wanted = read_word(LinkState, state, "--state")
    with reading(prepared_engine(database)) as connection:
        links = read_links(connection).values()
    table = Table(
        "状态 state",
        "自 since",
        "失败 failures",
        "人工 override",
        "网址 address",
        "说明 detail",
        box=None,
        pad_edge=False,
    )
    for link in links:
        if wanted in (None, link.state):
            person = f"{link.override.zh} ≤ {link.override_until}" if link.override else ""
            table.add_row(
                link.state.zh, f"{link.since:%Y-%m-%d}", str(link.failures), person, link.url, link.detail or ""
            )
    out.print(table if table.row_count else "没有记录 · nothing is known yet")


@app.command("override")
def override(
    url: Annotated[str, typer.Argument(help="网址 · The address.")],
    state: Annotated[str | None, typer.Argument(help="working 或 broken；不给则取消 · None: take it back.")] = None,
    until: Annotated[str | None, typer.Option(help="到哪一天为止 · The last day it holds.")] = None,
    database: Database = None,
) -> None:
    """以人工判断为准，直到某日 · Let a person's word go before the checker's, until a day."""
    word = read_word(LinkState, state, "STATE")
    link = override_link(prepared_engine(database), url, word, read_day(until) if until else None, actor())
    said = f"{link.override.zh} ≤ {link.override_until}" if link.override else "已取消 · taken back"
    out.print(f"{link.url}: {said}", markup=False)


def addresses(holdings: Holdings) -> list[str]:
    """Every address that offers lead to, each once, in order."""
    urls = (offer.url for matter in holdings.matters.values() for offer in matter.offers)
    return sorted({url for url in urls if url})
