"""Webhooks: what is sent, how it is signed, and how long is waited."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from registry.announcements import Announcement, Changed
from registry.courier.message import body_of, headers_of, signature
from registry.courier.terms import PAUSES, Terms
from registry.recorded import plain
from registry.secret import Secret
from registry.webhooks import Added, BadSecret, Delivery, DeliveryState, Webhook, key_of, new_secret
from registry.words import RecordAction, RecordKind

NOON = datetime(2020, 10, 22, 12, tzinfo=UTC)
EVENT = "0ab1c2d3-0000-4000-8000-000000000001"
DELIVERY = Delivery("D-7", "W-1", 3, EVENT, DeliveryState.PENDING, attempts=2)


def announced(changes: tuple[Changed, ...] | None) -> Announcement:
    return Announcement(3, EVENT, NOON, "更名", len(changes or ()) or 9_000, changes)


def test_a_signature_is_that_of_standard_webhooks() -> None:
    # The example that its libraries are tested with.
    secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_headers_name_the_event_the_attempt_and_the_moment() -> None:
    secret = new_secret()
    headers = headers_of(DELIVERY, b"{}", secret, NOON)
    assert (headers["webhook-id"], headers["webhook-attempt"], headers["webhook-attempt-id"]) == (EVENT, "2", "D-7-2")
    assert int(headers["webhook-timestamp"]) == int(NOON.timestamp())
    key = base64.b64decode(secret.text.split("_")[1])
    expected = hmac.digest(key, f"{EVENT}.{headers['webhook-timestamp']}.{{}}".encode(), hashlib.sha256)
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"


def test_the_body_says_what_changed_and_not_by_whom() -> None:
    body = json.loads(body_of(announced((Changed(RecordKind.MATTER, "HZ-GA-001", RecordAction.CHANGE),))))
    assert body == {
        "type": "registry.changed",
        "timestamp": "2020-10-22T12:00:00Z",
        "data": {
            "event": EVENT, "revision": 3, "summary": "更名", "changeCount": 1,
            "changes": [{"kind": "matter", "code": "HZ-GA-001", "action": "change"}],
        },
    }  # fmt: skip
    assert json.loads(body_of(announced(None)))["data"]["changes"] is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        "whsec_c2hvcnQ=",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_!!",
        "whsec_密",
        "whsec_" + "QUFB" * 30,
    ],
)
def test_what_is_no_secret_signs_nothing(text: str) -> None:
    with pytest.raises(BadSecret) as refused:
        key_of(Secret(text))
    assert len(text) < 20 or text not in str(refused.value)


def test_a_secret_is_written_nowhere() -> None:
    secret = new_secret()
    assert len(key_of(secret)) == 32
    added = Added(Webhook("W-1", "https://a.cn/", False, "x", NOON), secret)
    assert secret.text not in repr(added) + str(plain(added))


def test_pauses_grow_and_come_to_an_end() -> None:
    exact = Terms(jitter=0.0)
    pauses = [exact.pause(failures) for failures in range(1, len(PAUSES) + 1)]
    assert pauses == list(PAUSES) == sorted(PAUSES)
    assert exact.pause(len(PAUSES) + 1) is None


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 4), (0.5, 5), (1.0, 6)])
def test_a_pause_is_longer_or_shorter_by_a_fifth(chance: float, seconds: int) -> None:
    assert Terms(chance=lambda: chance).pause(1) == timedelta(seconds=seconds)


def test_a_lease_outlives_a_request() -> None:
    assert Terms().lease.total_seconds() > 3 * Terms().total
