"""The schema as text: held to the code, and every part of it described."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
    print_schema,
)

from schema.admin import admin_schema
from schema.analysts import analysts_schema
from schema.public import public_schema

SDL = Path(__file__).parents[2] / "schema" / "sdl"
SCHEMAS = {"public": public_schema, "admin": admin_schema, "analysts": analysts_schema}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_text_is_the_schema_there_is(name: str) -> None:
    committed = (SDL / f"{name}.graphql").read_text(encoding="utf-8")
    assert print_schema(SCHEMAS[name]()) + "\n" == committed, "run `python -m schema.sdl` and read what changed"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_type_field_argument_and_value_is_described(name: str) -> None:
    assert list(undescribed(SCHEMAS[name]())) == []


def undescribed(schema: GraphQLSchema) -> list[str]:
    """The coordinates of what lacks a description."""
    missing = []
    for kind in schema.type_map.values():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        parts = {kind.name: kind}
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                parts[f"{kind.name}.{name}"] = field
                parts |= {f"{kind.name}.{name}({argument}:)": value for argument, value in field.args.items()}
        elif isinstance(kind, GraphQLInputObjectType):
            parts |= {f"{kind.name}.{name}": field for name, field in kind.fields.items()}
        elif isinstance(kind, GraphQLEnumType):
            parts |= {f"{kind.name}.{name}": value for name, value in kind.values.items()}
        missing += [where for where, part in parts.items() if not (part.description or "").strip()]
    return missing
