"""``--since T``, a time as an admin writes it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import click

from ivr.routing.calendar import CITY_TIME, city_time
from ivr.texts import _

_AGO = {"m": "minutes", "h": "hours", "d": "days"}


def since_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option, explained by ``text``: the command gets ISO 8601 with its offset, or None."""
    return click.option("--since", metavar="T", callback=_since, help=text)


def _since(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    """Read ``2026-11-22``, ``2026-11-22T08:00`` or ``30m``, ``2h``, ``7d`` ago, in the city's time."""
    if text is None:
        return None
    if text[:-1].isdecimal() and text[-1:] in _AGO:
        return (datetime.now(CITY_TIME) - timedelta(**{_AGO[text[-1]]: int(text[:-1])})).isoformat()
    try:
        return city_time(datetime.fromisoformat(text)).isoformat()
    except (ValueError, OverflowError):
        raise click.BadParameter(
            _("'{text}' is no time; write 2026-11-22, 2026-11-22T08:00, or 30m, 2h, 7d for that long ago").format(
                text=text
            )
        ) from None
