"""Findings: what blocks publishing, what asks for a reason, and what is only to know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry.holdings import Holdings
from registry.impact.channels import Here, PromiseChange
from registry.impact.membership import Membership
from registry.impact.policy import Policy
from registry.impact.sentences import because, matter, once, within
from registry.impact.words import Code, Turn, Weight
from registry.routing.sentences import Text


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a bundle from being published; with a reason, by one who may, if `overridable`.

    `code` is the name of a word of `Code`; `member` the matter's code, where it is about one.
    `already`: it was so before the edit.
    """

    code: str
    zh: str
    en: str
    member: str | None
    overridable: bool
    already: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What to know before publishing."""

    code: str
    zh: str
    en: str
    member: str | None


Found = tuple[Code, Text, str | None]
# What stands in the way is a promise that is broken, whoever broke it.
ALREADY = {Code.PROMISE_BROKEN_BEFORE: Code.PROMISE_BROKEN}


def sorted_out(found: Sequence[Found], policy: Policy) -> tuple[tuple[Blocker, ...], tuple[Notice, ...]]:
    """Blockers and notices, by the policy's weights."""
    blockers, notices = [], []
    for code, text, member in dict.fromkeys(found):
        weight = policy.weights[code]
        if weight is Weight.TELLS:
            notices.append(Notice(code.name, *text, member))
        else:
            said = ALREADY.get(code, code).name
            asks = weight is Weight.ASKS
            blockers.append(Blocker(said, *text, member, overridable=asks, already=code in ALREADY))
    return tuple(blockers), tuple(notices)


def of_members(members: Membership, holdings: Holdings, empty: bool) -> Iterator[Found]:
    """What is wrong with the list of members itself."""
    if empty:
        yield Code.EMPTY_BUNDLE, Text("一件事没有事项", "the bundle has no members"), None
    for code in members.twice:
        who = matter(holdings, code)
        said = Text(f"事项{who.zh}在一件事中出现了不止一次", f"matter {who.en} is in the bundle more than once")
        yield Code.DUPLICATE_MEMBER, said, code
    for gone in members.gone:
        if gone.matter in members.unknown:
            yield Code.UNKNOWN_MATTER, gone.reason.text, gone.matter
        else:
            yield Code.WITHDRAWN_MATTER, because(gone), gone.matter
    for code in members.left_out:
        who = matter(holdings, code)
        said = Text(f"事项{who.zh}将不再属于任何一件事", f"matter {who.en} will be in no bundle any more")
        yield Code.MATTER_LEFT_OUT, said, code


def of_promises(promises: Sequence[PromiseChange], unknown: Sequence[str]) -> Iterator[Found]:
    """Promises that break, were broken or are dropped, each member named. What is not a matter at all breaks none."""
    for promise in promises:
        if promise.turn is Turn.DROPPED:
            said = Text(f"将不再承诺{promise.form.zh}", f"no longer promised: {promise.form.en}")
            yield Code.PROMISE_DROPPED, said, None
            continue
        # A district tells what the whole city doesn't: elsewhere the promise may be kept.
        for here in promise.everywhere:
            code = OF_TURN.get(here.turn)
            if code is not None:
                for one in once(here.after.blocked_by):
                    if one.matter not in unknown:
                        yield code, _breaks(promise, here, because(one)), one.matter


OF_TURN = {Turn.LOST: Code.PROMISE_BROKEN, Turn.STILL_NOT: Code.PROMISE_BROKEN_BEFORE}


def _breaks(promise: PromiseChange, here: Here, why: Text) -> Text:
    where = within(here.regions)
    past = here.turn is Turn.STILL_NOT
    return Text(
        f"{'原已做不到' if past else '将做不到'}{promise.form.zh}{where.zh}：{why.zh}",
        f"{'already broken' if past else 'a promise breaks'}: {promise.form.en}{where.en}: {why.en}",
    )
