"""Properties of the figures of every month."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call_events.values import Reason, SeatKind
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import LegResult, Outcome
from ivr.registry.load import read
from ivr.registry.model import Registry
from ivr.registry.prompts import recorded
from ivr.reports.indicator import Unit
from ivr.reports.indicators import INDICATORS, indicators
from ivr.reports.month import Month
from ivr.reports.report import Report, Slice, report
from tests.reports.made import at, call

ROOT = Path(__file__).parents[2]
NOVEMBER = Month(2026, 11)
COUNTS = [indicator.key for indicator in INDICATORS if indicator.unit is Unit.COUNT]

some_calls = st.lists(
    st.builds(
        call,
        st.integers(0, 29 * 24 * 60).map(
            lambda minutes: (datetime(2026, 11, 1) + timedelta(minutes=minutes)).isoformat()
        ),
        st.sampled_from(Outcome),
        dialled=st.sampled_from(["12345", "12333", "12348", "12366", "07351"]),
        mode=st.sampled_from(["hotline", "dual", None, "of a later version"]),
        gap=st.booleans(),
        wait=st.floats(0, 100),
        talk=st.floats(0, 1000),
        queued=st.none() | st.integers(0, 100),
        seat_kind=st.sampled_from(SeatKind),
        fallbacks=st.lists(st.sampled_from(Reason), max_size=3).map(tuple),
        consults=st.lists(st.sampled_from(LegResult), max_size=3).map(tuple),
        orders=st.integers(0, 2),
        rating=st.none() | st.integers(1, 5),
    ),
    max_size=30,
)


def november(*calls: CallRecord, registry: Registry | None = None) -> Report:
    return report(calls, NOVEMBER, at("2026-12-01T08:00"), registry)


@given(some_calls)
def test_every_call_counts_in_exactly_one_outcome_number_mode_day_and_hour(calls: list[CallRecord]) -> None:
    month_report = november(*calls)
    total = month_report.total.values
    endings = ("answered", "abandoned", "message", "informed", "failed", "refused")
    assert total["offered"] == sum(total[key] for key in endings)
    assert total["offered"] + month_report.in_progress == len(calls)
    for key in COUNTS:
        assert total[key] == sum(row.values[key] for row in month_report.numbers)
        assert total[key] == sum(row.values[key] for row in month_report.modes)
    for slices in (month_report.days.values(), month_report.hours):
        assert total["offered"] == sum(calls.offered for calls in slices)
        assert total["answered"] == sum(calls.answered for calls in slices)
        assert total["answered_15s"] == sum(calls.answered_15s for calls in slices)


@given(some_calls)
def test_no_part_exceeds_its_whole(calls: list[CallRecord]) -> None:
    for row in (*november(*calls).numbers, november(*calls).total):
        values = row.values
        assert values["answered_15s"] <= values["answered"]
        assert values["transfers_answered"] <= values["transfers"]
        assert values["busiest_hour_offered"] <= values["offered"]
        shares = [values[indicator.key] for indicator in INDICATORS if indicator.unit is Unit.SHARE]
        assert all(share is None or 0 <= share <= 1 for share in shares)
        if values["wait_median_s"] is not None:
            assert values["wait_median_s"] <= values["wait_p90_s"]


@given(some_calls, st.randoms())
def test_the_order_in_which_calls_are_read_changes_nothing(calls: list[CallRecord], random: Random) -> None:
    shuffled = list(calls)
    random.shuffle(shuffled)
    in_order, in_other_order = indicators(calls), indicators(shuffled)
    assert in_order.pop("handle_mean_s") == pytest.approx(in_other_order.pop("handle_mean_s"))
    assert in_order == in_other_order


def test_an_empty_month_counts_nothing_and_measures_nothing() -> None:
    month_report = november()
    assert (month_report.numbers, month_report.modes) == ((), ())
    assert len(month_report.days) == 30
    for indicator in INDICATORS:
        nothing = 0 if indicator.unit in {Unit.COUNT, Unit.PEAK} else None
        assert month_report.total.values[indicator.key] == nothing


def test_a_month_begins_and_ends_at_the_citys_midnight() -> None:
    moments = {
        datetime(2026, 10, 31, 15, 59, 59, 999999, UTC): False,
        datetime(2026, 10, 31, 16, 0, 0, 0, UTC): True,
        datetime(2026, 11, 30, 15, 59, 59, 999999, UTC): True,
        datetime(2026, 11, 30, 16, 0, 0, 0, UTC): False,
    }
    month_report = november(*(replace(call(), started_at=moment) for moment in moments))
    assert month_report.total.values["offered"] == 2
    assert (month_report.days[date(2026, 11, 1)].offered, month_report.days[date(2026, 11, 30)].offered) == (1, 1)
    assert (month_report.hours[0].offered, month_report.hours[23].offered) == (1, 1)


@pytest.mark.parametrize(("text", "days"), [("2026-12", 31), ("2024-02", 29), ("2026-02", 28)])
def test_a_month_has_the_days_of_the_calendar(text: str, days: int) -> None:
    month = Month.parse(text)
    assert (len(month.days), str(month)) == (days, text)
    assert Month.of(month.begin) == month
    assert Month.of(month.end) > month


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "0000-01", "9999-12", "2026-1", "2026-11-01", "november", ""])
def test_a_wrong_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(text)


def test_an_answer_after_15_seconds_is_in_time_and_any_later_answer_is_not() -> None:
    values = indicators([call(wait=15.0), call(wait=15.000001)])
    assert (values["answered"], values["answered_15s"], values["answered_15s_share"]) == (2, 1, 0.5)


def test_the_menu_counts_in_the_time_from_the_call_and_not_in_the_time_from_the_queue() -> None:
    slow_menu, slow_agent = call(menu=30, wait=40), call(menu=30, wait=46)
    values = indicators([slow_menu, slow_agent, call(menu=30, outcome=Outcome.ABANDONED)])
    assert (values["answered_15s"], values["answered_15s_share"]) == (0, 0)
    assert (values["answered_15s_from_queue"], values["answered_15s_from_queue_share"]) == (1, 1 / 3)


def test_a_caller_who_hung_up_in_the_menu_did_not_wait_for_an_agent() -> None:
    values = indicators([call(menu=5, wait=8), call(menu=None, outcome=Outcome.ABANDONED)])
    assert (values["answered_15s_share"], values["answered_15s_from_queue_share"]) == (0.5, 1)


def test_a_call_without_an_answer_lowers_the_share_answered_in_time() -> None:
    assert indicators([call(wait=3), call(outcome=Outcome.ABANDONED)])["answered_15s_share"] == 0.5


def test_median_and_90_percent_are_waits_of_callers() -> None:
    values = indicators([call(wait=wait) for wait in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)])
    assert (values["wait_median_s"], values["wait_p90_s"]) == (5, 9)
    assert indicators([call(wait=7)])["wait_p90_s"] == 7


def test_a_call_without_a_queue_does_not_shorten_the_time_in_queues() -> None:
    assert indicators([call(queued=None), call(queued=8)])["queue_median_s"] == 8


def test_each_fallback_counts_once_for_a_call() -> None:
    values = indicators([
        call(fallbacks=(Reason.EXPERT_AWAY,)),
        call(fallbacks=(Reason.EXPERT_BUSY, Reason.NO_AGENT)),
        call(fallbacks=(Reason.CENTER_BUSY, Reason.CENTER_SILENT)),
        call(fallbacks=(Reason.CENTER_UNREACHABLE,)),
        call(fallbacks=(Reason.CLOSED, Reason.CLOSED)),
        call(fallbacks=(Reason.EXPERT_SILENT,), outcome=Outcome.ABANDONED),
    ])  # fmt: skip
    keys = ("expert_absent", "expert_busy", "expert_silent", "center_not_reached", "after_hours")
    assert [values[key] for key in keys] == [1, 1, 1, 2, 1]


def test_each_transfer_attempt_counts_and_only_an_answered_one_succeeds() -> None:
    values = indicators(
        [call(consults=(LegResult.BUSY, LegResult.ANSWERED)), call(consults=(LegResult.NO_ANSWER,)), call()]
    )
    keys = ("transfers", "transfers_answered", "transfers_answered_share")
    assert [values[key] for key in keys] == [3, 1, 1 / 3]


def test_of_the_ratings_the_first_three_count_as_satisfied() -> None:
    keys = ("ratings", "satisfied", "satisfied_share")
    values = indicators([*(call(rating=level) for level in (1, 1, 2, 3, 4, 5)), call()])
    assert [values[key] for key in keys] == [6, 4, 4 / 6]
    assert [indicators([call()])[key] for key in keys] == [0, 0, None]


def test_the_busiest_hour_is_the_first_hour_of_a_day_with_the_most_calls() -> None:
    times = ("02T09:59", "02T10:00", "02T10:59", "03T09:00", "03T09:30", "04T10:00")
    values = indicators([call(f"2026-11-{time}") for time in times])
    assert (values["busiest_hour"], values["busiest_hour_offered"]) == (at("2026-11-02T10:00"), 2)


def test_a_call_in_progress_is_mentioned_and_not_counted() -> None:
    month_report = november(call(), call(outcome=Outcome.IN_PROGRESS))
    assert (month_report.in_progress, month_report.total.values["offered"], month_report.days[date(2026, 11, 22)]) == (
        1,
        1,
        Slice(1, 1, 1),
    )


def test_a_number_whose_mode_changed_within_the_month_has_a_row_for_each() -> None:
    month_report = november(call(dialled="12333", mode="dual"), call(dialled="12333", mode="merged"))
    assert [(row.number, row.mode) for row in month_report.numbers] == [("12333", "merged"), ("12333", "dual")]


def test_an_unregistered_number_differs_from_a_number_without_a_script() -> None:
    month_report = november(call(dialled="12399", mode=None, gap=True), call(dialled="12398", mode=None))
    assert [(row.number, row.mode) for row in month_report.numbers] == [("12399", "unregistered"), ("12398", "unknown")]
    assert month_report.total.values["unregistered"] == 1


def test_the_registry_gives_the_names_and_modes_that_records_lack() -> None:
    registry = read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))
    month_report = november(call(dialled="073512333", mode=None), call(dialled="12398", mode=None), registry=registry)
    assert [(row.number, row.name, row.mode) for row in month_report.numbers] == [
        ("12333", "全国人力资源和社会保障服务电话", "dual"),
        ("12398", "", "unknown"),
    ]
