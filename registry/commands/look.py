"""`matters search` and `matters show`."""

from typing import Annotated

import typer
from rich.table import Table

from registry.bundles import Bundle
from registry.commands.start import Database, out, prepared_engine
from registry.errors import RegistryError
from registry.finder import Criteria, find_bundles, find_matters
from registry.matters import Matter, TimeLimit
from registry.snapshot import Snapshot
from registry.store.current import read_snapshot
from registry.words import Word


class UnknownCode(RegistryError):
    """Neither a matter nor a bundle has this code."""


def search(
    words: Annotated[list[str], typer.Argument(help="要找的 · What to look for, as one would say it.")],
    first: Annotated[int, typer.Option(min=1, max=100, help="最多几条 · At most so many.")] = 10,
    database: Database = None,
) -> None:
    """搜索事项和一件事 · Search matters and bundles as people say it: 身份证丢了, sfz, gongjijin."""
    snapshot = read_snapshot(prepared_engine(database))
    text = " ".join(words)
    matters = find_matters(snapshot, Criteria(), text)
    bundles = find_bundles(snapshot, Criteria(), text)
    table = Table(box=None, pad_edge=False)
    for title in ("编码 code", "名称 name", "部门 department", "命中 matched"):
        table.add_column(title)
    for found in (matters, bundles):
        for _, record in found.page(first, None, None, None).records if found.count else ():
            department = record.department if isinstance(record, Matter) else record.lead_department
            name = snapshot.holdings.departments[department].name
            table.add_row(record.code, record.name, name, "、".join(found.hits[record.code].matched))
    out.print(table if table.row_count else "没有找到 · nothing found")


def show(
    code: Annotated[str, typer.Argument(help="事项或一件事的编码 · A matter's or bundle's code.")],
    database: Database = None,
) -> None:
    """显示一个事项或一件事 · Show a matter or a bundle."""
    snapshot = read_snapshot(prepared_engine(database))
    matter, bundle = snapshot.holdings.matters.get(code), snapshot.holdings.bundles.get(code)
    if matter is not None:
        _show_matter(snapshot, matter)
    elif bundle is not None:
        _show_bundle(snapshot, bundle)
    else:
        raise UnknownCode(f"没有编码为“{code}”的事项或一件事", f"neither a matter nor a bundle has the code “{code}”")


def _show_matter(snapshot: Snapshot, matter: Matter) -> None:
    held = snapshot.holdings
    _title(matter, matter.illustrative)
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(style="bold")
    facts.add_row("部门 department", held.departments[matter.department].name)
    facts.add_row("类型 type", _word(matter.type))
    facts.add_row("服务对象 for", "、".join(each.zh for each in matter.service_objects) or UNKNOWN)
    statutory = "法律未规定 · none" if matter.no_statutory_limit else _limit(matter.statutory_limit)
    facts.add_row("法定时限 statutory", statutory)
    facts.add_row("承诺时限 promised", _limit(matter.promised_limit))
    facts.add_row("到现场次数 visits", UNKNOWN if matter.visits is None else str(matter.visits))
    facts.add_row("材料 materials", _materials(matter))
    facts.add_row("一件事 bundles", "、".join(b.name for b in snapshot.bundles_of.get(matter.code, ())) or "—")
    out.print(facts)
    offers = Table("渠道 channel", "状态 status", "区划 region", "地址 where", "说明 note", box=None, pad_edge=False)
    for offer in snapshot.every_offer(matter):
        place, region = held.places.get(offer.place or ""), held.regions.get(offer.region)
        where = offer.url or (place.name if place else "")
        offers.add_row(
            offer.channel.zh,
            f"{offer.status.zh} {offer.status.en}",
            region.name if region else "",
            where,
            offer.reason or "",
        )
    out.print(offers)


def _show_bundle(snapshot: Snapshot, bundle: Bundle) -> None:
    held = snapshot.holdings
    _title(bundle, bundle.illustrative)
    out.print(f"牵头 lead: {held.departments[bundle.lead_department].name}")
    out.print(
        f"承诺 promises: {'、'.join(form.zh for form in bundle.forms)}；时限 limit {_limit(bundle.promised_limit)}"
    )
    members = Table("", "编码 code", "事项 matter", "适用 applies to", box=None, pad_edge=False)
    for position, member in enumerate(bundle.members, start=1):
        matter = held.matters.get(member.matter)
        name = matter.name if matter else "已不在库 · no longer held"
        members.add_row(str(position), member.matter, name, member.condition or "—")
    out.print(members)


UNKNOWN = "未知 · unknown"


def _title(record: Matter | Bundle, illustrative: bool) -> None:
    label = "  [dim]示例数据 · illustrative[/dim]" if illustrative else ""
    out.print(f"[bold]{record.name}[/bold]  {record.code}{label}")


def _word(word: Word | None) -> str:
    return f"{word.zh} · {word.en}" if word else UNKNOWN


def _limit(limit: TimeLimit | None) -> str:
    if limit is None:
        return UNKNOWN
    return "即办 · on the spot" if limit.on_the_spot else f"{limit.amount} {limit.unit.zh} · {limit.unit.en}"


def _materials(matter: Matter) -> str:
    if matter.materials is None:
        return UNKNOWN
    return "、".join(each.name for each in matter.materials) or "无需材料 · none"
