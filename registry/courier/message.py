"""What is sent: an announcement as JSON, signed as Standard Webhooks says (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from registry.announcements import Announcement, Changed
from registry.secret import Secret
from registry.webhooks import Delivery, key_of

KIND = "registry.changed"


def body_of(announcement: Announcement) -> bytes:
    """The same bytes at each attempt."""
    changes = announcement.changes
    told: dict[str, Any] = {
        "type": KIND,
        "timestamp": announcement.published_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "event": announcement.event,
            "revision": announcement.revision,
            "summary": announcement.summary,
            "changeCount": announcement.total,
            "changes": None if changes is None else [_change(each) for each in changes],
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def headers_of(delivery: Delivery, body: bytes, secret: Secret, now: datetime) -> dict[str, str]:
    """What goes before the body. `webhook-id` names the event: a receiver that has seen it has a repeat before it.

    The attempt is named beside it, for whoever compares logs. It is not signed.
    """
    sent = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": delivery.event,
        "webhook-timestamp": sent,
        "webhook-signature": signature(secret, delivery.event, sent, body),
        "webhook-attempt": str(delivery.attempts),
        "webhook-attempt-id": f"{delivery.code}-{delivery.attempts}",
    }


def signature(secret: Secret, event: str, sent: str, body: bytes) -> str:
    """What proves that whoever has the secret sent this body, then."""
    signed = hmac.new(key_of(secret), f"{event}.{sent}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


def _change(changed: Changed) -> dict[str, str]:
    return {"kind": changed.kind.code, "code": changed.code, "action": changed.action.code}
