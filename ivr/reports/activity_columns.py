"""The columns of the activity report, with their titles and meanings, and its rows as values. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ivr.registry.model import Registry
from ivr.reports.activity import Activity, ActivityRows, busy_reasons
from ivr.reports.indicator import Unit, share
from ivr.texts import _

Figure = int | float | None


@dataclass(frozen=True, slots=True)
class ActivityColumn:
    """One figure of each row."""

    key: str  # for programs
    title: str
    meaning: str
    unit: Unit
    of: Callable[[Activity], Figure]


def activity_columns(rows: ActivityRows, activities: Iterable[Activity]) -> list[ActivityColumn]:
    """Return the columns in the reader's language; one for each reason for which a seat was busy."""
    count_unit, seconds_unit, share_unit = Unit.COUNT, Unit.SECONDS, Unit.SHARE
    of_citizens = [
        ActivityColumn(
            "offered",
            _("offered"),
            _("Calls of citizens that came in and are over; for a group, the calls whose last queue was the group's."),
            count_unit,
            lambda row: row.offered,
        ),
        ActivityColumn(
            "answered",
            _("answered"),
            _("A human spoke with the caller: a seat, an expert, or a center."),
            count_unit,
            lambda row: row.answered,
        ),
        ActivityColumn(
            "abandoned",
            _("abandoned"),
            _("The caller hung up before a human answered and without leaving a message."),
            count_unit,
            lambda row: row.abandoned,
        ),
        ActivityColumn(
            "answered_15s_from_queue_share",
            _("within 15 s of the queue, %"),
            _("Calls answered within 15 s of that moment, out of all calls that waited for a human at all."),
            share_unit,
            lambda row: share(row.in_time, row.waited),
        ),
    ]
    of_seats = [
        ActivityColumn(
            "calls",
            _("calls taken"),
            _("Talks of seats with callers, consults at a seat among them."),
            count_unit,
            lambda row: row.calls,
        ),
        ActivityColumn(
            "callbacks",
            _("callbacks"),
            _("Callbacks that the citizen answered."),
            count_unit,
            lambda row: row.callbacks,
        ),
        ActivityColumn("talk_s", _("talk"), _("Time in talks, hold left out."), seconds_unit, lambda row: row.talk_s),
        ActivityColumn(
            "hold_s",
            _("hold"),
            _("Time for which the other party was put on hold by *8, at the desk, or by the phone itself."),
            seconds_unit,
            lambda row: row.hold_s,
        ),
        ActivityColumn(
            "wrap_up_s",
            _("wrap-up"),
            _(
                "Time after a call from a queue until the wrap-up ended, or the agent pressed ready or busy or "
                "signed out; and more time that the agent asked for."
            ),
            seconds_unit,
            lambda row: row.wrap_up_s,
        ),
        ActivityColumn(
            "handle_mean_s",
            _("handle time, mean"),
            _("Talk, hold and wrap-up, for each call taken and each callback."),
            seconds_unit,
            lambda row: row.handle_s,
        ),
        ActivityColumn(
            "signed_in_s",
            _("signed in"),
            _("Time for which the seat was signed in to a group."),
            seconds_unit,
            lambda row: row.signed_in_s,
        ),
        ActivityColumn(
            "busy_s",
            _("busy"),
            _("Time busy while signed in, and neither in a call nor in wrap-up."),
            seconds_unit,
            lambda row: sum(row.busy_s.values()),
        ),
    ]
    by_reason = [
        ActivityColumn(
            f"busy_s.{reason or 'none'}", _("busy: {reason}").format(reason=reason_in_words(reason)),
            _("Time busy with this reason."), seconds_unit, partial(_busy_with, reason),
        )
        for reason in busy_reasons(activities)
    ]  # fmt: skip
    occupancy = ActivityColumn(
        "occupancy",
        _("occupancy %"),
        _("Time in talks, hold and wrap-up, out of the time signed in and not busy."),
        share_unit,
        lambda row: row.occupancy,
    )
    of_citizens = [] if rows is ActivityRows.AGENT else of_citizens
    return [*of_citizens, *of_seats, *by_reason, occupancy]


def _busy_with(reason: str, row: Activity) -> float:
    return row.busy_s.get(reason, 0.0)


def reason_in_words(reason: str) -> str:
    """Return a reason of a pause in words; an unknown reason unchanged."""
    words = {
        "": _("no reason"), "break": _("break"), "meal": _("meal"), "meeting": _("meeting"), "training": _("training"),
        "paperwork": _("paperwork"), "no-answer": _("two calls not answered"),
    }  # fmt: skip
    return words.get(reason, reason)


def row_title(rows: ActivityRows, key: str, registry: Registry | None) -> str:
    """Return a row's name: a seat or group as registered, or a time on the city's clock."""
    match rows:
        case ActivityRows.AGENT:
            seat = registry.seats.get(key) if registry else None
            return seat.name if seat else ""
        case ActivityRows.GROUP:
            group = registry.groups.get(key) if registry else None
            return group.title if group else _("no group") if not key else ""
        case ActivityRows.DAY | ActivityRows.WEEK:
            return _weekday(datetime.fromisoformat(key))
        case ActivityRows.HALF_HOUR:
            return ""


def _weekday(day: datetime) -> str:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[day.weekday()]


def row_key(rows: ActivityRows, key: str) -> str:
    """Return a row's key as people read it."""
    match rows:
        case ActivityRows.AGENT | ActivityRows.GROUP:
            return key
        case ActivityRows.DAY | ActivityRows.WEEK:
            return key[:10]
        case ActivityRows.HALF_HOUR:
            return key[:16].replace("T", " ")


def column_heads(rows: ActivityRows) -> tuple[str, str]:
    """Return the titles of the two columns before the figures."""
    titles = {
        ActivityRows.AGENT: _("seat"), ActivityRows.GROUP: _("group"), ActivityRows.DAY: _("day"),
        ActivityRows.WEEK: _("week from"), ActivityRows.HALF_HOUR: _("half hour from"),
    }  # fmt: skip
    return titles[rows], _("name")


def figures(columns: Iterable[ActivityColumn], row: Activity) -> Mapping[str, Any]:
    """Return a row's values by column, seconds to a tenth."""
    return {
        column.key: round(value, 1) if column.unit is Unit.SECONDS and value is not None else value
        for column in columns
        for value in [column.of(row)]
    }
