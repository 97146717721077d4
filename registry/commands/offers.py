"""`matters offer`: suspend, resume, plan and correct what a channel offers, one or many at once."""

import sys
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

import typer

from registry.changes.offering import change_offers
from registry.commands.impacts import cases_known, tell
from registry.commands.moments import read_day
from registry.commands.start import Database, actor, err, out, prepared_engine, read_word
from registry.finder import Criteria
from registry.hours import BadHours, Hours, parse_hours
from registry.offering.choice import Selection, choose
from registry.offering.preview import preview_offers
from registry.offering.report import report
from registry.offering.wanted import Correction, OfferAction, OfferChange
from registry.store.current import read_snapshot
from registry.words import Channel, LoginLevel, MatterType, OfferStatus, OnlineDepth, Word

app = typer.Typer(help="调整渠道 · Change what channels offer.", no_args_is_help=True)

W = TypeVar("W", bound=Word)
Codes = Annotated[list[str] | None, typer.Argument(metavar="[MATTER]…", help="事项编码 · The matters' codes.")]
On = Annotated[str, typer.Option("--channel", help="渠道 · mobile, pc, kiosk or hall.")]
Departments = Annotated[
    list[str] | None,
    typer.Option("--department", help="这些部门的事项 · All matters of a department, or narrowed to it."),
]
Type = Annotated[str | None, typer.Option("--type", help="此类型的事项 · Matters of a type, such as 行政许可.")]
Bundle = Annotated[str | None, typer.Option("--bundle", help="此一件事的事项 · The matters of a bundle.")]
Search = Annotated[str | None, typer.Option("--search", help="查到的事项 · Matters that a search finds.")]
Region = Annotated[
    str | None, typer.Option(help="只在此区划，该区另立一条 · Only there; a district gets an offer of its own.")
]
Place = Annotated[str | None, typer.Option(help="只在此地点 · Only offers at this place.")]
Preview = Annotated[bool, typer.Option("--preview", help="只显示会怎样 · Only show what would happen.")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问 · Don't ask again.")]
Until = Annotated[str | None, typer.Option(help="截止日（含） · The last day, such as 2030-01-31.")]
From = Annotated[str | None, typer.Option("--from", help="开始日 · The first day, such as 2030-01-01.")]


@app.command()
def suspend(
    channel: On,
    reason: Annotated[str, typer.Option(help="原因，会告诉办事人 · Why; people are told.")],
    codes: Codes = None,
    department: Departments = None,
    type_: Type = None,
    bundle: Bundle = None,
    search: Search = None,
    region: Region = None,
    place: Place = None,
    until: Until = None,
    preview: Preview = False,
    yes: Yes = False,
    database: Database = None,
) -> None:
    """暂停，自即时起 · Suspend from now on, until a day or until resumed."""
    chosen = _selection(channel, codes, department, type_, bundle, search, region, place)
    _change(chosen, OfferChange(OfferAction.SUSPEND, reason, last=_day(until)), preview, yes, database)


@app.command()
def resume(
    channel: On,
    codes: Codes = None,
    department: Departments = None,
    type_: Type = None,
    bundle: Bundle = None,
    search: Search = None,
    region: Region = None,
    place: Place = None,
    reason: Annotated[str | None, typer.Option(help="说明，只记入历史 · Why; only the history is told.")] = None,
    begin: From = None,
    until: Until = None,
    preview: Preview = False,
    yes: Yes = False,
    database: Database = None,
) -> None:
    """恢复或开通 · Resume what is suspended, open what was planned."""
    chosen = _selection(channel, codes, department, type_, bundle, search, region, place)
    change = OfferChange(OfferAction.RESUME, reason, _day(begin), _day(until))
    _change(chosen, change, preview, yes, database)


@app.command()
def plan(
    channel: On,
    reason: Annotated[str, typer.Option(help="说明，会告诉办事人 · What people are told.")],
    codes: Codes = None,
    department: Departments = None,
    type_: Type = None,
    bundle: Bundle = None,
    search: Search = None,
    region: Region = None,
    place: Place = None,
    begin: From = None,
    preview: Preview = False,
    yes: Yes = False,
    database: Database = None,
) -> None:
    """计划开通 · Announce a channel that is to open."""
    chosen = _selection(channel, codes, department, type_, bundle, search, region, place)
    _change(chosen, OfferChange(OfferAction.PLAN, reason, _day(begin)), preview, yes, database)


@app.command()
def correct(
    channel: On,
    codes: Codes = None,
    department: Departments = None,
    type_: Type = None,
    bundle: Bundle = None,
    search: Search = None,
    region: Region = None,
    place: Place = None,
    status: Annotated[str | None, typer.Option(help="状态 · available, suspended, planned, not_offered …")] = None,
    url: Annotated[str | None, typer.Option(help="网址 · The address.")] = None,
    login: Annotated[str | None, typer.Option(help="登录级别 · The login level: account, real_name …")] = None,
    depth: Annotated[str | None, typer.Option(help="网办深度 · The depth, 1 to 4.")] = None,
    hours: Annotated[str | None, typer.Option(help="时间 · The hours, such as Mo-Fr 08:30-17:00.")] = None,
    begin: From = None,
    until: Until = None,
    reason: Annotated[str | None, typer.Option(help="不能办理的原因 · Why it is not available.")] = None,
    unknown: Annotated[
        list[str] | None, typer.Option(help="改为未知的栏目 · A field that is made unknown: url, hours, valid_to …")
    ] = None,
    preview: Preview = False,
    yes: Yes = False,
    database: Database = None,
) -> None:
    """更正网址、时间等 · Correct an address, hours, a status …"""
    chosen = _selection(channel, codes, department, type_, bundle, search, region, place)
    right = Correction(
        read_word(OfferStatus, status, "--status"),
        url,
        read_word(LoginLevel, login, "--login"),
        read_word(OnlineDepth, depth, "--depth"),
        _hours(hours),
        tuple(unknown or ()),
    )
    change = OfferChange(OfferAction.CORRECT, reason, _day(begin), _day(until), right)
    _change(chosen, change, preview, yes, database)


def _selection(
    channel: str,
    codes: list[str] | None,
    departments: list[str] | None,
    type_: str | None,
    bundle: str | None,
    search: str | None,
    region: str | None,
    place: str | None,
) -> Selection:
    filters: dict[str, tuple[Any, ...]] = {
        "department": tuple(departments or ()),
        "type": tuple(filter(None, (read_word(MatterType, type_, "--type"),))),
        "bundle": tuple(filter(None, (bundle,))),
    }
    criteria = Criteria({dimension: values for dimension, values in filters.items() if values})
    return Selection(_word(Channel, channel, "--channel"), tuple(codes or ()), criteria, search, region, place)


def _change(selection: Selection, change: OfferChange, only_preview: bool, sure: bool, database: str | None) -> None:
    engine, now = prepared_engine(database), datetime.now(UTC)
    snapshot = read_snapshot(engine)
    seen = preview_offers(snapshot, choose(snapshot, selection), change, now, cases_known(snapshot, now, database))
    tell(report(seen))
    if only_preview or not seen.plan.edits:
        return
    if not sure:
        if not sys.stdin.isatty():
            err.print("未作任何更改；要执行请加 --yes · nothing was changed; add --yes to do it")
            raise typer.Exit(1)
        typer.confirm("执行吗 · Do it?", abort=True)
    done = change_offers(engine, seen.agreed, actor())
    out.print(f"已改 {done.offers} 个渠道，修订 {done.revision} · changed, revision {done.revision}", markup=False)


def _day(text: str | None) -> date | None:
    return read_day(text) if text else None


def _hours(text: str | None) -> Hours | None:
    try:
        return parse_hours(text) if text else None
    except BadHours as error:
        expected = "应形如 Mo-Fr 08:30-12:00,13:30-17:00; PH off · expected hours as written there"
        raise typer.BadParameter(f"“{error}”：{expected}", param_hint="--hours") from None


def _word(kind: type[W], text: str, option: str) -> W:
    word = read_word(kind, text, option)
    if word is None:
        raise typer.BadParameter(f"应为 · expected: {kind.expected()}", param_hint=option)
    return word
