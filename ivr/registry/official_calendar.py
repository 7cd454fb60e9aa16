"""A year's official calendar (放假调休安排) as a JSON file, and the sections of numbers.yaml that it makes. Pure.

The format is that of the public collection holiday-cn, which follows the State Council's notices:
``{"year": 2026, "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": true}, …]}``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ivr.registry import field_types
from ivr.registry.field_types import RefusedError
from ivr.texts import _


class CalendarError(ValueError):
    """The file is no official calendar; the message names the fault."""


@dataclass(frozen=True, slots=True)
class OfficialCalendar:
    """The days of one year that differ from the ordinary week, each with the name of its holiday."""

    year: int
    holidays: Mapping[date, str]
    workdays: Mapping[date, str]  # weekend days that are worked (调休上班日)


def parse(text: str) -> OfficialCalendar:
    """Read a calendar.

    Raises:
        CalendarError: the text is no JSON, or no calendar.
    """
    form = '{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}'
    try:
        content = json.loads(text)
        year, days = int(content["year"]), [_entry(entry) for entry in content["days"]]
    except RefusedError as error:
        raise CalendarError(
            _("this is not a calendar of the form {form}: {error}").format(form=form, error=error)
        ) from None
    except (ValueError, KeyError, TypeError):
        raise CalendarError(_("this is not a calendar of the form {form}").format(form=form)) from None
    if not days:
        raise CalendarError(_("the calendar of {year} has no day").format(year=year))
    return OfficialCalendar(
        year=year,
        holidays={day: name for day, name, is_day_off in sorted(days) if is_day_off},
        workdays={day: name for day, name, is_day_off in sorted(days) if not is_day_off},
    )


def _entry(entry: Mapping[str, Any]) -> tuple[date, str, bool]:
    if not isinstance(entry["isOffDay"], bool):
        raise RefusedError(_("isOffDay must be true or false"))
    return field_types.day(entry["date"]), field_types.name(entry["name"]), entry["isOffDay"]


def to_yaml(calendar: OfficialCalendar) -> str:
    """Return the sections `holidays` and `workdays` as an admin writes them into numbers.yaml."""
    lines = ["holidays:", *_entries(calendar.holidays), "workdays:", *_entries(calendar.workdays)]
    return "\n".join(lines) + "\n"


def ranges(days: Mapping[date, str]) -> list[tuple[date, date, str]]:
    """Return days as ranges, in order: first day, last day, name. Consecutive days of one name are one range."""
    day_ranges: list[tuple[date, date, str]] = []
    for day in sorted(days):
        if day_ranges and day_ranges[-1][1:] == (day - timedelta(days=1), days[day]):
            day_ranges[-1] = (day_ranges[-1][0], day, days[day])
        else:
            day_ranges.append((day, day, days[day]))
    return day_ranges


def _entries(days: Mapping[date, str]) -> list[str]:
    return [
        f"  - {{ from: {first}, {f'until: {last}, ' if last != first else ''}name: {name} }}"
        for first, last, name in ranges(days)
    ] or ["  []"]
