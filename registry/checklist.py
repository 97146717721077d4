"""The checklist of a draft: to publish it you still need … Pure; what it says holds for the moment of its impact."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from registry.editing.drafts import Draft, DraftState, RemarkKind
from registry.holdings import Holdings
from registry.impact.impact import Impact
from registry.words import Word


class Step(Word):
    """What somebody has still to do."""

    CHANGE = "change", "作出更改", "change something"
    REBASE = "rebase", "并入新版本", "carry it over to the newer version"
    MEND = "mend", "改正", "mend"
    REASON = "reason", "写明理由", "give a reason"
    MEMBERS = "members", "配合单位确认", "have cooperating departments approve"
    SUBMIT = "submit", "提交审核", "submit"
    REVIEW = "review", "审核", "review"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is still needed; without it if not `required`, and it is better with it.

    `member` is the matter's code, where it is about one.
    """

    step: Step
    zh: str
    en: str
    required: bool = True
    member: str | None = None


def still_needed(draft: Draft, impact: Impact, holdings: Holdings) -> tuple[Need, ...]:
    """What is still needed to publish a draft whose content has this impact, in the order in which to do it."""
    return (*_edits(draft, impact), *_blockers(impact), *_members(draft, holdings), *_review(draft))


def ready(needs: Sequence[Need]) -> bool:
    """Whether it can be published; a reason is given in publishing it."""
    return all(need.step is Step.REASON or not need.required for need in needs)


def _edits(draft: Draft, impact: Impact) -> Iterator[Need]:
    published = impact.before
    if published is None:
        return
    if draft.based_on != published.version:
        yield Need(
            Step.REBASE,
            f"草稿基于第 {draft.based_on} 版，已发布第 {published.version} 版：请并入",
            f"it is of version {draft.based_on}, and {published.version} is published: carry it over",
        )
    elif replace(draft.content, version=published.version) == published:
        yield Need(Step.CHANGE, "与已发布的相同：请作出更改", "it is what is published: change something")


def _blockers(impact: Impact) -> Iterator[Need]:
    for blocker in sorted(impact.blockers, key=lambda blocker: blocker.overridable):
        if blocker.overridable:
            zh, en = f"须有权者写明理由，或改正：{blocker.zh}", f"a publisher’s reason, or mend it: {blocker.en}"
            yield Need(Step.REASON, zh, en, member=blocker.member)
        else:
            yield Need(Step.MEND, f"请改正：{blocker.zh}", f"mend it: {blocker.en}", member=blocker.member)


def _members(draft: Draft, holdings: Holdings) -> Iterator[Need]:
    """Members of other departments that these haven't approved. Nobody is kept waiting for that."""
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    approved = draft.approved_members
    for member in draft.content.members:
        matter = holdings.matters.get(member.matter)
        if matter and matter.department != draft.content.lead_department and member.matter not in approved:
            waiting[matter.department].append(member.matter)
    for code, members in sorted(waiting.items()):
        department = holdings.departments.get(code)
        zh = (department and (department.short_name or department.name)) or code
        en = (department and (department.name_en or department.name)) or code
        yield Need(
            Step.MEMBERS,
            f"最好由{zh}确认：{'、'.join(members)}",
            f"better with the approval of {en}: {', '.join(members)}",
            required=False,
        )


def _review(draft: Draft) -> Iterator[Need]:
    if draft.state is DraftState.OPEN:
        yield Need(Step.SUBMIT, "请提交审核", "submit it for review")
    if draft.state is DraftState.CHANGES_ASKED:
        asked = next(remark for remark in reversed(draft.remarks) if remark.kind is RemarkKind.CHANGES_ASKED)
        said = asked.text or ""
        yield Need(
            Step.SUBMIT,
            f"{asked.author}要求修改（{said}）：改后再提交",
            f"{asked.author} asked for changes ({said}): make them and submit it again",
        )
    if draft.state is not DraftState.APPROVED:
        names = tuple(dict.fromkeys(name for name in (draft.submitted_by, *draft.authors) if name))
        zh, en = "、".join(names), ", ".join(names)
        yield Need(
            Step.REVIEW,
            f"由另一人审核通过（不能是{zh}）" if names else "由另一人审核通过",
            f"have another person approve it (not {en})" if names else "have another person approve it",
        )
