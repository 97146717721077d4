"""How each mutation of the admin schema is tried: on which input, and who is expected to get through.

The schema says which mutations there are. One that is not tried here fails a test.
"""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_named_type, is_leaf_type

from registry.access import Role
from schema.admin import admin_schema
from tests.schema.editing import City

SCHEMA = admin_schema()
MUTATIONS = sorted(SCHEMA.mutation_type.fields) if SCHEMA.mutation_type else []

# o: of departments that lead (or, of a matter, are responsible); c: cooperating ones; f: foreign ones; a: all of them.
TABLE = """
                   reader  editor  reviewer  publisher  analyst  administrator
offerChange        -       oa      -         -          -        oa
tokenGrant         -       -       -         -          -        oa
tokenRevoke        -       -       -         -          -        oa
"""
LETTERS = {"o": "own", "c": "cooperating", "f": "foreign", "a": "all"}


def expected() -> dict[str, set[tuple[Role, str]]]:
    """Who may do what, by mutation: roles with how their departments stand to what is changed."""
    heads, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {
        mutation: {
            (Role[head.upper()], LETTERS[letter])
            for head, cell in zip(heads, cells, strict=True)
            for letter in cell.strip("-")
        }
        for mutation, *cells in rows
    }


PREVIEW = """
query ($selection: OfferSelection!, $edit: OfferEditInput!) { offerPreview(selection: $selection, edit: $edit) { token matters } }
"""
SUSPENSION = {"action": "SUSPEND", "reason": "系统升级"}


def _offer_change(city: City) -> dict[str, Any]:
    selection = {"channel": "KIOSK", "matters": ["M-1", "M-2"]}
    answer = city.ask(PREVIEW, Role.READER, selection=selection, edit=SUSPENSION)
    seen = answer["data"]["offerPreview"]
    return {"channel": "KIOSK", "edit": SUSPENSION, **seen}


# By mutation, an input that is good for the city as it was set.
INPUTS: dict[str, Callable[[City], dict[str, Any]]] = {
    "offerChange": _offer_change,
    "tokenGrant": lambda _: {"role": "READER", "departments": ["GA"], "name": "新人"},
    # The first token is that of a reader of GA's.
    "tokenRevoke": lambda _: {"code": "T-1"},
}


def document(mutation: str) -> str:
    """The mutation with its input as a variable, asking for all that its payload has at hand."""
    assert SCHEMA.mutation_type
    made = SCHEMA.mutation_type.fields[mutation]
    given = made.args["input"].type
    return f"mutation ($input: {given}) {{ {mutation}(input: $input) {{ errors {{ code message }} {' '.join(_results(mutation))} }} }}"


def _results(mutation: str) -> Iterator[str]:
    for name, each in payload_of(mutation).fields.items():
        if name != "errors":
            yield name if is_leaf_type(get_named_type(each.type)) else f"{name} {{ __typename }}"


def payload_of(mutation: str) -> GraphQLObjectType:
    """The type of what comes of a mutation."""
    assert SCHEMA.mutation_type
    made = get_named_type(SCHEMA.mutation_type.fields[mutation].type)
    assert isinstance(made, GraphQLObjectType)
    return made


def is_nullable(kind: object) -> bool:
    """Whether a result may be missing."""
    return not isinstance(kind, GraphQLNonNull)


def is_list_of_all(kind: object) -> bool:
    """Whether it is `[T!]!`."""
    return (
        isinstance(kind, GraphQLNonNull)
        and isinstance(kind.of_type, GraphQLList)
        and isinstance(kind.of_type.of_type, GraphQLNonNull)
    )
