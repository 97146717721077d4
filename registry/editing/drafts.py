"""Drafts: a bundle being edited, by whom, how far it has come, and what was said of it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from registry.access import Grant
from registry.bundles import Bundle, Member
from registry.words import Word


class DraftState(Word):
    """How far a draft has come. Any edit takes it back to OPEN."""

    OPEN = "open", "编辑中", "being edited"
    SUBMITTED = "submitted", "待审核", "waiting for review"
    APPROVED = "approved", "已通过审核", "approved"
    CHANGES_ASKED = "changes_asked", "需修改", "changes asked for"


class RemarkKind(Word):
    """What somebody said of a draft."""

    COMMENT = "comment", "意见", "comment"
    MEMBERS_APPROVED = "members_approved", "确认本部门事项", "approved their members"
    SUBMITTED = "submitted", "提交审核", "submitted for review"
    APPROVED = "approved", "审核通过", "approved"
    CHANGES_ASKED = "changes_asked", "要求修改", "asked for changes"
    REBASED = "rebased", "并入新版本", "carried over to a newer version"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person acts on: a bundle's draft at the version they saw, or the published bundle at its version."""

    bundle: str
    version: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person says when publishing. `override`: why, although something stands in the way."""

    note: str | None = None
    override: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said of one version of a draft. `members` are those approved, as they were then."""

    kind: RemarkKind
    author: str
    at: datetime
    version: int
    text: str | None = None
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody who is editing: since when, when last seen, and how many edits of theirs were accepted."""

    name: str
    since: datetime
    seen: datetime
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A full copy of a published version, being edited; a bundle has one at most.

    `version` is the number of its last edit. Edits of a bundle are numbered on and on,
    over all its drafts, so that no number ever means two things; `opened` is the number
    with which this draft began. `based_on` is the published version it is a copy of.
    """

    bundle: str
    based_on: int
    opened: int
    version: int
    opened_by: str
    opened_at: datetime
    content: Bundle
    state: DraftState = DraftState.OPEN
    submitted_by: str | None = None
    editors: tuple[Editor, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def authors(self) -> tuple[str, ...]:
        """Whose edits are in it."""
        return tuple(editor.name for editor in self.editors if editor.edits)

    @property
    def approved_by(self) -> str | None:
        """Who approved it as it stands; None: nobody did."""
        if self.state is not DraftState.APPROVED:
            return None
        return next(remark.author for remark in reversed(self.remarks) if remark.kind is RemarkKind.APPROVED)

    @property
    def approved_members(self) -> tuple[str, ...]:
        """Members that their departments approved as they stand: an edit of a member voids what was said of it."""
        approved = {member for remark in self.remarks for member in remark.members}
        return tuple(member.matter for member in self.content.members if member in approved)


class ScheduleState(Word):
    """What became of a publication planned for a moment."""

    WAITING = "waiting", "待发布", "waiting"
    DONE = "done", "已发布", "published"
    FAILED = "failed", "未能发布", "failed"
    CANCELLED = "cancelled", "已取消", "cancelled"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A publication planned for a moment: of drafts at the versions seen, all or none, and at no other versions.

    `grants` are those its author had when planning it, and what is done at `due` is done
    with them. `reason` says why it failed or was cancelled, Chinese and English.
    """

    code: str
    due: datetime
    author: str
    planned_at: datetime
    items: tuple[Seen, ...]
    grants: tuple[Grant, ...]
    state: ScheduleState = ScheduleState.WAITING
    terms: Terms = Terms()
    ended_at: datetime | None = None
    reason: str | None = None
    release: str | None = None
