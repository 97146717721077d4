"""A preview as sentences for a person: what breaks first, then who loses what, then what would be done."""

from collections import Counter
from collections.abc import Iterator, Sequence

from registry.hours import Hours, format_hours
from registry.impact import sentences
from registry.impact.offers import BundleImpact, MatterImpact, OffersImpact
from registry.impact.words import TURNED, Turn
from registry.offering.planning import OfferEdit, OfferPlan
from registry.offering.preview import Preview
from registry.routing.reasons import speak
from registry.routing.sentences import Text
from registry.words import Channel

FIELDS = {
    "status": Text("状态", "status"),
    "url": Text("网址", "address"),
    "login": Text("登录", "login"),
    "depth": Text("深度", "depth"),
    "hours": Text("时间", "hours"),
    "valid_from": Text("自", "from"),
    "valid_to": Text("至", "until"),
    "reason": Text("原因", "reason"),
}
NAMED = 8  # so many are named; of more, how many there are


def report(preview: Preview) -> tuple[Text, ...]:
    """All that a preview says, a sentence each."""
    return (*_impact(preview.impact), *_plan(preview.plan))


def edit(made: OfferEdit) -> Text:
    """What changes of one offer, beside what held there before."""
    zh, en = (list(_differences(made, language)) for language in (0, 1))
    region = made.after.region if made.after.place is None else f"{made.after.region} {made.after.place}"
    return Text(
        f"{made.matter} {made.after.channel.zh}（{region}）：{'；'.join(zh)}",
        f"{made.matter}, {made.after.channel.en} ({region}): {'; '.join(en)}",
    )


def _differences(made: OfferEdit, language: int) -> Iterator[str]:
    for field, name in FIELDS.items():
        before, after = getattr(made.held, field), getattr(made.after, field)
        if before != after:
            yield f"{name[language]} {_said(before, language)} → {_said(after, language)}"


def _said(value: object, language: int) -> str:
    if value is None:
        return "—"
    return format_hours(value) if isinstance(value, Hours) else speak(value, language)


def _impact(impact: OffersImpact) -> Iterator[Text]:
    for touched in impact.bundles:
        yield from _bundle(touched)
        if touched.people is not None and touched in impact.broken:
            said = sentences.of_people(touched.people)
            yield Text(f"“{touched.bundle.code}”{said.zh}", f"{touched.bundle.code}: {said.en}")
    for channel in Channel:
        yield from _listed(
            Text(f"失去{channel.zh}的事项", f"matters that lose {channel.en}"), impact.having(channel, Turn.LOST)
        )
        yield from _listed(
            Text(f"新增{channel.zh}的事项", f"matters that gain {channel.en}"), impact.having(channel, Turn.GAINED)
        )
    yield from _listed(Text("只剩窗口办的事项", "matters left with the hall only"), impact.hall_only)
    yield from map(sentences.of_move, impact.moves)
    if impact.nothing:
        yield Text("对办事人没有影响", "nothing changes for anybody")


def _bundle(touched: BundleImpact) -> Iterator[Text]:
    """Of a channel that is promised, only the promise."""
    promised = {promise.channel for promise in touched.promises}
    others = (change for change in touched.channels if change.channel not in promised)
    for change in (*touched.promises, *others):
        for here in change.everywhere:
            if here.turn in TURNED:
                said = sentences.of_channel(change, here)
                yield Text(
                    f"“{touched.bundle.code} {touched.bundle.name}”{said.zh}",
                    f"{touched.bundle.code} ({touched.bundle.name_en or touched.bundle.name}): {said.en}",
                )


def _listed(title: Text, matters: Sequence[MatterImpact]) -> Iterator[Text]:
    if matters:
        named = [each.matter for each in matters[:NAMED]]
        zh = "、".join(f"{matter.code} {matter.name}" for matter in named)
        en = ", ".join(f"{matter.code} ({matter.name_en or matter.name})" for matter in named)
        more = len(matters) > NAMED
        yield Text(f"{title.zh} {len(matters)} 项：{zh}{'……' * more}", f"{title.en}: {len(matters)}: {en}{' …' * more}")


def _plan(plan: OfferPlan) -> Iterator[Text]:
    yield Text(
        f"将改 {len(plan.matters)} 项事项的 {len(plan.edits)} 个渠道",
        f"would change {len(plan.edits)} offers of {len(plan.matters)} matters",
    )
    yield from (edit(each) for each in plan.edits[:NAMED])
    if (more := len(plan.edits) - NAMED) > 0:
        yield Text(f"……另有 {more} 个", f"… and {more} more")
    for why, count in Counter(each.why for each in plan.passed_over).items():
        yield Text(f"略过 {count} 处：{why.zh}", f"passed over {count}: {why.en}")
