"""Every mutation, by every role, for departments of every standing: done if the table says so, else without a trace."""

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, get_named_type

from registry.access import Role
from tests.schema.attempts import (
    INPUTS,
    MUTATIONS,
    SCHEMA,
    document,
    expected,
    is_list_of_all,
    is_nullable,
    of,
    payload_of,
)
from tests.schema.editing import WHERE, City, found
from tests.schema.signing_in import ask_admin
from tests.schema.stages import stages

EXPECTED = expected()


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> City:
    """The city, set once."""
    return found(tmp_path_factory.mktemp("city"), stages)


@pytest.fixture
def city(settled: City) -> City:
    """The city as it was set."""
    settled.put_back()
    return settled


def test_every_mutation_is_tried_and_nothing_else() -> None:
    assert sorted(EXPECTED) == sorted(INPUTS)
    assert sorted({of(attempt) for attempt in INPUTS}) == MUTATIONS


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("role", Role, ids=lambda role: role.code)
@pytest.mark.parametrize("attempt", INPUTS)
def test_who_may_gets_it_done_and_who_may_not_leaves_nothing_but_a_refusal(
    city: City, attempt: str, role: Role, where: str
) -> None:
    mutation, given = of(attempt), INPUTS[attempt](city)
    before = city.content()
    answer = city.ask(document(mutation), role, where, input=given)
    assert "errors" not in answer, answer
    payload = answer["data"][mutation]
    after = city.content()
    if (role, where) in EXPECTED[attempt]:
        assert payload["errors"] == []
        assert all(value is not None for value in payload.values())
        assert after != before
        return
    assert [error["code"] for error in payload.pop("errors")] == ["FORBIDDEN"]
    assert all(value is None for value in payload.values())
    (refusal,) = (row for row in after.pop("audit") if row not in before["audit"])
    assert "refuse" in refusal
    # The log, and where it ends, is all that differs.
    assert {name for name in after if after[name] != before[name]} == {"audit_head"}


@pytest.mark.parametrize("attempt", INPUTS)
def test_who_has_no_token_gets_no_further_than_the_door(city: City, attempt: str) -> None:
    mutation, given = of(attempt), INPUTS[attempt](city)
    before = city.content()
    assert ask_admin(city.app, document(mutation), variables={"input": given}).status_code == 401
    assert city.content() == before


@pytest.mark.parametrize("attempt", INPUTS)
def test_a_retry_with_the_same_key_does_nothing_twice(city: City, attempt: str) -> None:
    mutation, given = of(attempt), INPUTS[attempt](city) | {"idempotencyKey": "the same"}
    first = city.ask(document(mutation), Role.ADMINISTRATOR, input=given)["data"][mutation]
    before = city.content()
    again = city.ask(document(mutation), Role.ADMINISTRATOR, input=given)["data"][mutation]
    assert city.content() == before
    assert first["errors"] == []
    # The one thing that is told only once.
    assert again == first | ({"secret": None} if "secret" in first else {})


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_each_takes_one_input_with_a_key_and_gives_what_came_of_it_or_errors(mutation: str) -> None:
    assert SCHEMA.mutation_type
    made = SCHEMA.mutation_type.fields[mutation]
    assert list(made.args) == ["input"]
    assert isinstance(made.args["input"].type, GraphQLNonNull)
    given = get_named_type(made.args["input"].type)
    assert isinstance(given, GraphQLInputObjectType)
    assert given.name == mutation[0].upper() + mutation[1:] + "Input"
    assert str(given.fields["idempotencyKey"].type) == "String"
    results = dict(payload_of(mutation).fields)
    errors = results.pop("errors")
    assert is_list_of_all(errors.type)
    assert results
    assert all(is_nullable(each.type) for each in results.values())
