"""Weekly hours, holidays, and weekend days that are worked (调休)."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import pairwise

from ivr.registry import field_types
from ivr.registry.draft import CalendarDay, Draft
from ivr.registry.fields import Fields
from ivr.registry.model import Hours, Place
from ivr.texts import _

_LONGEST = 31  # days of one entry, because a longer entry has a slip in its year
_SATURDAY = 5  # by date.weekday()


def read_hours(top: Fields, draft: Draft) -> None:
    """Read the mapping `hours`."""
    draft.declared.hours = top.names("hours")
    for name, place, fields in top.named("hours", field_types.key_name):
        spans = {number: _spans(fields, day) for number, day in enumerate(field_types.WEEKDAYS)}
        if fields.done() and not any(spans.values()):
            fields.refuse(
                place, _("the hours {name} are closed all week: give at least one day a span").format(name=name)
            )
        draft.hours[name] = Hours(name, {number: day for number, day in spans.items() if day}, place)


def _spans(fields: Fields, day: str) -> tuple[tuple[time, time], ...]:
    sorted_spans = sorted(fields.texts(day, field_types.span))
    for (earlier, _first), (span, place) in pairwise(sorted_spans):
        if span[0] < earlier[1]:
            message = _("{day}: the span that starts at {start} overlaps the span before it, which ends at {end}")
            start, end = f"{span[0]:%H:%M}", f"{earlier[1]:%H:%M}"
            fields.refuse(place, message.format(day=day, start=start, end=end))
    return tuple(span for span, _place in sorted_spans)


def read_holidays(top: Fields, draft: Draft) -> None:
    """Read the lists `holidays` and `workdays` (调休上班日)."""
    for day, name, place, _fields in _days(top, "holidays"):
        if day in draft.holidays:
            _refuse_second(top, "holidays", day, place, draft.holidays[day].place)
        draft.holidays.setdefault(day, CalendarDay(name, place))
    for day, name, place, fields in _days(top, "workdays"):
        like_weekday = fields.maybe("like", field_types.weekday) if fields else None
        if day in draft.workdays:
            _refuse_second(top, "workdays", day, place, draft.workdays[day].place)
        elif day in draft.holidays:
            message = _("workdays: {day} is a holiday by line {line}, and cannot be a working day, too")
            top.refuse(place, message.format(day=day, line=draft.holidays[day].place.line))
        elif like_weekday is None and day.weekday() < _SATURDAY:
            message = _("workdays: {day} is not a day of a weekend, and is a workday without an entry")
            top.refuse(place, message.format(day=day))
        draft.workdays.setdefault(day, CalendarDay(name, place, like_weekday or 0))


def _days(top: Fields, key: str) -> Iterator[tuple[date, str, Place, Fields | None]]:
    """Read a list of days: a date, or ``{ from: …, until: …, name: … }`` for each day from the first to the last."""
    message = _("must be a list of days, as in [2027-01-01, { from: 2027-02-05, until: 2027-02-11, name: 春节 }]")
    for entry in top.values_or_entries(key, field_types.day, message):
        if not isinstance(entry, Fields):
            yield entry[0], "", entry[1], None
            continue
        first = entry.need("from", field_types.day)
        last = entry.maybe("until", field_types.day) or first
        name = entry.maybe("name", field_types.name) or ""
        if key == "workdays":
            entry.maybe("like", field_types.weekday)
        if first and last and not 0 <= (last - first).days < _LONGEST:
            message = _("until: from {first} until {last} is not a range of 1 to {longest} days")
            entry.refuse(entry.at("until"), message.format(first=first, last=last, longest=_LONGEST))
        if entry.done() and first and last:
            for offset in range((last - first).days + 1):
                yield first + timedelta(days=offset), name, entry.place, entry


def _refuse_second(top: Fields, key: str, day: date, place: Place, first: Place) -> None:
    message = _("{key}: {day} stands here a second time; the first is on line {line}")
    top.refuse(place, message.format(key=key, day=day, line=first.line))
