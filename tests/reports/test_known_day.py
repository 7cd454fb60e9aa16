"""The figures of a day whose calls are known: 19 calls by real phones, on 23 November 2026 shortly before two.

Every figure here was counted by hand in Asterisk's own files, ``tests/records/logs``: the times are those of CHAN_START
of the caller's channel, of the first ANSWER of a seat or center, and of the caller's HANGUP, in seconds after
1795370000; the seconds in queues are those of queue_log.
"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ivr.records.store.call_filter import CallFilter
from ivr.records.store.queries import calls
from ivr.reports.indicators import INDICATORS
from ivr.reports.month import Month
from ivr.reports.report import Report, Slice, report
from tests.reports.imported_day import imported
from tests.reports.made import at

# file → begin, answer and end of the call
ANSWERED = {
    "12348": {
        "expert_answers": (73.830385, 74.854253, 76.374387),
        "expert_silent_agent_and_center": (77.890377, 82.405574, 92.273999),
        "consult_and_back": (93.798414, 97.933957, 106.272505),
        "agent_leaves_citizen_and_center": (107.790462, 111.930478, 120.269417),
        "agent_leaves_while_center_rings": (121.776193, 125.913687, 134.740648),
        "three_with_an_expert": (136.260726, 140.777089, 147.887080),
    },
    "12366": {"center_answers": (149.406762, 150.410825, 151.931340)},
    "12345": {
        "two_calls_at_once, the first": (186.983643, 187.495877, 189.525537),
        "two_calls_at_once, the second": (187.498015, 188.512124, 189.524169),
        "consult_not_answered": (194.549693, 195.070210, 201.988633),
        "consult_busy": (203.499274, 204.019815, 210.371843),
        "asterisk_killed": (218.294423, 218.803387, 218.803387),  # without an end
    },
    "12399": {},
}
NOTHING = {
    "informed": 0, "failed": 0, "refused": 0, "unregistered": 0, "message": 0, "abandoned": 0, "expert_answered": 0,
    "expert_absent": 0, "expert_busy": 0, "expert_silent": 0, "center_answered": 0, "center_not_reached": 0,
    "after_hours": 0, "transfers": 0, "transfers_answered": 0, "transfers_answered_share": None, "work_orders": 0,
    "busiest_hour": at("2026-11-23T01:00"), "ratings": 0, "satisfied": 0, "satisfied_share": None,
    "missed": 0, "called_back": 0, "reached": 0, "called_again": 0, "reached_share": None,
}  # fmt: skip
# All calls are of one caller: each caller who was missed in a queue called again, and was answered.
COUNTED = {
    # expert_busy_caller_hangs_up is the seventh. In queues: 1; 4+1; 4+0 four times; 4+2.
    "12348": {
        "offered": 7, "answered": 6, "abandoned": 1, "expert_answered": 1, "expert_silent": 6, "queue_median_s": 4,
        "transfers": 5, "transfers_answered": 5, "transfers_answered_share": 1.0,
        "missed": 1, "called_again": 1, "reached_share": 1.0,
    },
    # center_busy_then_message was in a queue for 6 s; caller_hangs_up_while_center_rings in none.
    "12366": {
        "offered": 3, "answered": 1, "abandoned": 1, "message": 1, "center_answered": 1, "center_not_reached": 1,
        "queue_median_s": 6, "work_orders": 1,
    },
    # caller_leaves_queue_for_message 3 s; caller_hangs_up_at_once 1; hostile_number 0; those answered 1, 1, 1, 1, 0.
    "12345": {
        "offered": 8, "answered": 5, "abandoned": 2, "message": 1, "queue_median_s": 1, "work_orders": 1,
        "transfers": 2, "transfers_answered": 0, "transfers_answered_share": 0.0,
        "missed": 2, "called_again": 2, "reached_share": 1.0,
    },
    # engine_away
    "12399": {"offered": 1, "answered": 0, "abandoned": 1, "queue_median_s": 2, "missed": 1, "called_again": 1,
        "reached_share": 1.0,
    },
    # In queues, in order: 0 0 1 1 1 1 1 1 2 3 4 4 4 4 5 6 6.
    "": {
        "offered": 19, "answered": 12, "abandoned": 5, "message": 2, "expert_answered": 1, "expert_silent": 6,
        "center_answered": 1, "center_not_reached": 1, "transfers": 7, "transfers_answered": 5,
        "transfers_answered_share": 5 / 7, "work_orders": 2, "queue_median_s": 2, "missed": 4, "called_again": 4,
        "reached_share": 1.0,
    },
}  # fmt: skip
# Of 6, 1, 5, 0 and 12 waits in order: the 3rd, 1st, 3rd, none and 6th; the 6th, 1st, 5th, none and 11th.
WAITS = {
    "12348": (125.913687 - 121.776193, 140.777089 - 136.260726),
    "12366": (150.410825 - 149.406762, 150.410825 - 149.406762),
    "12345": (195.070210 - 194.549693, 188.512124 - 187.498015),
    "12399": (None, None),
    "": (188.512124 - 187.498015, 82.405574 - 77.890377),
}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Report:
    with imported(tmp_path_factory.mktemp("day")) as database:
        return report(calls(database), Month(2026, 11), at("2026-11-23T02:00"))


def expected(number: str) -> dict[str, object]:
    counted = NOTHING | COUNTED[number]
    offered, answered = COUNTED[number]["offered"], COUNTED[number]["answered"]
    times = [time for of_number in ANSWERED.values() for time in of_number.values()]
    if number:
        times = list(ANSWERED[number].values())
    talked = [gone - answer for _came_in, answer, gone in times]
    return counted | {
        "answered_share": answered / offered,
        "abandoned_share": counted["abandoned"] / offered,
        "message_share": counted["message"] / offered,
        "answered_15s": answered,  # no caller waited for more than 5 s
        "answered_15s_share": answered / offered,
        "answered_15s_from_queue": answered,
        "answered_15s_from_queue_share": answered / offered,  # each caller of that day waited for a human
        "wait_median_s": WAITS[number][0],
        "wait_p90_s": WAITS[number][1],
        "handle_mean_s": sum(talked) / len(talked) if talked else None,
        "busiest_hour_offered": offered,
    }


@pytest.mark.parametrize("number", ["12348", "12366", "12345", "12399"])
def test_every_figure_of_a_number_agrees_with_asterisks_files(day: Report, number: str) -> None:
    [row] = [row for row in day.numbers if row.number == number]
    assert dict(row.values) == approximately(expected(number))


def test_every_figure_of_the_day_agrees_with_asterisks_files(day: Report) -> None:
    assert dict(day.total.values) == approximately(expected(""))
    assert set(day.total.values) == {indicator.key for indicator in INDICATORS}


def approximately(figures: dict[str, object]) -> dict[str, object]:
    return {
        key: pytest.approx(figure, abs=1e-5) if isinstance(figure, float) else figure for key, figure in figures.items()
    }


def test_numbers_are_sorted_by_mode_and_calls_without_the_engine_have_an_unknown_mode(day: Report) -> None:
    assert [(row.number, row.mode) for row in day.numbers] == [
        ("12345", "hotline"),
        ("12348", "dual"),
        ("12366", "subcenter"),
        ("12399", "unknown"),
    ]


def test_calls_count_at_their_day_and_hour_of_the_citys_time(day: Report) -> None:
    """In UTC, the time of the files, it was still six in the evening of the 22nd."""
    assert {day: calls for day, calls in day.days.items() if calls.offered} == {date(2026, 11, 23): Slice(19, 12, 12)}
    assert day.hours == tuple(Slice(19, 12, 12) if hour == 1 else Slice(0, 0, 0) for hour in range(24))


def test_only_the_calls_from_since_up_to_until_are_read(tmp_path: Path) -> None:
    with imported(tmp_path) as database:
        first, second, third = calls(database)[:3]
        records = calls(database, CallFilter(since=first.started_at, until=third.started_at))
        assert [call.call_id for call in records] == [first.call_id, second.call_id]
        assert calls(database, CallFilter(until=datetime(2026, 11, 22, 17, tzinfo=UTC))) == []
