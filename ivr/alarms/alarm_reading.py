"""Reads the figures that alarms watch from the call database: the time of readings, the starts of processes."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from ivr.alarms.alarm_schema import PROCESS_STARTS
from ivr.records.store.database import Database
from ivr.records.store.schema import ASTERISK_STARTS, CALLS

_LATELY = timedelta(minutes=15)
_FEWEST = 5  # readings, because a single slow reading says little
_RETENTION = timedelta(days=7)


def heard_ms(database: Database, now: datetime) -> float | None:
    """Return the mean milliseconds in which the last words of callers were read; None if few callers spoke.

    Raises:
        DatabaseUnusable: the database cannot be used. All functions of this module raise it.
    """
    columns = CALLS.c
    lately = select(func.count(columns.heard_ms), func.avg(columns.heard_ms)).where(
        columns.started_at > now - _LATELY, columns.heard_ms.is_not(None)
    )
    with database.begin() as connection:
        count, mean = connection.execute(lately).one()
    return float(mean) if count >= _FEWEST else None


def note_start(database: Database, process: str, now: datetime) -> None:
    """Record that a process started."""
    with database.begin() as connection:
        connection.execute(delete(PROCESS_STARTS).where(PROCESS_STARTS.c.at < now - _RETENTION))
        connection.execute(insert(PROCESS_STARTS).values(process=process, at=now))


def starts_since(database: Database, since: datetime) -> dict[str, int]:
    """Return the number of starts of each process."""
    columns = PROCESS_STARTS.c
    with database.begin() as connection:
        counts = select(columns.process, func.count()).where(columns.at >= since).group_by(columns.process)
        start_counts = {process: count for process, count in connection.execute(counts)}
        asterisk = select(func.count()).select_from(ASTERISK_STARTS).where(ASTERISK_STARTS.c.at >= since)
        return start_counts | {"asterisk": connection.scalar(asterisk) or 0}
