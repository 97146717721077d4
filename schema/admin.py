"""The admin schema: what those who are signed in may ask and change. Nothing of it is ever kept."""

from dataclasses import dataclass
from typing import Any, cast

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from registry import access
from registry.access import Actor
from registry.snapshot import Snapshot
from registry.store.connect import Store
from schema.transport import Context
from schema.types import Info, field
from schema.words import describe_words, forget_null_defaults

strawberry.enum(access.Role, description="What a person is to the registry.")
strawberry.enum(access.Permission, description="Something that not everybody may do.")


@dataclass(slots=True, kw_only=True)
class AdminContext(Context):
    """Who asks, the snapshot that is current, and the store in which changes are made."""

    actor: Actor
    snapshot: Snapshot
    store: Store


@strawberry.type(description="A role, for some departments or for all.")
class Grant:
    """GraphQL's view of access.Grant."""

    role: access.Role = field(description="The role.")
    departments: list[str] = field(description="The codes of the departments it is for; empty: all of them.")
    permissions: list[access.Permission] = field(description="What the role may do.")


@strawberry.type(description="Who is asking.")
class Me:
    """GraphQL's view of access.Actor."""

    name: str = field(description="Who you are in the audit log.")
    grants: list[Grant] = field(description="What you may do; empty: nothing.")
    request_id: str | None = field(description="The id of this request, as the audit log would write it.")


def _me(info: Info) -> Any:
    actor = asking(info)
    grants = [
        Grant(
            role=grant.role,
            departments=sorted(grant.departments),
            permissions=[permission for permission in access.Permission if permission in access.MAY[grant.role]],
        )
        for grant in actor.grants
    ]
    return Me(name=actor.name, grants=grants, request_id=actor.request)


def asking(info: Info) -> Actor:
    """Who asks."""
    return cast(AdminContext, info.context).actor


@strawberry.type(description="What those who are signed in may ask.")
class Query:
    """The admin root."""

    me: Me = field(resolver=_me, description="Who is asking, and what they may do.")


def admin_schema() -> GraphQLSchema:
    """The admin schema, as graphql-core executes it."""
    made = strawberry.Schema(Query, config=StrawberryConfig())
    return forget_null_defaults(describe_words(made._schema, (access.Role, access.Permission)))
