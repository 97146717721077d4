"""Publishing at a moment: planned now, done then, once, however many processes run.

What is due is found in the database and done in the transaction that marks it done,
so that it survives restarts and a killed process, and nothing does it twice. It is
done in the name of the person who planned it, with the grants they had when they did:
a token that has expired since, or a person who has left, doesn't undo a decision
that was right when it was made. Whoever may publish can cancel it.
"""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from registry.access import Actor, Permission
from registry.changes.finding import held_bundle
from registry.changes.gate import open_gate
from registry.changes.issuing import add_release, next_release, tell_of_schedule
from registry.changes.once import once
from registry.changes.publishing import changing
from registry.changes.refusals import BadSchedule, UnknownSchedule
from registry.changes.releasing import cleared, publish_drafts
from registry.editing.drafts import Schedule, ScheduleState, Seen, Terms
from registry.errors import RegistryError
from registry.store.connect import reading, writing
from registry.store.schedules import due_schedules, put_schedule, read_schedules

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """When to publish (an aware moment), and on which terms."""

    due: datetime
    terms: Terms


@once
def schedule_bundles(
    engine: Engine | Connection,
    items: tuple[Seen, ...],
    planned: Planned,
    actor: Actor,
    idempotency_key: str | None = None,
) -> Schedule:
    """Plan to publish drafts, as they were seen, at a moment; several as one release.

    What would be refused now is refused now; what stands in the way then makes it fail, visibly.
    Raises BadSchedule, and what `publish_bundle` does.
    """
    with changing(engine, actor) as connection:
        now = datetime.now(UTC)
        gate = open_gate(connection, actor, planned.terms, now)
        cleared(gate, items)
        if planned.due <= now:
            raise BadSchedule("计划时间须晚于现在", "it must be planned for a moment to come")
        numbers = [int(code.removeprefix("S-")) for code in read_schedules(connection)]
        code = f"S-{max(numbers, default=0) + 1}"
        schedule = Schedule(code, planned.due, actor.name, now, items, actor.grants, terms=gate.terms)
        put_schedule(connection, schedule)
        tell_of_schedule(connection, actor, "plan", schedule)
    return schedule


@once
def cancel_schedule(
    engine: Engine | Connection, code: str, reason: str | None, actor: Actor, idempotency_key: str | None = None
) -> Schedule:
    """Give up a publication that was planned. Raises UnknownSchedule, Forbidden."""
    with changing(engine, actor) as connection:
        schedule = read_schedules(connection).get(code)
        for item in schedule.items if schedule else ():
            lead = held_bundle(connection, item.bundle).lead_department
            actor.must(Permission.PUBLISH_BUNDLE, "schedule", code, (lead,))
        if schedule is None or schedule.state is not ScheduleState.WAITING:
            actor.must(Permission.PUBLISH_BUNDLE, "schedule", code)
            raise UnknownSchedule(code)
        ended = replace(schedule, state=ScheduleState.CANCELLED, ended_at=datetime.now(UTC), reason=reason)
        put_schedule(connection, ended)
        tell_of_schedule(connection, actor, "cancel", ended)
    return ended


def publish_due(engine: Engine, moment: datetime) -> tuple[Schedule, ...]:
    """Publish what is due at a moment; gives the schedules that ended, done or failed. Raises StoreUnreachable."""
    with reading(engine) as connection:
        due = due_schedules(connection, moment)
    return tuple(filter(None, (_fire(engine, schedule.code) for schedule in due)))


def _fire(engine: Engine, code: str) -> Schedule | None:
    """Publish it, or mark it failed; None if another process was faster."""
    with writing(engine) as connection:
        schedule = read_schedules(connection)[code]
        if schedule.state is not ScheduleState.WAITING:
            return None
        actor = Actor(schedule.author, schedule.grants, request=code)
        try:
            with connection.begin_nested():
                return _done(connection, schedule, actor)
        except RegistryError as refused:
            logger.warning("schedule %s failed: %s", code, refused)
            return _failed(connection, schedule, actor, str(refused))
        except DBAPIError:
            raise  # the database's trouble is not the schedule's: it stays waiting
        except Exception as fault:
            # A fault of ours must show too, and not be met again every second.
            logger.exception("schedule %s can't be published", code)
            return _failed(connection, schedule, actor, f"内部错误 / internal error: {type(fault).__name__}")


def _failed(connection: Connection, schedule: Schedule, actor: Actor, reason: str) -> Schedule:
    failed = replace(schedule, state=ScheduleState.FAILED, ended_at=datetime.now(UTC), reason=reason)
    put_schedule(connection, failed)
    tell_of_schedule(connection, actor, "fail", failed)
    return failed


def _done(connection: Connection, schedule: Schedule, actor: Actor) -> Schedule:
    release = next_release(connection) if len(schedule.items) > 1 else None
    done = replace(schedule, state=ScheduleState.DONE, ended_at=datetime.now(UTC), release=release)
    # First, so that it is not among those that are cancelled when a draft is published otherwise.
    put_schedule(connection, done)
    versions = publish_drafts(connection, schedule.items, schedule.terms, actor, release)
    if release is not None:
        add_release(connection, actor, versions, schedule.terms)
    tell_of_schedule(connection, actor, "done", done)
    return done
