"""Reads the data of the activity report from the call database."""

from datetime import datetime, timedelta

from ivr.records.store.call_moments import call_moments
from ivr.records.store.database import Database
from ivr.records.store.seat_rows import seat_events, seat_talks
from ivr.registry.model import Registry
from ivr.reports.activity import ActivityRows, activity
from ivr.reports.activity_files import ActivityReport
from ivr.reports.seat_times import seat_times

LONGEST = {rows: timedelta(days=31 if rows is ActivityRows.HALF_HOUR else 400) for rows in ActivityRows}
"""The longest time of a report, because a report with more rows helps nobody and holds up the desk."""


def activity_report(
    database: Database,
    rows: ActivityRows,
    since: datetime,
    until: datetime,
    now: datetime,
    registry: Registry | None,
    seat: str | None = None,
) -> ActivityReport:
    """Return the activity of a time; a state that lasts at ``now`` is counted up to ``now``.

    Args:
        database: the call database.
        rows: the kind of the rows.
        since: aware.
        until: aware; not included.
        now: aware.
        registry: for names, and for the seconds of wrap-up after each call.
        seat: count only this seat's times, and no calls of citizens; None for all seats.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    end = max(min(until, now), since)
    events = [event for event in seat_events(database, since, end) if seat in (None, event.seat)]
    talks = [talk for talk in seat_talks(database, since, end) if seat in (None, talk.seat)]
    calls = call_moments(database, since, end) if seat is None else []
    times = seat_times(events, talks, registry.timers.wrapup if registry else 0, end)
    activities, total = activity(rows, times, calls, since, end)
    return ActivityReport(rows, since, until, now, activities, total, registry)
