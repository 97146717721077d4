"""What is wanted of offers: suspended, resumed, planned or corrected, from and until when, and why."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from registry.errors import RegistryError
from registry.hours import Hours
from registry.matters import Offer
from registry.words import LoginLevel, OfferStatus, OnlineDepth, Word


class OfferAction(Word):
    """What is done to an offer."""

    SUSPEND = "suspend", "暂停", "suspend"
    RESUME = "resume", "恢复", "resume"
    PLAN = "plan", "计划开通", "plan"
    CORRECT = "correct", "更正", "correct"


# An offer of another status is passed over. None: there is no offer yet.
APPLIES_TO: dict[OfferAction, frozenset[OfferStatus | None]] = {
    OfferAction.SUSPEND: frozenset({OfferStatus.AVAILABLE, OfferStatus.SUSPENDED}),
    OfferAction.RESUME: frozenset({OfferStatus.SUSPENDED, OfferStatus.PLANNED}),
    OfferAction.PLAN: frozenset({OfferStatus.NOT_OFFERED, OfferStatus.UNKNOWN, OfferStatus.PLANNED, None}),
    OfferAction.CORRECT: frozenset(OfferStatus),
}
CLOSED = frozenset({OfferStatus.SUSPENDED, OfferStatus.PLANNED, OfferStatus.NOT_OFFERED})
LEADS_TO = {
    OfferAction.SUSPEND: OfferStatus.SUSPENDED,
    OfferAction.RESUME: OfferStatus.AVAILABLE,
    OfferAction.PLAN: OfferStatus.PLANNED,
}


class BadOfferChange(RegistryError):
    """A change of offers that can't be made. `field` names what is wrong with it."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.field = field


@dataclass(frozen=True, slots=True)
class Correction:
    """What an offer says, put right; None leaves it as it is. `unknown` names fields that are made unknown."""

    status: OfferStatus | None = None
    url: str | None = None
    login: LoginLevel | None = None
    depth: OnlineDepth | None = None
    hours: Hours | None = None
    unknown: tuple[str, ...] = ()


CLEARABLE = ("url", "login", "depth", "hours", "valid_from", "valid_to", "reason")


@dataclass(frozen=True, slots=True)
class OfferChange:
    """What is done to each offer.

    `first` and `last` are days, both counted: a suspension lasts until `last`, a plan
    opens on `first`, what is resumed or corrected holds between them. `reason` is what
    people are told; of what is resumed, only the history is.
    """

    action: OfferAction
    reason: str | None = None
    first: date | None = None
    last: date | None = None
    correction: Correction = field(default_factory=Correction)

    def must_make_sense(self, today: date) -> None:
        """Raises BadOfferChange if it makes none."""
        _must_have_a_reason(self)
        _must_have_its_dates(self, today)
        _must_correct_something(self)


def changed(offer: Offer, change: OfferChange) -> dict[str, object]:
    """The fields of an offer that are set, and to what."""
    if change.action is OfferAction.CORRECT:
        return _corrected(offer, change)
    resumed = change.action is OfferAction.RESUME
    fields: dict[str, object] = {
        "status": LEADS_TO[change.action],
        "reason": None if resumed else change.reason,
        "valid_to": change.last,
    }
    # A suspension begins at once; since when the offer holds is as true as before.
    return fields if change.action is OfferAction.SUSPEND else {**fields, "valid_from": change.first}


def _corrected(offer: Offer, change: OfferChange) -> dict[str, object]:
    said, right = {"valid_from": change.first, "valid_to": change.last, "reason": change.reason}, change.correction
    said |= {name: getattr(right, name) for name in ("status", "url", "login", "depth", "hours")}
    fields: dict[str, object] = {name: value for name, value in said.items() if value is not None}
    fields |= dict.fromkeys(right.unknown)
    if right.status is OfferStatus.AVAILABLE and change.reason is None:
        fields["reason"] = None  # why it was closed
    status, reason = fields.get("status", offer.status), fields.get("reason", offer.reason)
    if status in CLOSED and not reason:
        raise BadOfferChange(
            "reason",
            "不能办理的渠道须说明原因（规则10）",
            "a channel that is not available needs a reason (rule 10)",
        )
    return fields


def _must_have_a_reason(change: OfferChange) -> None:
    needs = change.action in (OfferAction.SUSPEND, OfferAction.PLAN)
    if (needs or change.reason is not None) and not (change.reason or "").strip():
        raise BadOfferChange("reason", "请说明原因", "say why")


def _must_have_its_dates(change: OfferChange, today: date) -> None:
    action, first, last = change.action, change.first, change.last
    if action is OfferAction.SUSPEND and first is not None:
        raise BadOfferChange(
            "first",
            "暂停自即时起；要在以后某段时间停办，请用 matters close --from",
            "a suspension begins at once; to close a channel for a time to come, use `matters close --from`",
        )
    if action is OfferAction.SUSPEND and last is not None and last < today:
        raise BadOfferChange("last", f"暂停截止日{last}已过", f"the suspension would have ended on {last}")
    if action is OfferAction.PLAN and first is not None and first <= today:
        raise BadOfferChange("first", f"计划开通日{first}应在今天之后", f"the planned day {first} is not to come")
    if first is not None and last is not None and last < first:
        raise BadOfferChange(
            "last", f"截止日{last}早于开始日{first}", f"the last day {last} is before the first, {first}"
        )


def _must_correct_something(change: OfferChange) -> None:
    right = change.correction
    if change.action is not OfferAction.CORRECT:
        if right != Correction():
            raise BadOfferChange("correction", "只有更正可以改动这些内容", "only a correction corrects these")
        return
    if right == Correction() and (change.reason, change.first, change.last) == (None, None, None):
        raise BadOfferChange("correction", "请说明更正什么", "say what is corrected")
    wrong = [name for name in right.unknown if name not in CLEARABLE]
    if wrong:
        raise BadOfferChange(
            "unknown",
            f"“{wrong[0]}”不能改为未知；可以的有：{'、'.join(CLEARABLE)}",
            f"“{wrong[0]}” can’t be made unknown; these can: {', '.join(CLEARABLE)}",
        )
    if right.url is not None and not _is_address(right.url):
        raise BadOfferChange(
            "url", f"“{right.url}”不是 http 或 https 网址", f"“{right.url}” is no http or https address"
        )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, url))
