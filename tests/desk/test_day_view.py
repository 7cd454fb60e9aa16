"""The wall's figures: each call is counted once, in its half hour, with its outcome."""

from datetime import datetime, timedelta

from ivr.desk.day_view import day_view
from ivr.records.store.call_moments import CallMoments
from ivr.routing.calendar import CITY_TIME

NOW = datetime(2026, 11, 30, 10, 10, tzinfo=CITY_TIME)


def call(hour: int, minute: int, *, offer: int | None, answer: int | None, outcome: str, days: int = 0) -> CallMoments:
    """A call of 12345; offer and answer in seconds after its begin."""
    begin = NOW.replace(hour=hour, minute=minute) - timedelta(days=days)
    moments = [None if seconds is None else begin + timedelta(seconds=seconds) for seconds in (offer, answer)]
    return CallMoments(begin, moments[0], moments[1], "12345", "hotline", outcome)


def test_each_call_counts_once_in_its_half_hour_number_and_outcome() -> None:
    today = [
        call(9, 29, offer=10, answer=14, outcome="answered"),
        call(9, 30, offer=10, answer=25, outcome="answered"),
        call(9, 59, offer=10, answer=26, outcome="answered"),
        call(10, 0, offer=10, answer=None, outcome="abandoned"),
        call(10, 5, offer=None, answer=None, outcome="in-progress"),
    ]
    figures = day_view(today, [call(9, 30, offer=1, answer=2, outcome="answered", days=7)], NOW, {"12345": "热线"})
    half_hours = {piece["from"][11:16]: piece for piece in figures["by_half_hour"]}
    assert len(half_hours) == 48
    assert [half_hours[at]["offered"] for at in ("09:00", "09:30", "10:00")] == [1, 2, 1]
    assert figures["day"] == {
        "offered": 4, "answered": 3, "within_15s": 1, "within_15s_of_offer": 2, "abandoned": 1, "messages": 0,
    }  # fmt: skip
    assert figures["last_30_min"]["offered"] == 2
    assert {piece["from"][11:16]: piece["answered"] for piece in figures["last_week"]}["09:30"] == 1
    assert figures["by_number"][0]["name"] == "热线"
