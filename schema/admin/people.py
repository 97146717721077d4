"""Who is asking, and the tokens with which people ask."""

from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry
from strawberry import Parent

from registry import access
from registry.access import Permission
from registry.changes.granting import BadGrant, grant, revoke
from registry.store.connect import reading
from registry.store.tokens import read_tokens
from registry.tokens import Token as HeldToken
from registry.tokens import Wanted
from schema.admin.context import asking, must_hold, store
from schema.admin.payloads import INPUT, KEY, Payload, or_errors
from schema.types import Info, field

VOCABULARIES = (access.Role, access.Permission)
for vocabulary in VOCABULARIES:
    strawberry.enum(vocabulary, description=(vocabulary.__doc__ or "").split("\n")[0])


def _permissions(grant: Parent[access.Grant]) -> Any:
    return [permission for permission in Permission if permission in access.MAY[grant.role]]


def _departments(grant: Parent[access.Grant]) -> Any:
    return sorted(grant.departments)


@strawberry.type(description="A role, for some departments or for all.")
class Grant:
    """GraphQL's view of access.Grant."""

    role: access.Role = field(description="The role.")
    departments: list[str] = field(resolver=_departments, description="Codes of the departments; empty: all of them.")
    permissions: list[access.Permission] = field(resolver=_permissions, description="What the role may do.")


@strawberry.type(description="Who is asking.")
class Me:
    """GraphQL's view of access.Actor."""

    name: str = field(description="Who you are in the audit log.")
    grants: list[Grant] = field(description="What you may do; empty: nothing.")
    request: str | None = field(name="requestId", description="The id of this request in the audit log.")


def me(info: Info) -> Any:
    """Who asks."""
    return asking(info)


def _holds_now(token: Parent[HeldToken]) -> Any:
    return token.holds_at(datetime.now(UTC))


@strawberry.type(description="A token that gives a role to whoever shows its secret.")
class Token:
    """GraphQL's view of tokens.Token."""

    code: str = field(description="The token's code, such as T-3.")
    grant: Grant = field(description="What it gives.")
    name: str = field(description="Whose it is.")
    granted_by: str = field(description="Who granted it.")
    granted_at: datetime = field(description="When it was granted.")
    expires_at: datetime = field(description="Until when it holds.")
    revoked_at: datetime | None = field(description="When it was revoked; null: it was not.")
    last_used_at: datetime | None = field(description="When it was last used, to the minute; null: never.")
    machine: str | None = field(description="The machine that alone accepts it; null: any.")
    holds: bool = field(resolver=_holds_now, description="Whether it holds now.")


def tokens(info: Info) -> Any:
    """All tokens for those departments in which who asks may grant."""
    must_hold(info, Permission.GRANT, "token")
    with reading(store(info)) as connection:
        known = read_tokens(connection).values()
    actor = asking(info)
    return [token for token in known if all(actor.may(Permission.GRANT, each) for each in _each(token))]


def _each(token: HeldToken) -> list[tuple[str, ...]]:
    """Its departments one by one; all of them at once if it is for all."""
    return [(code,) for code in token.departments] or [()]


@strawberry.input(description="Whom to give which role.")
class TokenGrantInput:
    """The way in for granting."""

    role: access.Role = field(description="The role.")
    departments: list[str] | None = field(default=None, description="Codes of the departments; absent: all of them.")
    name: str = field(default="", description="Whose it is; the audit log names them.")
    days: int = field(default=30, description="For how many days, 1 to 366.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Which token to take back.")
class TokenRevokeInput:
    """The way in for revoking."""

    code: str = field(description="The token's code.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.type(description="What came of granting.")
class TokenGrantPayload(Payload):
    """A token and, this once, its secret."""

    token: Token | None = field(default=None, description="The token; null: none was granted.")
    secret: str | None = field(
        default=None,
        description="What its holder sends as a bearer token. It is told this once: null in the answer to a retry.",
    )


@strawberry.type(description="What came of revoking.")
class TokenRevokePayload(Payload):
    """A token that no longer holds."""

    token: Token | None = field(default=None, description="The token, revoked; null: nothing was done.")


@or_errors(TokenGrantPayload)
def token_grant(info: Info, input: Annotated[TokenGrantInput, INPUT]) -> Any:
    """Grant a role."""
    if input.departments == []:
        raise BadGrant("请列出部门，或省略 departments 表示全部", "name departments, or leave them out for all of them")
    wanted = Wanted(input.role, tuple(input.departments or ()), input.name.strip(), input.days)
    granted: Any = grant(store(info), wanted, asking(info), idempotency_key=input.idempotency_key)
    secret = granted.secret.text if granted.secret else None
    return TokenGrantPayload(token=granted.token, secret=secret)


@or_errors(TokenRevokePayload)
def token_revoke(info: Info, input: Annotated[TokenRevokeInput, INPUT]) -> Any:
    """Take a token back."""
    token: Any = revoke(store(info), input.code, asking(info), idempotency_key=input.idempotency_key)
    return TokenRevokePayload(token=token)
