"""Link health over days: what is known of an address after many looks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.closures import Link, LinkState
from registry.links.sightings import Outcome, Said, Sighting, after

W, B, F, U = WORKING, BLOCKED, FAILED, UNCHECKED = Outcome
START = datetime(2020, 10, 1, 9, tzinfo=UTC)


def sighted(outcome: Outcome, hours: float) -> Sighting:
    return Sighting("https://site.test/", START + timedelta(hours=hours), outcome)


def history(looks: list[tuple[Outcome, float]]) -> Link | None:
    link = None
    for outcome, hours in looks:
        link = after(link, sighted(outcome, hours))
    return link


@pytest.mark.parametrize(
    ("looks", "state", "failures", "since"),
    [
        ([(W, 0)], LinkState.WORKING, 0, 0),
        ([(W, 0), (W, 24)], LinkState.WORKING, 0, 0),
        ([(F, 0)], LinkState.FAILING, 1, 0),
        ([(W, 0), (F, 24)], LinkState.FAILING, 1, 24),
        # three failures, but within a day
        ([(F, 0), (F, 1), (F, 2)], LinkState.FAILING, 3, 0),
        ([(F, 0), (F, 12), (F, 23.99)], LinkState.FAILING, 3, 0),
        # a day, but two failures
        ([(F, 0), (F, 48)], LinkState.FAILING, 2, 0),
        # both; exactly a day is enough
        ([(F, 0), (F, 12), (F, 24)], LinkState.BROKEN, 3, 0),
        ([(F, 0), (F, 1), (F, 2), (F, 24)], LinkState.BROKEN, 4, 0),
        ([(F, 0), (F, 24), (F, 48), (F, 72)], LinkState.BROKEN, 4, 0),
        # one that works begins anew, before and after
        ([(F, 0), (F, 24), (W, 25), (F, 48)], LinkState.FAILING, 1, 48),
        ([(F, 0), (F, 24), (F, 48), (W, 49)], LinkState.WORKING, 0, 49),
        ([(F, 0), (F, 24), (F, 48), (W, 49), (F, 50), (F, 51)], LinkState.FAILING, 2, 50),
        # a refusal proves nothing, either way
        ([(B, 0)], LinkState.BLOCKED, 0, 0),
        ([(W, 0), (B, 24), (B, 48)], LinkState.BLOCKED, 0, 24),
        ([(B, 0), (F, 24)], LinkState.FAILING, 1, 24),
        ([(B, 0), (W, 24)], LinkState.WORKING, 0, 24),
        ([(F, 0), (B, 24)], LinkState.BLOCKED, 1, 0),
        ([(F, 0), (B, 24), (F, 25)], LinkState.FAILING, 2, 0),
        ([(F, 0), (F, 12), (B, 24), (F, 25)], LinkState.BROKEN, 3, 0),
        ([(F, 0), (F, 24), (F, 48), (B, 72)], LinkState.BLOCKED, 3, 0),
        ([(F, 0), (B, 24), (W, 48)], LinkState.WORKING, 0, 48),
        # not checked is as if it had not been
        ([(F, 0), (F, 24), (U, 36), (F, 48)], LinkState.BROKEN, 3, 0),
        ([(U, 0), (W, 24)], LinkState.WORKING, 0, 24),
    ],
)
def test_over_days(looks: list[tuple[Outcome, float]], state: LinkState, failures: int, since: float) -> None:
    link = history(looks)
    assert link == Link("https://site.test/", state, START + timedelta(hours=since), failures)


def test_nothing_is_known_of_an_address_that_was_never_checked() -> None:
    assert history([(U, 0), (U, 24)]) is None


def test_a_link_keeps_what_the_last_look_said_and_a_persons_word() -> None:
    link = Link("https://site.test/", LinkState.FAILING, START, 1, "old", LinkState.WORKING, date(2020, 12, 31))
    sighting = Sighting(link.url, START + timedelta(hours=1), FAILED, 404, Said("网站返回 404", "the site answers 404"))
    now = after(link, sighting)
    assert now is not None
    assert now.detail == "网站返回 404 / the site answers 404"
    assert (now.override, now.override_until) == (link.override, link.override_until)
    assert after(now, sighted(WORKING, 2)) == Link(
        link.url, LinkState.WORKING, START + timedelta(hours=2), 0, None, link.override, link.override_until
    )


@given(st.lists(st.tuples(st.sampled_from(Outcome), st.floats(0, 30))))
def test_broken_is_only_what_failed_three_times_over_a_day_and_never_what_works(
    looks: list[tuple[Outcome, float]],
) -> None:
    link, moment = None, START
    run: list[datetime] = []
    for outcome, hours in looks:
        moment += timedelta(hours=hours)
        link = after(link, Sighting("https://site.test/", moment, outcome))
        run = [] if outcome is WORKING else [*run, moment] if outcome is FAILED else run
        broken = link is not None and link.state is LinkState.BROKEN
        if outcome is WORKING:
            assert link is not None
            assert (link.state, link.failures) == (LinkState.WORKING, 0)
        if outcome is FAILED:
            assert broken == (len(run) >= 3 and run[-1] - run[0] >= timedelta(days=1))
        assert not broken or len(run) >= 3
