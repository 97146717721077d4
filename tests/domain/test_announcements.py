"""Announcements: which records outsiders are told of, how many are held, and what a page gives."""

from datetime import UTC, datetime

import pytest

from registry.announcements import (
    HELD_AT_MOST,
    RECORDS_A_PAGE,
    RECORDS_HELD_AT_MOST,
    Announcement,
    BadPage,
    Changed,
    Recent,
    new_event,
    recent,
    told,
)
from registry.audit import Entry
from registry.words import RecordAction, RecordKind

NOON = datetime(2020, 10, 22, 12, tzinfo=UTC)


def changed(code: str = "M-1", action: RecordAction = RecordAction.CHANGE) -> Changed:
    return Changed(RecordKind.MATTER, code, action)


def announced(revision: int, records: int | None = 1) -> Announcement:
    changes = None if records is None else (changed(),) * records
    return Announcement(revision, new_event(), NOON, "a change", records or 9_000, changes)


def history(newest: int, records: int | None = 1) -> Recent:
    return recent([announced(revision, records) for revision in range(1, newest + 1)], newest, "feed")


def revisions(held: Recent, after: int, first: int) -> list[int]:
    return [each.revision for each in held.page(after, first).announcements]


def test_records_are_told_of_and_drafts_and_tokens_are_not() -> None:
    entries = [
        Entry("add", "matter", "M-1", None, {"name": "新"}),
        Entry("change", "draft", "B-1", {}, {}),
        Entry("add", "token", "T-1", None, {}),
        Entry("remove", "closure", "C-1", {}, None),
    ]
    assert told(entries) == (changed("M-1", RecordAction.ADD), Changed(RecordKind.CLOSURE, "C-1", RecordAction.REMOVE))


def test_a_particular_word_of_the_log_is_told_as_a_change_and_a_record_once() -> None:
    entries = [Entry("override", "matter", "M-1", None, {}), Entry("revert", "matter", "M-2", None, {})]
    assert told(entries) == (changed("M-1"), changed("M-2"))
    assert told([*entries, Entry("add", "matter", "M-1", None, {})]) == (
        changed("M-1", RecordAction.ADD),
        changed("M-2"),
    )


def test_a_page_goes_on_where_the_last_one_ended() -> None:
    held = history(5)
    assert revisions(held, 0, 2) == [1, 2]
    assert revisions(held, 2, 100) == [3, 4, 5]
    assert (held.page(0, 2).has_next, held.page(2, 100).has_next) == (True, False)
    assert revisions(held, 5, 10) == []
    assert held.page(5, 10).complete


def test_whoever_is_ahead_of_the_registry_is_told_nothing() -> None:
    page = history(3).page(7, 10)
    assert (page.announcements, page.complete, page.has_next) == ((), True, False)


def test_whoever_comes_too_late_is_told_to_read_everything_anew() -> None:
    held = history(HELD_AT_MOST + 10)
    assert (held.since, held.newest) == (10, HELD_AT_MOST + 10)
    late = held.page(9, 10)
    assert (late.announcements, late.complete) == ((), False)
    assert revisions(held, 10, 1) == [11]


def test_no_more_records_are_held_than_fit_but_always_the_newest_announcement() -> None:
    held = history(200, records=1_000)
    assert sum(len(each.changes or ()) for each in held.announcements) == RECORDS_HELD_AT_MOST
    assert history(3, records=RECORDS_HELD_AT_MOST + 1).since == 2


def test_a_page_is_shorter_where_its_lists_are_long() -> None:
    held = history(10, records=RECORDS_A_PAGE // 2)
    assert revisions(held, 0, 100) == [1, 2]
    assert held.page(0, 100).has_next
    assert revisions(history(10, records=None), 0, 100) == list(range(1, 11))


def test_a_gap_is_not_passed_over() -> None:
    held = recent([announced(1), announced(3), announced(4)], 4, "feed")
    assert (held.since, [each.revision for each in held.announcements]) == (2, [3, 4])
    assert recent([announced(1)], 3, "feed").since == 3


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_has_one_to_a_hundred_announcements(first: int) -> None:
    with pytest.raises(BadPage):
        history(3).page(0, first)
