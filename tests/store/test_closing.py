"""Closures and what is known of addresses: kept, recorded, published, on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.access import administrator
from registry.changes.closing import BadClosure, UnknownClosure, close, reopen
from registry.changes.linking import BadOverride, override_link, record_sightings
from registry.closures import Closure, LinkState
from registry.links.sightings import Outcome, Sighting
from registry.store.connect import reading
from registry.store.current import read_snapshot
from registry.store.tables import audit
from registry.words import Channel

NOW = datetime(2020, 10, 9, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
URL = "https://pc.city.example/matters/1"


def wanted(**fields: Any) -> Closure:
    return Closure(**{"code": "", "reason": "系统升级", "starts": NOW, "channel": Channel.MOBILE} | fields)


def entries(engine: Engine) -> list[tuple[str, str, str]]:
    """Action, kind and subject of what the log holds of closures and links."""
    query = sa.select(audit.c.action, audit.c.kind, audit.c.subject).where(audit.c.kind.in_(["closure", "link"]))
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(query.order_by(audit.c.id))]


def test_a_closure_is_kept_published_and_recorded_and_so_is_its_end(reference_engine: Engine) -> None:
    closure = close(reference_engine, wanted(ends=LATER, region="330106"), administrator("tests"))
    snapshot = read_snapshot(reference_engine)
    assert (snapshot.revision, snapshot.holdings.closures) == (2, {"C-1": closure})
    ended = reopen(reference_engine, "C-1", NOW + timedelta(hours=1), administrator("tests"))
    snapshot = read_snapshot(reference_engine)
    assert (snapshot.revision, snapshot.holdings.closures) == (3, {"C-1": ended})
    assert ended.ends == NOW + timedelta(hours=1)
    assert entries(reference_engine) == [("add", "closure", "C-1"), ("change", "closure", "C-1")]


def test_codes_of_closures_are_never_used_twice(reference_engine: Engine) -> None:
    codes = [close(reference_engine, wanted(), administrator("tests")).code for _ in range(3)]
    reopen(reference_engine, "C-2", LATER, administrator("tests"))
    assert [*codes, close(reference_engine, wanted(), administrator("tests")).code] == ["C-1", "C-2", "C-3", "C-4"]


def test_a_moment_of_any_zone_comes_back_as_the_same_moment(reference_engine: Engine) -> None:
    from zoneinfo import ZoneInfo

    local = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    close(reference_engine, wanted(starts=local), administrator("tests"))
    assert read_snapshot(reference_engine).holdings.closures["C-1"].starts == NOW


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": None}, {"ends": NOW}, {"reason": " "}, {"place": "nowhere"}, {"matter": "none"}, {"region": "1"},
    ],
)  # fmt: skip
def test_a_closure_that_makes_no_sense_is_refused_and_leaves_no_trace(
    reference_engine: Engine, fields: dict[str, Any]
) -> None:
    with pytest.raises(BadClosure):
        close(reference_engine, wanted(**fields), administrator("tests"))
    assert read_snapshot(reference_engine).revision == 1
    assert entries(reference_engine) == []


def test_what_is_over_or_unknown_cannot_be_reopened(reference_engine: Engine) -> None:
    close(reference_engine, wanted(ends=LATER), administrator("tests"))
    for code, moment in (("C-9", NOW), ("C-1", LATER)):
        with pytest.raises(UnknownClosure):
            reopen(reference_engine, code, moment, administrator("tests"))


def failed(hours: int) -> Sighting:
    return Sighting(URL, NOW + timedelta(hours=hours), Outcome.FAILED)


def test_only_an_address_that_becomes_broken_or_mends_makes_a_revision(engine: Engine) -> None:
    assert record_sightings(engine, [failed(0), failed(1)], administrator("links")) == ()
    assert read_snapshot(engine).revision == 0
    (broken,) = record_sightings(engine, [failed(25)], administrator("links"))
    assert (broken.state, read_snapshot(engine).revision) == (LinkState.BROKEN, 1)
    assert record_sightings(engine, [failed(26)], administrator("links")) == ()
    (mended,) = record_sightings(engine, [Sighting(URL, LATER, Outcome.WORKING)], administrator("links"))
    assert (mended.state, read_snapshot(engine).revision) == (LinkState.WORKING, 2)
    assert [action for action, _, _ in entries(engine)] == ["change", "change"]


def test_a_persons_word_goes_before_the_checkers_until_its_day(engine: Engine) -> None:
    record_sightings(engine, [failed(0), failed(12), failed(25)], administrator("links"))
    override_link(engine, URL, LinkState.WORKING, date(2020, 10, 20), administrator("tests"))
    link = read_snapshot(engine).holdings.links[URL]
    assert [link.state_on(date(2020, 10, day)) for day in (20, 21)] == [LinkState.WORKING, LinkState.BROKEN]
    record_sightings(engine, [failed(40)], administrator("links"))
    assert read_snapshot(engine).holdings.links[URL].override is LinkState.WORKING
    taken_back = override_link(engine, URL, None, None, administrator("tests"))
    assert taken_back.state_on(date(2020, 10, 20)) is LinkState.BROKEN


@pytest.mark.parametrize(
    ("state", "until"), [(LinkState.WORKING, None), (LinkState.FAILING, date(2020, 1, 1)), (None, date(2020, 1, 1))]
)
def test_an_override_that_cannot_hold_is_refused(engine: Engine, state: LinkState | None, until: date | None) -> None:
    with pytest.raises(BadOverride):
        override_link(engine, URL, state, until, administrator("tests"))
