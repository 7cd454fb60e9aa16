"""The times of many calls without their other fields, for pages that are refreshed often."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from ivr.records.store.database import Database
from ivr.records.store.schema import CALLS


class CallMoments(NamedTuple):
    """A call's times, number, mode and outcome."""

    started_at: datetime
    first_offer_at: datetime | None
    answered_at: datetime | None
    dialled: str
    mode: str | None
    outcome: str
    queue: str | None = None  # the last group in whose queue the caller waited


def call_moments(database: Database, since: datetime, until: datetime) -> list[CallMoments]:
    """Return the calls that began in this time, both ends aware.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    columns = CALLS.c
    query = select(
        columns.started_at,
        columns.first_offer_at,
        columns.answered_at,
        columns.dialled,
        columns.mode,
        columns.outcome,
        columns.queue,
    ).where(columns.started_at >= since, columns.started_at < until)
    with database.begin() as connection:
        return [CallMoments(*row) for row in connection.execute(query)]
