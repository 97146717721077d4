"""Access: who does something, in which roles, and what each role may do. Pure; nothing here knows how one signs in."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from registry.errors import RegistryError
from registry.words import Word


class Permission(Word):
    """Something that not everybody may do. What a department can be named for is held to the grant's departments."""

    READ_DRAFTS = "read_drafts", "查看草稿", "see drafts and history"
    EDIT_BUNDLE = "edit_bundle", "编辑一件事", "edit a bundle's draft"
    APPROVE_MEMBERS = "approve_members", "确认本部门事项", "comment on a draft and approve one's own members"
    REVIEW_BUNDLE = "review_bundle", "审核一件事", "review a draft"
    PUBLISH_BUNDLE = "publish_bundle", "发布一件事", "publish, schedule and revert bundles"
    OVERRIDE_IMPACT = "override_impact", "越过影响拦截", "publish although a promise breaks, with a reason"
    PUBLISH_UNREVIEWED = "publish_unreviewed", "未经审核发布", "publish what nobody has reviewed"
    CHANGE_OFFERS = "change_offers", "调整渠道", "suspend, resume, plan and correct channel offers"
    LOAD_CATALOGUE = "load_catalogue", "载入目录", "load catalogue files, close channels, judge addresses"
    READ_RATES = "read_rates", "查看指标", "ask for rates"
    READ_AUDIT = "read_audit", "查看审计", "read the audit log"
    GRANT = "grant", "授权", "grant and revoke tokens"
    SEND_CHANGES = "send_changes", "推送变更", "manage webhooks"


class Role(Word):
    """What a person is to the registry. A role may be scoped to departments."""

    READER = "reader", "查阅", "reader"
    EDITOR = "editor", "编辑", "editor"
    REVIEWER = "reviewer", "审核", "reviewer"
    PUBLISHER = "publisher", "发布", "publisher"
    ANALYST = "analyst", "分析", "analyst"
    ADMINISTRATOR = "administrator", "管理员", "administrator"


P = Permission
MAY: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset({P.READ_DRAFTS}),
    Role.EDITOR: frozenset({P.READ_DRAFTS, P.EDIT_BUNDLE, P.APPROVE_MEMBERS, P.CHANGE_OFFERS}),
    Role.REVIEWER: frozenset({P.READ_DRAFTS, P.APPROVE_MEMBERS, P.REVIEW_BUNDLE, P.READ_AUDIT}),
    Role.PUBLISHER: frozenset({P.READ_DRAFTS, P.PUBLISH_BUNDLE, P.OVERRIDE_IMPACT, P.READ_AUDIT}),
    Role.ANALYST: frozenset({P.READ_DRAFTS, P.READ_RATES}),
    Role.ADMINISTRATOR: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role; for these departments only, or for all if none is named."""

    role: Role
    departments: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a grant as people write it: `publisher`, `editor@GA+MZ`. Raises ValueError."""
        written, at, departments = text.partition("@")
        role = Role.read(written)
        codes = [code.strip() for code in departments.split("+")] if at else []
        if role is None or not all(codes):
            raise ValueError(text)
        return cls(role, frozenset(codes))

    def allows(self, permission: Permission, departments: Collection[str]) -> bool:
        """Whether it gives the permission for something of any of these departments."""
        reaches = not self.departments or not self.departments.isdisjoint(departments)
        return permission in MAY[self.role] and reaches


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `name` is what the audit log writes; `request` the request through which it is done."""

    name: str
    grants: tuple[Grant, ...] = ()
    request: str | None = None

    def may(self, permission: Permission, departments: Collection[str] = ()) -> bool:
        """Whether the actor may do this to something of these departments."""
        return any(grant.allows(permission, departments) for grant in self.grants)

    def holds(self, permission: Permission) -> bool:
        """Whether the actor may do this to anything at all, of whichever department."""
        return any(permission in MAY[grant.role] for grant in self.grants)

    def must(self, permission: Permission, kind: str, subject: str, departments: Collection[str] = ()) -> None:
        """Raises Forbidden if the actor may not do this to the subject, which is of these departments."""
        if not self.may(permission, departments):
            raise Forbidden(self, permission, kind, subject)


def administrator(name: str) -> Actor:
    """One who may do everything: the person at the machine, who could write to the database just as well."""
    return Actor(name, (Grant(Role.ADMINISTRATOR),))


SUBJECT_CHARACTERS = 200


class Forbidden(RegistryError):
    """The actor may not do this. `kind` and `subject` say to what."""

    code = "FORBIDDEN"

    def __init__(self, actor: Actor, permission: Permission, kind: str, subject: str) -> None:
        super().__init__(
            f"您（{actor.name}）无权{permission.zh}：{subject}；需要相应角色的授权",
            f"you ({actor.name}) may not {permission.en}: {subject}; a grant of a role that may is needed",
        )
        # What nobody permitted is not written into the log at whatever length.
        self.permission, self.kind, self.subject = permission, kind, subject[:SUBJECT_CHARACTERS]
