"""The activity report: each second of a seat counts once, under the seat's state, in the right row."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ivr.records.derive.seat_events import SeatEvent, SeatEventKind
from ivr.records.store.call_moments import CallMoments
from ivr.records.store.seat_rows import SeatTalk
from ivr.reports.activity import Activity, ActivityRows, activity
from ivr.reports.activity_columns import activity_columns
from ivr.reports.seat_times import seat_times
from tests.reports.made import at

SINCE, UNTIL = at("2026-11-23T08:00"), at("2026-11-23T12:00")
WRAP_UP = 30  # seconds of Asterisk's own wrap-up
MINUTE = 60.0


def event(clock: str, kind: SeatEventKind, group: str = "general", reason: str = "", seat: str = "8001") -> SeatEvent:
    return SeatEvent(at(f"2026-11-23T{clock}"), seat, kind, group, reason)


def talk(begin: str, end: str | None, group: str = "general", *, callback: bool = False) -> SeatTalk:
    moments = [at(f"2026-11-23T{clock}") if clock else None for clock in (begin, end)]
    return SeatTalk("8001", moments[0] or SINCE, moments[1], group, callback)


def call(clock: str, outcome: str = "answered", queue: str = "general", wait: int | None = 10) -> CallMoments:
    began = at(f"2026-11-23T{clock}")
    return CallMoments(
        began, began, began + timedelta(seconds=wait) if wait else None, "12345", "hotline", outcome, queue
    )


IN, OUT = SeatEventKind.SIGNED_IN, SeatEventKind.SIGNED_OUT
BUSY, READY = SeatEventKind.BUSY, SeatEventKind.READY
HELD, RESUMED = SeatEventKind.HELD, SeatEventKind.RESUMED

MORNING = [
    event("08:00", IN),
    event("09:00", BUSY, reason="meal"),
    event("09:20", READY),
    event("10:05", HELD, ""),
    event("10:07", RESUMED, ""),
    event("11:00", BUSY, reason="meeting"),  # pressed in the call below
    event("11:30", READY),
    event("11:50", OUT),
]
TALKS = [talk("10:00", "10:10"), talk("10:59", "11:10"), talk("11:40", "11:41", "", callback=True)]


def rows(
    by: ActivityRows, events: list[SeatEvent], talks: list[SeatTalk], calls: list[CallMoments] | None = None,
    since: datetime = SINCE, until: datetime = UNTIL,
) -> tuple[dict[str, Activity], Activity]:  # fmt: skip
    activity_by_row, total = activity(by, seat_times(events, talks, WRAP_UP, until), calls or [], since, until)
    return {row.key: row for row in activity_by_row}, total


def test_an_agents_times_are_counted_by_state() -> None:
    activity_by_row, total = rows(ActivityRows.AGENT, MORNING, TALKS)
    assert list(activity_by_row) == ["8001"]
    row = activity_by_row["8001"]
    assert (row.calls, row.callbacks) == (2, 1)
    assert row.signed_in_s == 230 * MINUTE
    assert row.hold_s == 2 * MINUTE
    assert row.talk_s == (8 + 11 + 1) * MINUTE
    assert row.wrap_up_s == 2 * WRAP_UP
    # The agent pressed busy during a call, so the state busy begins after the wrap-up of that call.
    assert row.busy_s == {"meal": 20 * MINUTE, "meeting": 20 * MINUTE - WRAP_UP}
    assert row.handle_s == (22 * MINUTE + 2 * WRAP_UP) / 3
    assert row.occupancy == (22 * MINUTE + 2 * WRAP_UP) / (190 * MINUTE + WRAP_UP)
    assert (total.talk_s, total.calls, total.busy_s) == (row.talk_s, row.calls, row.busy_s)


def test_a_time_is_divided_among_half_hours_and_a_call_counts_once() -> None:
    activity_by_row, total = rows(
        ActivityRows.HALF_HOUR, MORNING, TALKS, [call("09:59"), call("10:00", "abandoned", wait=None)]
    )
    assert len(activity_by_row) == 8
    half_hours = {key[11:16]: row for key, row in activity_by_row.items()}
    assert half_hours["10:30"].talk_s == MINUTE
    assert half_hours["11:00"].talk_s == 10 * MINUTE
    assert half_hours["10:30"].calls == 1
    assert half_hours["11:00"].calls == 0
    assert [half_hours[at].busy_s.get("meal", 0) for at in ("08:30", "09:00", "09:30")] == [0, 20 * MINUTE, 0]
    assert [(half_hours[at].offered, half_hours[at].abandoned) for at in ("09:30", "10:00")] == [(1, 0), (1, 1)]
    assert total.offered == 2
    assert sum(row.talk_s for row in activity_by_row.values()) == total.talk_s


def test_a_seat_of_two_groups_counts_in_both_groups_but_once_in_the_sum() -> None:
    events = [event("08:00", IN), event("08:00", IN, "enterprise"), event("09:00", OUT, "enterprise")]
    activity_by_row, total = rows(
        ActivityRows.GROUP, events, [talk("08:10", "08:20"), talk("08:30", "08:35", "enterprise")],
        [call("08:09"), call("08:29", queue="enterprise", wait=20)],
    )  # fmt: skip
    assert {group: (row.offered, row.waited, row.in_time) for group, row in activity_by_row.items()} == {
        "general": (1, 1, 1), "enterprise": (1, 1, 0),
    }  # fmt: skip
    assert (activity_by_row["general"].talk_s, activity_by_row["enterprise"].talk_s) == (10 * MINUTE, 5 * MINUTE)
    assert (activity_by_row["general"].signed_in_s, activity_by_row["enterprise"].signed_in_s) == (
        240 * MINUTE,
        60 * MINUTE,
    )
    assert total.signed_in_s == 240 * MINUTE, "the sum counts a seat of two groups once"


def test_weeks_begin_on_monday_and_a_sign_in_lasts_over_midnight() -> None:
    events = [SeatEvent(at("2026-11-22T23:00"), "8001", IN, "general", ""), event("01:00", OUT)]
    since, until = at("2026-11-22T00:00"), at("2026-11-24T00:00")
    activity_by_row, _total = rows(ActivityRows.WEEK, events, [], since=since, until=until)
    assert {key[:10]: row.signed_in_s for key, row in activity_by_row.items()} == {
        "2026-11-16": 3600,
        "2026-11-23": 3600,
    }
    activity_by_row, _total = rows(ActivityRows.DAY, events, [], since=since, until=until)
    assert {key[:10]: row.signed_in_s for key, row in activity_by_row.items()} == {
        "2026-11-22": 3600,
        "2026-11-23": 3600,
    }


def test_a_wrap_up_ends_early_when_the_agent_presses_ready_and_lasts_longer_if_asked() -> None:
    early = [event("08:00", IN), event("10:00:10", OUT), event("10:00:10", IN)]  # like [rejoin-queue]
    activity_by_row, _total = rows(ActivityRows.AGENT, early, [talk("09:59", "10:00")])
    assert activity_by_row["8001"].wrap_up_s == 10
    assert activity_by_row["8001"].signed_in_s == 240 * MINUTE
    longer = [event("08:00", IN), event("10:00:20", BUSY, reason="wrap-up:1780000000"), event("10:02", READY)]
    activity_by_row, _total = rows(ActivityRows.AGENT, longer, [talk("09:59", "10:00")])
    assert activity_by_row["8001"].wrap_up_s == 120
    assert activity_by_row["8001"].busy_s == {}


def test_a_state_that_lasts_is_counted_up_to_now() -> None:
    events = [event("11:00", IN), event("11:50", HELD, "")]
    activity_by_row, _total = rows(ActivityRows.AGENT, events, [talk("11:40", None)])
    assert (activity_by_row["8001"].talk_s, activity_by_row["8001"].hold_s) == (10 * MINUTE, 10 * MINUTE)
    assert activity_by_row["8001"].occupancy == pytest.approx(20 / 60)


def test_a_quiet_half_hour_has_no_occupancy() -> None:
    activity_by_row, total = rows(ActivityRows.HALF_HOUR, [], [])
    assert [row.occupancy for row in (*activity_by_row.values(), total)] == [None] * 9


def test_the_document_names_each_figure() -> None:
    document = (Path(__file__).parents[2] / "docs/reports.md").read_text(encoding="utf-8")
    for column in activity_columns(ActivityRows.DAY, []):
        assert f"| {column.title} | `{column.key}` |" in document
