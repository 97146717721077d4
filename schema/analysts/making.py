"""Making types: all that is known of Graphene here. Types are made by functions, for most come from lists.

Resolvers are plain functions of what they resolve, the info and the arguments.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import graphene
from graphene.utils.str_converters import to_camel_case
from graphql import GraphQLSchema, StringValueNode

from registry.words import Word

Type: TypeAlias = Any  # a type of Graphene, which has none in Python
Resolver = Callable[..., Any]

Text: Type = graphene.String
Whole: Type = graphene.Int
Real: Type = graphene.Float
Truth: Type = graphene.Boolean


def public_name(name: str) -> str:
    """What a field or an argument is called in the schema."""
    return str(to_camel_case(name))


def required(of: Type) -> Type:
    """Never null."""
    return graphene.NonNull(of)


def many(of: Type) -> Type:
    """A list, itself never null."""
    return graphene.NonNull(graphene.List(of))


def listed(of: Type) -> Type:
    """A list that may be left out."""
    return graphene.List(of)


def field(of: Type, description: str, resolver: Resolver | None = None, **arguments: Type) -> Type:
    """A field. Without a resolver it is the attribute of its name."""
    return graphene.Field(of, description=description, resolver=resolver, **arguments)


def argument(of: Type, description: str, **default: Any) -> Type:
    """An argument of a field; `default_value` if it has one."""
    return graphene.Argument(of, description=description, **default)


def given(of: Type, description: str, **more: Any) -> Type:
    """A field of an input."""
    return graphene.InputField(of, description=description, **more)


def object_type(name: str, description: str, fields: dict[str, Type]) -> Type:
    """A type that is shown."""
    return type(name, (graphene.ObjectType,), {"Meta": _meta(name, description), **fields})


def input_type(name: str, description: str, fields: dict[str, Type]) -> Type:
    """A type that is given. Resolvers get it as a mapping."""
    return type(name, (graphene.InputObjectType,), {"Meta": _meta(name, description), **fields})


def scalar(name: str, description: str, serialize: Callable[[Any], Any], parse: Callable[[Any], Any]) -> Type:
    """A scalar. `parse` is given what a variable holds or a literal string, else None, and raises GraphQLError."""

    def parse_literal(node: Any, _variables: Any = None) -> Any:
        return parse(node.value if isinstance(node, StringValueNode) else None)

    parsing = {"parse_value": staticmethod(parse), "parse_literal": staticmethod(parse_literal)}
    parts = {"Meta": _meta(name, description), "serialize": staticmethod(serialize), **parsing}
    return type(name, (graphene.Scalar,), parts)


def enum(words: type[Word], name: str, description: str) -> Type:
    """An enum whose values are words, and are so to resolvers."""

    def described(word: Word | None) -> str:
        return description if word is None else f"{word.zh} · {word.en}"

    return graphene.Enum.from_enum(words, name=name, description=described)


def words_of(name: str, words: Mapping[str, tuple[str, str, str]]) -> type[Word]:
    """Words that are known at the start only: code, Chinese and English by name."""
    made: Any = Word
    return made(name, words)  # type: ignore[no-any-return]


def schema_of(query: Type) -> GraphQLSchema:
    """The schema, as graphql-core executes it; names in camel case."""
    return graphene.Schema(query=query).graphql_schema  # type: ignore[no-any-return]


def _meta(name: str, description: str) -> type:
    return type("Meta", (), {"name": name, "description": description})
