"""What is refused of editing and publishing, each with what a person can do about it."""

from collections.abc import Sequence

from registry.access import Actor, Forbidden, Permission
from registry.editing.differences import Said
from registry.errors import RegistryError
from registry.impact.findings import Blocker

MEANWHILE_SHOWN = 20


class StaleVersion(RegistryError):
    """Acting on a version that is no longer the newest. `current` is the newest, `meanwhile` what changed since, in words."""

    code = "STALE_VERSION"

    def __init__(self, bundle: str, expected: int, current: int, meanwhile: Sequence[Said]) -> None:
        self.current = current
        self.meanwhile = tuple(meanwhile)
        shown = self.meanwhile[-MEANWHILE_SHOWN:]
        zh, en = "；".join(zh for zh, _ in shown) or "无记录", "; ".join(en for _, en in shown) or "nothing on record"
        super().__init__(
            f"“{bundle}”当前为第 {current} 版，而不是第 {expected} 版。其间：{zh}",
            f"“{bundle}” is at version {current}, not {expected}. Meanwhile: {en}",
        )


class BaseMoved(RegistryError):
    """What the draft is a copy of is no longer what is published. `meanwhile` says what changed."""

    code = "BASE_MOVED"

    def __init__(self, bundle: str, based_on: int, current: int, meanwhile: Sequence[Said]) -> None:
        self.current = current
        self.meanwhile = tuple(meanwhile)
        zh, en = "；".join(zh for zh, _ in meanwhile), "; ".join(en for _, en in meanwhile)
        super().__init__(
            f"草稿基于“{bundle}”第 {based_on} 版，而已发布第 {current} 版（{zh}）；请先把草稿并入新版本",
            f"the draft is of version {based_on} of “{bundle}”, but version {current} is published ({en});"
            " carry the draft over to it first",
        )


class NoDraft(RegistryError):
    """Nobody is editing the bundle."""

    code = "NO_DRAFT"

    def __init__(self, bundle: str) -> None:
        super().__init__(f"“{bundle}”没有草稿；请先新建草稿", f"“{bundle}” has no draft; open one first")


class NothingChanged(RegistryError):
    """What was to be saved, submitted or published changes nothing."""

    code = "NOTHING_CHANGED"

    def __init__(self, bundle: str) -> None:
        super().__init__(f"对“{bundle}”没有任何更改", f"nothing of “{bundle}” would change")


class NotSubmitted(RegistryError):
    """A draft that nobody asked to have reviewed, or that was submitted or reviewed already."""

    code = "NOT_SUBMITTED"

    def __init__(self, bundle: str, state: Said) -> None:
        super().__init__(
            f"“{bundle}”的草稿{state[0]}，此时不能这样做", f"the draft of “{bundle}” is {state[1]}; not now"
        )


class SayWhy(RegistryError):
    """A reason is asked for and none was given. `field` is where it belongs."""

    code = "REASON_NEEDED"

    def __init__(self, field: str) -> None:
        super().__init__("请写明理由", "a reason is needed")
        self.field = field


class SecondPerson(Forbidden):
    """One who asked for the review, or whose edits are in the draft, can't review it, whatever their role."""

    code = "SECOND_PERSON_NEEDED"

    def __init__(self, actor: Actor, bundle: str) -> None:
        super().__init__(actor, Permission.REVIEW_BUNDLE, "draft", bundle)
        self.zh = f"您（{actor.name}）参与了“{bundle}”草稿的编辑或送审，须由另一人审核"
        self.en = f"you ({actor.name}) edited or submitted the draft of “{bundle}”: another person must review it"
        self.args = (f"{self.zh} / {self.en}",)


class NeedsReview(RegistryError):
    """A draft that nobody approved as it stands."""

    code = "NEEDS_REVIEW"

    def __init__(self, bundle: str) -> None:
        super().__init__(
            f"“{bundle}”的草稿尚未通过审核；请送审，由另一人审核",
            f"the draft of “{bundle}” is not approved as it stands; submit it and let another person review it",
        )


class Blocked(RegistryError):
    """What publishing would break. `code` is the first blocker's; `blockers` are all."""

    def __init__(self, bundle: str, blockers: Sequence[Blocker]) -> None:
        self.code = blockers[0].code
        self.blockers = tuple(blockers)
        may = all(blocker.overridable for blocker in blockers)
        how = (
            ("；确需发布的，由有权者写明理由", "; to publish all the same, one who may gives a reason")
            if may
            else ("", "")
        )
        super().__init__(
            f"“{bundle}”不能发布：{'；'.join(each.zh for each in blockers)}{how[0]}",
            f"“{bundle}” can't be published: {'; '.join(each.en for each in blockers)}{how[1]}",
        )


class NoSuchVersion(RegistryError):
    """A version the bundle never had, or with which it was taken out."""

    code = "NO_SUCH_VERSION"

    def __init__(self, bundle: str, number: int) -> None:
        super().__init__(f"“{bundle}”没有可恢复的第 {number} 版", f"“{bundle}” has no version {number} to go back to")


class UnknownRelease(RegistryError):
    """No release has this code, or it is undone already."""

    code = "UNKNOWN_RELEASE"

    def __init__(self, code: str) -> None:
        super().__init__(
            f"没有编码为“{code}”的、尚未撤销的发布批次", f"no release has the code “{code}”, or it is undone"
        )


class UnknownSchedule(RegistryError):
    """No schedule has this code, or it is not waiting any more."""

    code = "UNKNOWN_SCHEDULE"

    def __init__(self, code: str) -> None:
        super().__init__(f"没有编码为“{code}”的、待执行的发布计划", f"no schedule has the code “{code}”, or it is over")


class BadSchedule(RegistryError):
    """A schedule for a moment gone by, or a release of nothing, or of a bundle twice."""

    code = "BAD_SCHEDULE"
