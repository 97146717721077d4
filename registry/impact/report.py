"""An impact as sentences for a person, what keeps it from being published first."""

from collections.abc import Iterator

from registry.impact import sentences
from registry.impact.channels import Here, PromiseChange
from registry.impact.impact import Impact
from registry.impact.words import TURNED, Turn
from registry.routing.sentences import Text

NOTHING = Text("没有影响", "nothing changes for anybody")


def report(impact: Impact) -> tuple[Text, ...]:
    """All that an impact says, a sentence each. What a finding has said already isn't said again."""
    if impact.nothing:
        return (NOTHING, *_findings(impact))
    return (*_findings(impact), *_channels(impact), *_promises(impact), *_rest(impact))


def _findings(impact: Impact) -> Iterator[Text]:
    for blocker in impact.blockers:
        zh, en = ("须说明理由", "a reason is needed") if blocker.overridable else ("不能发布", "can’t be published")
        yield Text(f"[{zh}] {blocker.zh}", f"[{en}] {blocker.en}")
    for notice in impact.notices:
        yield Text(f"[提示] {notice.zh}", f"[to know] {notice.en}")


def _channels(impact: Impact) -> Iterator[Text]:
    for change in impact.channels:
        for here in change.everywhere:
            if here.turn in TURNED and not any(_says(promise, here) for promise in impact.promises):
                yield sentences.of_channel(change, here)
    for turn in (Turn.KEPT, Turn.STILL_NOT):
        names = [change.channel for change in impact.channels if change.turn is turn]
        if names:
            zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
            said = sentences.CHANNEL[turn]
            yield Text(f"{zh}：{said.zh}", f"{en}: {said.en}")


def _says(promise: PromiseChange, here: Here) -> bool:
    """Whether a promise that breaks says that the channel is lost there, and why."""
    broken = (each for each in promise.everywhere if each.turn is Turn.LOST and each.after.blocked_by)
    return any(each.regions == here.regions and each.after is here.after for each in broken)


def _promises(impact: Impact) -> Iterator[Text]:
    for promise in impact.promises:
        for here in promise.everywhere:
            if here.turn is Turn.GAINED:
                yield sentences.of_channel(promise, here)


def _rest(impact: Impact) -> Iterator[Text]:
    yield from (sentences.of_figure(figure) for figure in impact.figures if figure.changed)
    # Where one side has no value, no matter of the kind was in the bundle: nothing moved.
    yield from (sentences.of_move(move) for move in impact.moves if None not in (move.before.value, move.after.value))
    yield sentences.of_people(impact.people)
