"""`matters route`: where to do a matter or a bundle."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from registry.commands.moments import read_moment
from registry.commands.start import Database, out, prepared_engine, read_word
from registry.routing.journey import Journey, journey
from registry.routing.reasons import speak
from registry.routing.route import Route, Verdict, route
from registry.routing.whereabouts import Whereabouts
from registry.routing.wishes import Wish
from registry.routing.words import Applies, Device, Preference
from registry.store.current import read_snapshot
from registry.words import LoginLevel, ServiceObject


def show_route(
    code: Annotated[str, typer.Argument(help="事项或一件事的编码 · A matter's code, or with --bundle a bundle's.")],
    bundle: Annotated[bool, typer.Option("--bundle", help="是一件事 · It is a bundle.")] = False,
    device: Annotated[str | None, typer.Option(help="手边设备 · phone, computer, kiosk or none.")] = None,
    region: Annotated[str | None, typer.Option(help="区划代码 · The region's code, such as 330106.")] = None,
    at: Annotated[
        str | None, typer.Option(help="时刻，默认现在 · 2020-10-01T09:00; the city's time; default now.")
    ] = None,
    service_object: Annotated[str | None, typer.Option("--for", help="服务对象 · person, enterprise, 自然人 …")] = None,
    login: Annotated[str | None, typer.Option(help="已有登录级别 · The login level held: account, real_name …")] = None,
    position: Annotated[str | None, typer.Option(help="位置 · Longitude,latitude, such as 120.13,30.26.")] = None,
    preference: Annotated[str | None, typer.Option(help="偏好 · by_myself, with_help or elderly.")] = None,
    applies: Annotated[
        list[str] | None,
        typer.Option(help="适用的条件事项，不适用前加 - · A conditional member that applies; with - not."),
    ] = None,
    database: Database = None,
) -> None:
    """去哪里办，其他渠道为何不行 · Which channel, and why not the others."""
    wish = Wish(
        device=read_word(Device, device, "--device"),
        region=region,
        service_object=read_word(ServiceObject, service_object, "--for"),
        login=read_word(LoginLevel, login, "--login"),
        position=_position(position),
        preference=read_word(Preference, preference, "--preference"),
        applies={each.removeprefix("-"): not each.startswith("-") for each in applies or ()},
    )
    moment = read_moment(at) if at else datetime.now(UTC)
    snapshot = read_snapshot(prepared_engine(database))
    if bundle:
        _print_journey(journey(snapshot, code, wish, moment))
    else:
        _print_route(route(snapshot, code, wish, moment))


def _position(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        longitude, latitude = map(float, text.split(","))
    except ValueError:
        raise typer.BadParameter("应形如 120.13,30.26 · expected longitude,latitude", param_hint="--position") from None
    return longitude, latitude


def _print_route(way: Route) -> None:
    out.print(f"[bold]{way.matter.name}[/bold]  {way.matter.code}  {speak(way.moment, 0)}")
    table = Table("", "渠道 channel", "说明 why", "怎么办 remedy", box=None, pad_edge=False)
    for verdict in way.verdicts:
        table.add_row(
            "➜" if verdict.taken else "", verdict.channel.zh, _why(verdict), verdict.remedy.zh if verdict.remedy else ""
        )
    out.print(table)
    chosen = way.chosen
    if chosen.url:
        out.print(f"网址 address: {chosen.url}")
    if way.place:
        _print_place(way.place)
    if way.begin:
        out.print(f"可先办一部分 may be begun on: {'、'.join(channel.zh for channel in way.begin)}")
    if chosen.place and way.documents is not None:
        out.print(f"请带 bring: {'、'.join(each.name for each in way.documents) or '无需材料 nothing'}")


def _why(verdict: Verdict) -> str:
    said = [verdict.reason, *verdict.notes] if verdict.reason else list(verdict.notes)
    sentences = [f"{reason.text.zh} / {reason.text.en}" for reason in said]
    return "；".join(sentences) or "就在这里办 / do it here"


def _print_place(place: Whereabouts) -> None:
    opening = place.next_opening
    opens = (
        "营业中 open"
        if place.open_now
        else f"下次开门 opens {speak(opening, 0)}"
        if opening
        else "开门时间未知 hours unknown"
    )
    label = "地点 place" if place.known else "地点未登记，请询问 no place is known; ask"
    out.print(f"{label}: {place.name}  {place.address or ''}  {place.telephone or ''}  {opens}")


def _print_journey(way: Journey) -> None:
    out.print(f"[bold]{way.bundle.name}[/bold]  {way.bundle.code}  {speak(way.moment, 0)}")
    for whole in way.whole:
        mark = "能全办 whole" if whole.possible else "不能全办 not whole"
        out.print(f"{whole.channel.zh}: {mark}")
        for blocked in whole.blocked_by:
            out.print(f"    {blocked.matter} {blocked.name or ''}: {blocked.reason.text.zh} / {blocked.reason.text.en}")
    for number, leg in enumerate(way.legs, start=1):
        out.print(f"第 {number} 程 leg {number}: [bold]{leg.channel.zh}[/bold] {leg.place.name if leg.place else ''}")
        for member in leg.members:
            depends = f"（视情况 depends: {member.condition}）" if member.applies is Applies.DEPENDS else ""
            out.print(f"    {member.position}. {member.matter.name if member.matter else member.code}{depends}")
    table = Table("", "到场 visits", "材料 documents", "时限（工作日）working days", box=None, pad_edge=False)
    for title, totals in (("作为一件事 together", way.together), ("逐项办理 one by one", way.one_by_one)):
        figures = (totals.visits, totals.materials, totals.working_days)
        table.add_row(title, *("未知 unknown" if figure is None else f"{figure:g}" for figure in figures))
    out.print(table)
