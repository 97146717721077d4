"""Schedules, in and out of their table."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.access import Grant
from registry.editing.drafts import Schedule, ScheduleState, Seen, Terms
from registry.recorded import plain, read_back
from registry.store.tables import schedules


def put_schedule(connection: Connection, schedule: Schedule) -> None:
    """Write a schedule, whether it is there already or not."""
    row: dict[str, Any] = {name: getattr(schedule, name) for name in schedule.__slots__}
    row |= {"items": plain(schedule.items), "grants": plain(schedule.grants), "terms": plain(schedule.terms)}
    if not connection.execute(schedules.update().where(schedules.c.code == schedule.code).values(row)).rowcount:
        connection.execute(schedules.insert().values(row))


def read_schedules(connection: Connection) -> dict[str, Schedule]:
    """All schedules by code, those that are over too, in the order in which they fall due."""
    return {schedule.code: schedule for schedule in _read(connection, sa.true())}


def due_schedules(connection: Connection, moment: datetime) -> tuple[Schedule, ...]:
    """Those waiting that are due, in the order in which they fell due."""
    waiting = schedules.c.state == ScheduleState.WAITING
    return tuple(_read(connection, waiting & (schedules.c.due <= moment)))


def _read(connection: Connection, wanted: sa.ColumnElement[bool]) -> list[Schedule]:
    order = (schedules.c.due, schedules.c.planned_at, schedules.c.code)
    rows = connection.execute(sa.select(schedules).where(wanted).order_by(*order)).mappings()
    return [
        Schedule(
            **dict(row)
            | {
                "items": read_back(tuple[Seen, ...], row["items"]),
                "grants": read_back(tuple[Grant, ...], row["grants"]),
                "terms": read_back(Terms, row["terms"]),
            }
        )
        for row in rows
    ]
