"""The closed vocabularies as clients see them: enums whose values say what they mean, and a list to label by."""

from collections.abc import Iterable
from typing import Any

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    is_introspection_type,
)

from registry.finder import MatterOrder
from registry.words import VOCABULARIES, Word
from schema.routes import VOCABULARIES as ROUTING
from schema.types import field

# Every enum that a client meets.
ALL: tuple[type[Word], ...] = (*VOCABULARIES, MatterOrder, *ROUTING)


@strawberry.type(name="Word", description="A value of an enum, in words.")
class WordInBoth:
    """One word."""

    name: str = field(description="The enum's value.")
    code: str = field(description="The national code, or ours where the nation has none.")
    zh: str = field(description="In Chinese.")
    en: str = field(description="In English.")


@strawberry.type(description="An enum with its words, to label what is shown.")
class Vocabulary:
    """One enum."""

    name: str = field(description="The enum's name.")
    words: list[WordInBoth] = field(description="Its values, in the order in which they are shown.")

    @staticmethod
    def all() -> Any:
        """Every vocabulary of the registry."""
        return [Vocabulary(name=words.__name__, words=list(words)) for words in ALL]


def describe_words(schema: GraphQLSchema, more: Iterable[type[Word]] = ()) -> GraphQLSchema:
    """Give each value of a vocabulary's enum its words as description; strawberry takes none for an enum of ours.

    `more` are the vocabularies of this schema that public clients never meet.
    """
    for vocabulary in (*ALL, *more):
        kind = schema.get_type(vocabulary.__name__)
        if isinstance(kind, GraphQLEnumType):
            for word in vocabulary:
                kind.values[word.name].description = f"{word.zh} · {word.en}"
    return schema


def forget_null_defaults(schema: GraphQLSchema) -> GraphQLSchema:
    """Drop the `= null` that strawberry gives to every optional argument: absent and null mean the same here."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            _forget(kind.fields.values())
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not is_introspection_type(kind):
            for each in kind.fields.values():
                _forget(each.args.values())
    return schema


def _forget(inputs: Iterable[GraphQLInputField | GraphQLArgument]) -> None:
    for each in inputs:
        if each.default_value is None:
            each.default_value = Undefined
