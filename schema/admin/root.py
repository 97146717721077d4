"""The roots of the admin schema: every question and every change, by name."""

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.admin import impacts, offers, people
from schema.types import field
from schema.words import describe_words, forget_null_defaults

VOCABULARIES = (*people.VOCABULARIES, *impacts.VOCABULARIES, *offers.VOCABULARIES)


@strawberry.type(description="What those who are signed in may ask.")
class Query:
    """The admin root for questions."""

    me: people.Me = field(resolver=people.me, description="Who is asking, and what they may do.")
    offer_preview: offers.OfferPreview | None = field(
        resolver=offers.offer_preview, description="What a change of offers would do; needed before `offerChange`."
    )
    tokens: list[people.Token] | None = field(
        resolver=people.tokens, description="The tokens that were granted, those that no longer hold too."
    )


def change(resolve: Callable[..., Any], description: str) -> Any:
    """A mutation. Each has one argument, `input`."""
    return strawberry.mutation(resolver=resolve, description=description)


@strawberry.type(description="What those who are signed in may change. Each change is all or nothing.")
class Mutation:
    """The admin root for changes."""

    offer_change: offers.OfferChangePayload = change(
        offers.offer_change, "Suspend, resume, plan or correct offers, one or many at once, as previewed."
    )
    token_grant: people.TokenGrantPayload = change(people.token_grant, "Give a role to whoever shows a new secret.")
    token_revoke: people.TokenRevokePayload = change(people.token_revoke, "Take a token back, at once.")


def admin_schema() -> GraphQLSchema:
    """The admin schema, as graphql-core executes it."""
    made = strawberry.Schema(Query, Mutation, config=StrawberryConfig())
    return forget_null_defaults(describe_words(made._schema, VOCABULARIES))
