from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from ivr.registry.model import Hours, Place
from ivr.routing.calendar import CITY_TIME, city_time, is_open
from tests.routing.registry import registry

OFFICE = Hours(
    "office",
    {**{day: ((time(9), time(12)), (time(13), time(17, 30))) for day in range(5)}, 5: ((time(18), time.max),)},
    Place("t.yaml", 1, 1),
)
HOLIDAY = date(2025, 10, 1)  # a Wednesday
MADE_UP = {date(2025, 9, 28): 0, date(2025, 10, 11): 4}  # a Sunday with Monday's hours, a Saturday with Friday's
REGISTRY = replace(registry(), holidays={HOLIDAY: "国庆节"}, workdays=MADE_UP)


@pytest.mark.parametrize(
    ("moment", "is_there"),
    [
        ("2025-06-02T08:59:59", False),  # Monday
        ("2025-06-02T09:00", True),
        ("2025-06-02T11:59:59.999999", True),
        ("2025-06-02T12:00", False),
        ("2025-06-02T13:00", True),
        ("2025-06-02T17:30", False),
        ("2025-06-06T10:00", True),  # Friday
        ("2025-06-07T10:00", False),  # Saturday
        ("2025-06-07T23:59:59.999999", True),  # until midnight exactly
        ("2025-06-08T00:00", False),  # Sunday has no span
        ("2025-10-01T10:00", False),  # a holiday
        ("2025-10-02T10:00", True),
        ("2025-09-28T10:00", True),  # a Sunday that is a working day
        ("2025-09-28T12:30", False),
        ("2025-10-11T10:00", True),  # a Saturday that is a working day has Friday's hours,
        ("2025-10-11T19:00", False),  # and not Saturday's
    ],
)
def test_hours_are_in_the_citys_time(moment: str, is_there: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=CITY_TIME)
    assert is_open(OFFICE, REGISTRY, at) is is_there
    assert is_open(OFFICE, REGISTRY, at.astimezone(UTC)) is is_there


def test_a_line_without_hours_is_open_even_on_a_holiday_night() -> None:
    assert is_open(None, REGISTRY, datetime(2025, 10, 1, 3, tzinfo=CITY_TIME))


def test_the_city_is_eight_hours_ahead_of_utc() -> None:
    assert city_time(datetime(2025, 6, 1, 20, tzinfo=UTC)).isoformat() == "2025-06-02T04:00:00+08:00"


def test_a_time_without_a_zone_is_in_the_citys_time() -> None:
    assert city_time(datetime(2025, 6, 1, 20)).isoformat() == "2025-06-01T20:00:00+08:00"
