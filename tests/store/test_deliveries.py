"""Whose turn it is: one courier at a webhook, in order, with pauses, and an end."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from registry.access import Actor, Forbidden, Grant, Role, administrator
from registry.changes.closing import close
from registry.changes.once import KeyReused
from registry.changes.subscribing import (
    BadWebhook,
    NothingToRetry,
    UnknownWebhook,
    add_webhook,
    remove_webhook,
    retry_deliveries,
)
from registry.closures import Closure
from registry.secret import Secret
from registry.store.audit import Sought, rows_sought
from registry.store.connect import reading, writing
from registry.store.deliveries import Attempt, Outcome, begin_attempt, end_attempt, read_deliveries, turns
from registry.store.webhooks import read_webhooks
from registry.webhooks import BadSecret, DeliveryState, Wanted, Webhook
from registry.words import Channel

TESTS = administrator("cli:陈")
NOON = datetime(2020, 10, 22, 12, tzinfo=UTC)
LEASE = timedelta(seconds=90)
ARRIVED, FAILED = Outcome(True, "HTTP 200"), Outcome(False, "HTTP 500")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
# Two pauses, and then it is given up.
PAUSES = {1: SECOND, 2: HOUR}
URL = "https://example.cn/hook"


def subscribe(engine: Engine, url: str = URL, **fields: bool) -> Webhook:
    return add_webhook(engine, Wanted(url, **fields), TESTS).webhook


def change(engine: Engine, times: int = 1) -> None:
    for _ in range(times):
        close(engine, Closure("", "检修", NOON, channel=Channel.KIOSK), TESTS)


def begin(engine: Engine, now: datetime = NOON, webhook: str = "W-1") -> Attempt | None:
    with writing(engine) as connection:
        return begin_attempt(connection, webhook, now, LEASE)


def end(engine: Engine, attempt: Attempt | None, outcome: Outcome, now: datetime = NOON) -> DeliveryState:
    assert attempt is not None
    with writing(engine) as connection:
        return end_attempt(connection, attempt, outcome, now, PAUSES.get)


def due(engine: Engine, now: datetime = NOON) -> list[str]:
    with reading(engine) as connection:
        return turns(connection, now)


def states(engine: Engine) -> list[tuple[int, str, int]]:
    with reading(engine) as connection:
        return [(each.revision, each.state.name, each.attempts) for each in reversed(read_deliveries(connection))]


def audited(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        rows = rows_sought(connection, Sought())
        return [(row.action, row.kind, row.subject) for row in rows if row.kind in ("webhook", "delivery")]


def test_every_webhook_gets_what_is_published_after_it_was_added(engine: Engine) -> None:
    change(engine)
    assert subscribe(engine).code == "W-1"
    change(engine)
    assert subscribe(engine).code == "W-2"
    change(engine)
    with reading(engine) as connection:
        found = [(each.webhook, each.revision) for each in reversed(read_deliveries(connection))]
    assert sorted(found) == [("W-1", 2), ("W-1", 3), ("W-2", 3)]
    assert sorted(due(engine)) == ["W-1", "W-2"]


def test_one_courier_at_a_time_is_at_a_webhook_and_takes_the_first(engine: Engine) -> None:
    subscribe(engine)
    change(engine, 2)
    first = begin(engine)
    assert first is not None
    assert (first.delivery.revision, first.delivery.attempts, first.announcement.revision) == (1, 1, 1)
    assert first.delivery.event == first.announcement.event
    assert begin(engine) is None
    assert due(engine) == []
    assert end(engine, first, ARRIVED) is DeliveryState.DELIVERED
    second = begin(engine)
    assert second is not None
    assert second.delivery.revision == 2
    end(engine, second, ARRIVED)
    assert begin(engine) is None
    assert states(engine) == [(1, "DELIVERED", 1), (2, "DELIVERED", 1)]


def test_a_courier_that_died_is_followed_by_another_when_its_lease_is_over(engine: Engine) -> None:
    subscribe(engine)
    change(engine)
    died = begin(engine)
    assert begin(engine, NOON + LEASE - SECOND) is None
    other = begin(engine, NOON + LEASE)
    assert died is not None
    assert other is not None
    assert (other.delivery.event, other.delivery.attempts) == (died.delivery.event, 2)
    # The one taken for dead was slow: what it says of a failure is not heard, what arrived has arrived.
    assert end(engine, died, FAILED, NOON + LEASE) is DeliveryState.PENDING
    assert begin(engine, NOON + LEASE + SECOND) is None
    assert end(engine, died, ARRIVED, NOON + LEASE) is DeliveryState.DELIVERED
    end(engine, other, FAILED, NOON + LEASE)
    assert states(engine) == [(1, "DELIVERED", 2)]


def test_a_failure_holds_back_what_comes_after_it_until_it_arrives(engine: Engine) -> None:
    subscribe(engine)
    change(engine, 2)
    assert end(engine, begin(engine), FAILED) is DeliveryState.PENDING
    assert due(engine) == []
    assert due(engine, NOON + SECOND) == ["W-1"]
    again = begin(engine, NOON + SECOND)
    assert again is not None
    assert (again.delivery.revision, again.delivery.attempts) == (1, 2)
    end(engine, again, ARRIVED, NOON + SECOND)
    following = begin(engine, NOON + SECOND)
    assert following is not None
    assert following.delivery.revision == 2


def give_up(engine: Engine, now: datetime = NOON) -> datetime:
    """Fail until the first is given up; the moment of that."""
    while end(engine, begin(engine, now), FAILED, now) is not DeliveryState.DEAD:
        now += HOUR
    return now


def test_what_is_given_up_leaves_the_rest_one_attempt_each_while_nothing_arrives(engine: Engine) -> None:
    subscribe(engine)
    change(engine, 3)
    now = give_up(engine)
    assert states(engine) == [(1, "DEAD", 3), (2, "PENDING", 0), (3, "PENDING", 0)]
    assert end(engine, begin(engine, now), FAILED, now) is DeliveryState.DEAD
    assert end(engine, begin(engine, now), ARRIVED, now) is DeliveryState.DELIVERED
    assert states(engine) == [(1, "DEAD", 3), (2, "DEAD", 1), (3, "DELIVERED", 1)]


def test_what_comes_after_all_was_given_up_gets_all_its_attempts(engine: Engine) -> None:
    subscribe(engine)
    change(engine)
    now = give_up(engine)
    change(engine)
    assert end(engine, begin(engine, now), FAILED, now) is DeliveryState.PENDING


def test_a_person_can_have_it_tried_again_in_order_under_the_same_name(engine: Engine) -> None:
    subscribe(engine)
    change(engine, 2)
    now = give_up(engine)
    end(engine, begin(engine, now), FAILED, now)
    change(engine)
    chosen = retry_deliveries(engine, "W-1", TESTS)
    assert [each.revision for each in chosen] == [1, 2, 3]
    again = begin(engine)
    assert again is not None
    assert (again.delivery.revision, again.delivery.attempts) == (1, 4)
    end(engine, again, ARRIVED)
    assert retry_deliveries(engine, "D-2", TESTS)[0].revision == 2
    with pytest.raises(NothingToRetry):
        retry_deliveries(engine, "D-1", TESTS)
    assert ("retry", "delivery", "D-1") in audited(engine)


def test_what_waits_for_its_pause_can_be_tried_at_once(engine: Engine) -> None:
    subscribe(engine)
    change(engine)
    end(engine, begin(engine), FAILED)
    assert begin(engine) is None
    retry_deliveries(engine, "D-1", TESTS)
    assert begin(engine) is not None


def test_a_request_that_we_broke_off_is_no_failure(engine: Engine) -> None:
    subscribe(engine)
    change(engine)
    end(engine, begin(engine), FAILED)
    now = NOON + SECOND
    assert end(engine, begin(engine, now), Outcome(None, "stopped"), now) is DeliveryState.PENDING
    assert end(engine, begin(engine, now), FAILED, now) is DeliveryState.PENDING
    assert due(engine, now + HOUR - SECOND) == []


def test_a_webhook_that_is_removed_gets_nothing_more_and_its_code_is_not_given_again(engine: Engine) -> None:
    subscribe(engine)
    change(engine)
    under_way = begin(engine)
    assert remove_webhook(engine, "W-1", TESTS).removed_at is not None
    assert end(engine, under_way, ARRIVED) is DeliveryState.DELIVERED
    change(engine)
    assert due(engine) == []
    assert states(engine) == []
    assert subscribe(engine).code == "W-2"
    with pytest.raises(UnknownWebhook):
        remove_webhook(engine, "W-1", TESTS)
    assert audited(engine)[-2:] == [("change", "webhook", "W-1"), ("add", "webhook", "W-1")]


def test_the_secret_is_told_once_and_kept_out_of_the_log(engine: Engine) -> None:
    added = add_webhook(engine, Wanted(URL), TESTS, idempotency_key="k")
    again = add_webhook(engine, Wanted(URL), TESTS, idempotency_key="k")
    assert (added.webhook, again.secret) == (again.webhook, None)
    assert added.secret is not None
    with pytest.raises(KeyReused):
        add_webhook(engine, Wanted(URL + "2"), TESTS, idempotency_key="k")
    with reading(engine) as connection:
        assert len(read_webhooks(connection)) == 1
        assert added.secret.text[6:] not in str(list(rows_sought(connection, Sought())))


def test_whoever_may_not_leaves_nothing_but_the_refusal(engine: Engine) -> None:
    reviewer = Actor("token:T-1", (Grant(Role.REVIEWER),))
    for attempt in (lambda: add_webhook(engine, Wanted(URL), reviewer), lambda: remove_webhook(engine, "W-1", reviewer),
                    lambda: retry_deliveries(engine, "W-1", reviewer)):  # fmt: skip
        with pytest.raises(Forbidden):
            attempt()
    assert [action for action, _, _ in audited(engine)] == ["refuse"] * 3
    with reading(engine) as connection:
        assert read_webhooks(connection) == {}


@pytest.mark.parametrize(
    "url",
    [
        "", "example.cn/hook", "ftp://example.cn/", "http://example.cn/hook", "https://user:word@example.cn/",
        "https://example.cn/#part", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/",
        "https://[::ffff:10.0.0.1]/", "https://example.cn/a\u202eb", "https://example.cn/" + "a" * 2_000,
    ],
)  # fmt: skip
def test_an_address_that_nothing_may_be_sent_to_is_refused(sqlite_engine: Engine, url: str) -> None:
    with pytest.raises(BadWebhook):
        subscribe(sqlite_engine, url)


def test_inside_the_network_it_must_be_said_that_it_is_meant(sqlite_engine: Engine) -> None:
    assert subscribe(sqlite_engine, "http://10.1.2.3:8080/hook", internal=True).internal


def test_a_secret_of_ones_own_must_be_one(sqlite_engine: Engine) -> None:
    with pytest.raises(BadSecret):
        add_webhook(sqlite_engine, Wanted(URL, secret=Secret("letmein")), TESTS)
    own = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    added = add_webhook(sqlite_engine, Wanted(URL, secret=own), TESTS)
    assert added.secret == own
