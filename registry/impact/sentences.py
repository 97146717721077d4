"""What an impact says of each thing, in Chinese and English."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from registry.holdings import Holdings
from registry.impact.channels import ChannelChange, Here, PromiseChange
from registry.impact.figures import FigureChange, Number, Pair
from registry.impact.moves import Move
from registry.impact.words import Turn
from registry.places import Region
from registry.rates.answer import Answer
from registry.routing.members import Blocked
from registry.routing.sentences import Text

CHANNEL = {
    Turn.KEPT: Text("仍能整件办理", "the whole bundle can still be done there"),
    Turn.GAINED: Text("将能整件办理", "the whole bundle can be done there from now on"),
    Turn.LOST: Text("将不能整件办理", "the whole bundle can no longer be done there"),
    Turn.STILL_NOT: Text("仍不能整件办理", "the whole bundle still can’t be done there"),
}
PROMISE = {
    Turn.KEPT: Text("承诺保持", "the promise is kept"),
    Turn.GAINED: Text("承诺将能做到", "the promise will be kept"),
    Turn.LOST: Text("承诺将做不到", "the promise breaks"),
    Turn.STILL_NOT: Text("承诺原已做不到，仍做不到", "the promise was broken before, and stays so"),
    Turn.DROPPED: Text("将不再承诺", "no longer promised"),
}
# With these the members in the way are named.
EXPLAINED = frozenset({Turn.LOST, Turn.STILL_NOT})


def of_channel(change: ChannelChange, here: Here) -> Text:
    """What becomes of a channel or a promise in one area, and who is in the way."""
    name, said = change.name, (PROMISE if isinstance(change, PromiseChange) else CHANNEL)[here.turn]
    where = within(here.regions)
    why = [because(one) for one in once(here.after.blocked_by)] if here.turn in EXPLAINED else []
    return Text(
        f"{name.zh}{where.zh}：{said.zh}" + "".join(f"；{each.zh}" for each in why),
        f"{name.en}{where.en}: {said.en}" + "".join(f"; {each.en}" for each in why),
    )


def within(regions: Sequence[Region]) -> Text:
    """Where; nothing for the whole city."""
    if not regions:
        return Text("", "")
    names = Text("、".join(each.name for each in regions), ", ".join(each.name_en or each.name for each in regions))
    return Text(f"（{names.zh}）", f" (in {names.en})")


def because(blocked: Blocked) -> Text:
    """A member in the way, and why."""
    who = f"“{blocked.matter} {blocked.name}”" if blocked.name else f"“{blocked.matter}”"
    en = f"{blocked.matter} ({blocked.name})" if blocked.name else blocked.matter
    return Text(f"{who}：{blocked.reason.text.zh}", f"{en}: {blocked.reason.text.en}")


def once(blocked: Iterable[Blocked]) -> tuple[Blocked, ...]:
    """Each member once, though it may be in the bundle twice."""
    return tuple({one.matter: one for one in blocked}.values())


def matter(holdings: Holdings, code: str) -> Text:
    """A matter by its code and, if it is held, its name."""
    held = holdings.matters.get(code)
    return Text(f"“{code} {held.name}”", f"{code} ({held.name_en or held.name})") if held else Text(f"“{code}”", code)


def of_figure(change: FigureChange) -> Text:
    """A figure before and after."""
    parts = [
        (zh, en, pair)
        for zh, en, pair in (("一起办", "together", change.together), ("逐件办", "one by one", change.one_by_one))
        if pair.changed
    ]
    return Text(
        f"{change.figure.zh}：" + "；".join(f"{zh} {_pair(pair, '未知')}" for zh, _, pair in parts),
        f"{change.figure.en}: " + "; ".join(f"{en} {_pair(pair, 'unknown')}" for _, en, pair in parts),
    )


def of_move(move: Move) -> Text:
    """A rate before and after."""
    zh, en = ("（本一件事的事项）", " (of this bundle’s matters)") if move.bundle else ("", "")
    return Text(
        f"{move.rate.zh}{zh}：{_rate(move.before, '未知')} → {_rate(move.after, '未知')}",
        f"{move.rate.en}{en}: {_rate(move.before, 'unknown')} → {_rate(move.after, 'unknown')}",
    )


def of_people(people: int | None) -> Text:
    """How many people it touches."""
    if people is None:
        return Text("最近十二个月的办件数未知", "how many cases there were in the last twelve months is unknown")
    return Text(f"最近十二个月有 {people} 件办件", f"there were {people} cases in the last twelve months")


def _pair(pair: Pair, unknown: str) -> str:
    return " → ".join(_number(each, unknown) for each in (pair.before, pair.after))


def _number(number: Number, unknown: str) -> str:
    return unknown if number is None else f"{number:g}"


def _rate(answer: Answer, unknown: str) -> str:
    if answer.value is None:
        return unknown
    return f"{float(answer.value):.2%}（{_plain(answer.numerator)}/{_plain(answer.denominator)}）"


def _plain(number: Fraction | None) -> str:
    return "?" if number is None else f"{float(number):g}"
