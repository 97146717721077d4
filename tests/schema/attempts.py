"""How each mutation of the admin schema is tried: on which input, and who is expected to get through.

The schema says which mutations there are. One that is not tried here fails a test.
"""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_named_type, is_leaf_type

from registry.access import Role
from schema.admin import admin_schema
from tests.schema.editing import City
from tests.schema.stages import (
    APPROVED,
    DRAFTED,
    OVERTAKEN,
    PUBLISHED,
    RELEASABLE,
    RELEASABLE_TOO,
    SUBMITTED,
    TWICE,
)

SCHEMA = admin_schema()
MUTATIONS = sorted(SCHEMA.mutation_type.fields) if SCHEMA.mutation_type else []

# o: of departments that lead (or, of a matter, are responsible); c: cooperating ones; f: foreign ones; a: all of them.
TABLE = """
                            reader  editor  reviewer  publisher  analyst  administrator
draftOpen                   -       oa      -         -          -        oa
draftSave                   -       oa      -         -          -        oa
draftRebase                 -       oa      -         -          -        oa
draftDiscard                -       oa      -         -          -        oa
draftComment                -       oca     oca       -          -        oca
draftApproveMembers/theirs  -       ca      ca        -          -        ca
draftApproveMembers/ours    -       oa      oa        -          -        oa
bundleSubmit                -       oa      -         -          -        oa
bundleReview                -       -       oa        -          -        oa
bundlePublish               -       -       -         oa         -        oa
bundleRevert                -       -       -         oa         -        oa
bundleSchedule              -       -       -         oa         -        oa
releasePublish              -       -       -         oa         -        oa
releaseSchedule             -       -       -         oa         -        oa
releaseUndo                 -       -       -         oa         -        oa
scheduleCancel              -       -       -         oa         -        oa
offerChange                 -       oa      -         -          -        oa
webhookAdd                  -       -       -         -          -        a
webhookRemove               -       -       -         -          -        a
webhookRetry                -       -       -         -          -        a
tokenGrant                  -       -       -         -          -        oa
tokenRevoke                 -       -       -         -          -        oa
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


def _seen(bundle: str, **more: Any) -> Callable[[City], dict[str, Any]]:
    return lambda city: {"bundle": bundle, "expectedVersion": city.versions[bundle], **more}


def _several(**more: Any) -> Callable[[City], dict[str, Any]]:
    items = [_seen(RELEASABLE), _seen(RELEASABLE_TOO)]
    return lambda city: {"items": [item(city) for item in items], **more}


LONG_HENCE = "2099-01-01T00:00:00+08:00"

# By mutation, an input that is good for the city as it was set. After a slash: another that is.
INPUTS: dict[str, Callable[[City], dict[str, Any]]] = {
    "draftOpen": lambda _: {"bundle": PUBLISHED},
    "draftSave": _seen(DRAFTED, operations=[{"add": {"matter": "M-4"}}, {"set": {"nameEn": None, "summary": "新"}}]),
    "draftRebase": _seen(OVERTAKEN),
    "draftDiscard": _seen(DRAFTED),
    "draftComment": _seen(DRAFTED, text="请再看看"),
    "draftApproveMembers/theirs": _seen(DRAFTED, matters=["M-3"]),
    "draftApproveMembers/ours": _seen(DRAFTED, matters=["M-1", "M-2"]),
    "bundleSubmit": _seen(DRAFTED, note="请审核"),
    "bundleReview": _seen(SUBMITTED, approve=True),
    "bundlePublish": _seen(APPROVED, note="发布"),
    "bundleRevert": lambda _: {"bundle": TWICE, "expectedVersion": 2, "to": 1},
    "bundleSchedule": _seen(APPROVED, at=LONG_HENCE),
    "releasePublish": _several(note="一起发布"),
    "releaseSchedule": _several(at=LONG_HENCE),
    "releaseUndo": lambda _: {"release": "R-1"},
    "scheduleCancel": lambda _: {"code": "S-1", "reason": "推迟"},
    "offerChange": _offer_change,
    "webhookAdd": lambda _: {"url": "https://portal.example/hook"},
    "webhookRemove": lambda _: {"code": "W-1"},
    "webhookRetry": lambda _: {"code": "W-1"},
    "tokenGrant": lambda _: {"role": "READER", "departments": ["GA"], "name": "新人"},
    # The first token is that of a reader of GA's.
    "tokenRevoke": lambda _: {"code": "T-1"},
}


def of(attempt: str) -> str:
    """The mutation that is tried."""
    return attempt.partition("/")[0]


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
