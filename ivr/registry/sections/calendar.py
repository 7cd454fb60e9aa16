"""Weekly hours and holidays."""

from datetime import time
from itertools import pairwise

from ivr.registry import field_types
from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.model import Hours
from ivr.texts import _

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_hours(top: Fields, draft: Draft) -> None:
    """Read the mapping `hours`."""
    draft.declared.hours = top.names("hours")
    for name, place, fields in top.named("hours", field_types.key_name):
        spans = {number: _spans(fields, day) for number, day in enumerate(_DAYS)}
        if fields.done() and not any(spans.values()):
            fields.refuse(
                place, _("the hours {name} are closed all week: give at least one day a span").format(name=name)
            )
        draft.hours[name] = Hours(name, {number: day for number, day in spans.items() if day}, place)


def _spans(fields: Fields, day: str) -> tuple[tuple[time, time], ...]:
    read = sorted(fields.texts(day, field_types.span))
    for (before, _first), (span, place) in pairwise(read):
        if span[0] < before[1]:
            message = _("{day}: the span that starts at {start} overlaps the one before it, which ends at {end}")
            start, end = f"{span[0]:%H:%M}", f"{before[1]:%H:%M}"
            fields.refuse(place, message.format(day=day, start=start, end=end))
    return tuple(span for span, _place in read)


def read_holidays(top: Fields, draft: Draft) -> None:
    """Read the list `holidays`."""
    for day, place in top.texts("holidays", field_types.day):
        if day in draft.holidays:
            message = _("holidays: {day} stands here a second time; the first is on line {line}")
            top.refuse(place, message.format(day=day, line=draft.holidays[day].line))
        draft.holidays.setdefault(day, place)
