"""The courier and real receivers: at least once, in order, whatever the receiver does and whoever is killed."""

import base64
import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from registry.access import administrator
from registry.changes.closing import close
from registry.changes.subscribing import add_webhook, retry_deliveries
from registry.closures import Closure
from registry.courier.courier import Courier
from registry.courier.terms import Terms
from registry.secret import Secret
from registry.store.announcements import announcement_of
from registry.store.audit import chain_breaks
from registry.store.connect import reading
from registry.store.current import read_snapshot
from registry.store.deliveries import read_deliveries
from registry.store.revisions import current_revision
from registry.webhooks import Delivery, DeliveryState, Wanted
from registry.words import Channel
from tests.store.couriering import TERMS
from tests.store.receiving import CLOSE, DRIP, HANG, Receiver, receiver
from tests.waiting import eventually, kills

TESTS = administrator("cli:陈")
NOON = datetime(2020, 10, 22, 12, tzinfo=UTC)
# The figure for a release is 100.
KILLS = kills(5)


def subscribe(engine: Engine, *receivers: Receiver) -> Secret:
    for each in receivers:
        secret = add_webhook(engine, Wanted(each.url, internal=True), TESTS).secret
    assert secret is not None
    return secret


def change(engine: Engine, times: int = 1) -> list[str]:
    """Publish; the names of the events."""
    for _ in range(times):
        close(engine, Closure("", "检修", NOON, channel=Channel.KIOSK), TESTS)
    return [each.event for each in read_snapshot(engine).recent.announcements[-times:]]


@contextmanager
def at_work(engine: Engine, terms: Terms = TERMS, ahead: timedelta = timedelta(0)) -> Iterator[Courier]:
    courier = Courier(engine, terms, lambda: datetime.now(UTC) + ahead)
    courier.start()
    try:
        yield courier
    finally:
        courier.stop()


def deliveries(engine: Engine) -> list[Delivery]:
    with reading(engine) as connection:
        return read_deliveries(connection)[::-1]


def all_are(engine: Engine, state: DeliveryState) -> Callable[[], bool]:
    return lambda: {each.state for each in deliveries(engine)} == {state}


def test_a_change_arrives_signed(engine: Engine) -> None:
    with receiver() as there:
        secret = subscribe(engine, there)
        (event,) = change(engine)
        with at_work(engine):
            assert eventually(all_are(engine, DeliveryState.DELIVERED))
    (received,) = there.received
    assert (received.path, received.event, received.headers["content-type"]) == ("/hook", event, "application/json")
    assert json.loads(received.body)["data"]["changes"] == [{"kind": "closure", "code": "C-1", "action": "add"}]
    # As a receiver would verify it, by the book and with nothing of ours.
    key = base64.b64decode(secret.text.removeprefix("whsec_"))
    content = b".".join((event.encode(), received.headers["webhook-timestamp"].encode(), received.body))
    signed = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert received.headers["webhook-signature"] == f"v1,{signed}"


def test_whatever_the_receiver_does_it_is_tried_again_under_the_same_name_and_in_order(engine: Engine) -> None:
    manners = [500, CLOSE, HANG, DRIP, 404, "/elsewhere", 204]
    with receiver(*manners) as there:
        subscribe(engine, there)
        first, second = change(engine, 2)
        with at_work(engine, replace(TERMS, total=0.3)):
            assert eventually(all_are(engine, DeliveryState.DELIVERED))
    assert there.events == [first] * len(manners) + [second]
    assert [each.attempt for each in there.received] == [*range(1, len(manners) + 1), 1]
    assert len({each.body for each in there.received}) == 2
    assert {each.path for each in there.received} == {"/hook"}, "no redirect is followed"


def test_what_is_given_up_is_listed_with_its_reason_and_can_be_sent_again(engine: Engine) -> None:
    terms = replace(TERMS, pauses=TERMS.pauses[:2])
    with receiver(500, 503, 502) as there:
        subscribe(engine, there)
        (event,) = change(engine)
        with at_work(engine, terms):
            assert eventually(all_are(engine, DeliveryState.DEAD))
            (dead,) = deliveries(engine)
            assert (dead.attempts, dead.outcome, dead.event) == (3, "HTTP 502", event)
            retry_deliveries(engine, dead.code, TESTS)
            assert eventually(all_are(engine, DeliveryState.DELIVERED))
    assert there.events == [event] * 4


def test_a_receiver_that_hangs_holds_back_no_other(engine: Engine) -> None:
    with receiver(*[HANG] * 50) as slow, receiver() as quick:
        subscribe(engine, slow, quick)
        with at_work(engine):
            events = change(engine, 3)
            assert eventually(lambda: quick.events == events)
            assert slow.events in ([], events[:1])


