"""``--since T``, ``--until T`` and ``--day D``: times as an admin writes them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import click

from ivr.routing.calendar import CITY_TIME, city_time
from ivr.texts import _

_AGO = {"m": "minutes", "h": "hours", "d": "days"}
_DAY = timedelta(days=1)


def since_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option with the help ``text``: the command gets ISO 8601 with its offset, or None."""
    return click.option("--since", metavar="T", callback=_since, help=text)


def until_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option with the help ``text``: as `since_option`; a date means the end of that day."""
    return click.option("--until", metavar="T", callback=_until, help=text)


def day_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option with the help ``text``: the command gets the date, or None."""
    return click.option("--day", metavar="D", callback=_day, help=text)


def begin_and_end(day: date) -> tuple[str, str]:
    """Return the begin of a day and of the next day in the city's time, as ISO 8601 with offset."""
    begin = datetime.combine(day, time(), CITY_TIME)
    return begin.isoformat(), (begin + _DAY).isoformat()


def _since(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    return None if text is None else _moment(text).isoformat()


def _until(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return begin_and_end(date.fromisoformat(text))[1]
    except (ValueError, OverflowError):
        return _moment(text).isoformat()


def _day(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    if text is None:
        return None
    today = datetime.now(CITY_TIME).date()
    if text in ("today", "yesterday"):
        return today if text == "today" else today - _DAY
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("'{text}' is not a day; write 2026-11-22, today or yesterday")
        raise click.BadParameter(message.format(text=text)) from None


def _moment(text: str) -> datetime:
    """Read ``2026-11-22``, ``2026-11-22T08:00`` or ``30m``, ``2h``, ``7d`` ago, in the city's time."""
    try:
        if text[:-1].isdecimal() and text[-1:] in _AGO:
            return datetime.now(CITY_TIME) - timedelta(**{_AGO[text[-1]]: int(text[:-1])})
        return city_time(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        message = _("'{text}' is no time; write 2026-11-22, 2026-11-22T08:00, or 30m, 2h, 7d for that long ago")
        raise click.BadParameter(message.format(text=text)) from None
