"""What a desk answers from held months, or from days where it must, is what plain Python makes of the lake's volumes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest

from registry.lake.engines.reducing import volumes_in
from registry.lake.engines.states import States
from registry.lake.engines.told import Told
from registry.lake.volumes import MONTHS_SCHEMA, SCHEMA, State, volumes
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.question import Dimension, Question, Scope
from registry.rates.reckon import reckon
from tests.store.desks import EAST, WEST, Town, numbered, town

D = Dimension
EVERY_RATE = tuple(RATES_BY_NAME)
BY: tuple[tuple[Dimension, ...], ...] = (
    (), (D.DEPARTMENT, D.MONTH), (D.DISTRICT, D.CHANNEL), (D.BUNDLE, D.QUARTER), (D.DAY,), (D.ONLINE_POLICY, D.YEAR),
)  # fmt: skip
SCOPES = (
    Scope(),
    Scope(date(2020, 1, 1), date(2020, 12, 31)),
    Scope(date(2020, 3, 6), date(2020, 4, 2)),  # cuts months in two
    Scope(filters={D.DISTRICT: frozenset({WEST})}),  # cases of no district can't be told
    Scope(filters={D.BUNDLE: frozenset({"ONE"}), D.CHANNEL: frozenset({"PC", "HALL"})}),
)


@pytest.fixture
def held(tmp_path: Path, blank_url: str) -> Iterator[Town]:
    """Cases in two files, the second with corrections; some of no district, some in a bundle; and totals beside them."""
    make = numbered()
    first = [
        *make(5, "MOBILE"), *make(3, "HALL", day="2020-03-09"), *make(2, "PC", district=""), *make(2, "PC", "C", bundle="ONE"),
        *make(4, "PC", "B", day="2020-04-03", district=EAST), *make(2, "PC", assisted="1", day="2020-04-01"),
    ]  # fmt: skip
    with town(blank_url, tmp_path) as place:
        place.cases(*first)
        place.cases(first[0] | {"channel": "HALL"}, *make(2, "PC", district=""), *make(1, "", day="2020-05-02"))
        place.volumes(
            "B,,2020-03,PC,40", "B,,2020-03,HALL,ND", "C,,2020,HALL,12", "A,,2020-03,PC,9", f"B,{WEST},2020-06,KIOSK,NA"
        )
        yield place


def plainly(place: Town, question: Question, moment: datetime | None = None):
    return reckon(question, volumes_in(volumes(place.lake, as_reported_on=moment)), place.desk.catalogue().holdings)


@pytest.mark.parametrize("by", BY)
def test_an_answer_is_the_one_that_plain_python_gives(held: Town, by: tuple[Dimension, ...]) -> None:
    for where in SCOPES:
        question = Question(EVERY_RATE, by, where)
        assert held.desk.ask(question).table == plainly(held, question), where


def test_an_answer_follows_what_was_imported_and_the_old_one_can_still_be_had(held: Town) -> None:
    question = Question(EVERY_RATE, (D.DEPARTMENT, D.MONTH))
    before, moment = held.desk.ask(question), datetime.now().astimezone()
    held.cases(*numbered("M")(7, "MOBILE", "C", day="2020-07-01"))
    after = held.desk.ask(question)
    assert after.table == plainly(held, question) != before.table
    assert held.desk.ask(question, as_reported_on=moment).table == before.table == plainly(held, question, moment)


def test_many_may_ask_at_once(held: Town) -> None:
    questions = [Question(EVERY_RATE, by, where) for by in BY for where in SCOPES]
    with ThreadPoolExecutor(8) as threads:
        tables = list(threads.map(lambda question: held.desk.ask(question).table, questions))
    assert tables == [plainly(held, question) for question in questions]


def test_what_is_told_is_made_once_for_a_state_and_the_oldest_goes_first() -> None:
    made: list[int] = []

    def told(number: int) -> Told:
        def make() -> Told:
            made.append(number)
            return Told(MONTHS_SCHEMA.empty_table(), volumes_in(SCHEMA.empty_table()))

        return states.told(State(number, None), make)

    states = States()
    assert told(1) is told(1)
    for number in range(2, 10):
        told(number)
    told(9)
    told(1)
    assert made == [*range(1, 10), 1]


def test_a_state_that_could_not_be_read_is_read_again() -> None:
    def fails() -> Told:
        raise OSError("the disk is away")

    states = States()
    with pytest.raises(OSError, match="away"):
        states.told(State(1, None), fails)
    assert states.told(State(1, None), lambda: Told(MONTHS_SCHEMA.empty_table())).span is None