def test_nothing_is_sent_inside_the_network_unless_that_was_agreed(engine: Engine) -> None:
    with receiver() as there:
        # A name, so that only a look at where it leads tells.
        url = there.url.replace("http://127.0.0.1", "https://localhost")
        add_webhook(engine, Wanted(url), TESTS)
        change(engine)
        with at_work(engine, replace(TERMS, pauses=())):
            assert eventually(all_are(engine, DeliveryState.DEAD))
    assert there.received == []
    assert "inside the network" in str(deliveries(engine)[0].outcome)


def test_many_couriers_send_each_event_once_and_in_order(engine: Engine) -> None:
    with receiver() as there:
        subscribe(engine, there)
        with at_work(engine), at_work(engine), at_work(engine):
            events = change(engine, 15)
            assert eventually(all_are(engine, DeliveryState.DELIVERED))
    assert there.events == events


def test_a_server_that_stops_breaks_off_and_the_next_begins_again(engine: Engine) -> None:
    with receiver(HANG) as there:
        subscribe(engine, there)
        (event,) = change(engine)
        with at_work(engine):
            assert eventually(lambda: len(there.received) == 1)
        (cut_off,) = deliveries(engine)
        assert (cut_off.state, cut_off.attempts) == (DeliveryState.PENDING, 1)
        with at_work(engine):
            assert eventually(all_are(engine, DeliveryState.DELIVERED))
    assert [(each.event, each.attempt) for each in there.received] == [(event, 1), (event, 2)]


def courier_process(engine: Engine, ahead: float, *others: str) -> "subprocess.Popen[bytes]":
    """A courier in a process of its own, its clock some hours ahead of the last one's: no lease holds it up."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.store.couriering", url, str(ahead), *others]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    return process


def kill(process: "subprocess.Popen[bytes]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_courier_killed_between_sending_and_writing_it_down_sends_again(engine: Engine) -> None:
    with receiver(HANG) as there:
        subscribe(engine, there)
        (event,) = change(engine)
        process = courier_process(engine, 0)
        assert eventually(lambda: len(there.received) == 1)
        kill(process)
        assert deliveries(engine)[0].state is DeliveryState.PENDING
        with at_work(engine, ahead=timedelta(hours=1)):
            assert eventually(all_are(engine, DeliveryState.DELIVERED))
    assert [(each.event, each.attempt) for each in there.received] == [(event, 1), (event, 2)]


def test_couriers_killed_at_random_lose_nothing_and_name_repeats(engine: Engine) -> None:
    chance = random.Random(17)  # noqa: S311  # the same moments in every run
    events: list[str] = []
    with receiver(*[chance.choice([200, 200, 500]) for _ in range(100)]) as there:
        subscribe(engine, there)
        for hours in range(KILLS):
            process = courier_process(engine, hours)
            events += change(engine, 3)
            seen = len(there.received) + chance.randrange(5)
            eventually(lambda wanted=seen: len(there.received) >= wanted, chance.uniform(0.0, 0.5))  # type: ignore[misc]
            kill(process)
        with at_work(engine, ahead=timedelta(hours=KILLS)):
            assert eventually(all_are(engine, DeliveryState.DELIVERED))
    assert list(dict.fromkeys(there.events)) == events, "each at least once, first in order"
    attempts = [(each.event, each.attempt) for each in there.received]
    assert len(set(attempts)) == len(attempts), "no two attempts have one name"
    with reading(engine) as connection:
        assert list(chain_breaks(connection)) == []


def test_servers_killed_while_they_publish_announce_every_revision_and_no_other(engine: Engine) -> None:
    chance = random.Random(18)  # noqa: S311  # the same moments in every run
    with receiver() as there:
        subscribe(engine, there)
        for hours in range(KILLS):
            process = courier_process(engine, hours, "publish")
            seen = len(there.received) + 1 + chance.randrange(4)
            assert eventually(lambda wanted=seen: len(there.received) >= wanted)  # type: ignore[misc]
            time.sleep(chance.uniform(0.0, 0.05))
            kill(process)
        with at_work(engine, ahead=timedelta(hours=KILLS)):
            assert eventually(all_are(engine, DeliveryState.DELIVERED))
    with reading(engine) as connection:
        newest = current_revision(connection).number
        events = [announcement_of(connection, revision).event for revision in range(1, newest + 1)]
        assert list(chain_breaks(connection)) == []
    assert len(read_snapshot(engine).holdings.closures) == newest
    assert list(dict.fromkeys(there.events)) == events
