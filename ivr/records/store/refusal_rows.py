"""Refused requests with the offered codecs. Requests of one kind and address are one row a day, kept for a week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.schema import REFUSALS

KEPT = timedelta(days=7)
_MOST = 5000  # rows; a flood from forged addresses must not fill the disk


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """One refused request, or several of a kind."""

    first_at: datetime
    last_at: datetime
    count: int
    kind: str
    method: str
    source: str
    caller: str
    dialled: str
    code: int
    offered: str
    user_agent: str
    sip_call_id: str

    @property
    def same(self) -> str:
        """The fields that are equal in all requests of one count."""
        address = self.source.rpartition(":")[0]
        return f"{self.first_at:%Y-%m-%d} {self.kind} {self.method} {address} {self.code} {self.offered}"


def put(database: Database, requests: Iterable[RefusedRequest]) -> None:
    """Store refused requests; a request like an earlier request of the day adds to the count of that row.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    with database.begin() as connection:
        free_rows = _MOST - (connection.scalar(select(func.count()).select_from(REFUSALS)) or 0)
        for refusal in requests:
            row = {name: getattr(refusal, name) for name in RefusedRequest.__slots__}
            row.pop("first_at")
            count = row.pop("count")
            update_row = update(REFUSALS).where(REFUSALS.c.same == refusal.same)
            if (
                connection.execute(update_row.values(**row, count=REFUSALS.c.count + count)).rowcount == 0
                and free_rows > 0
            ):
                free_rows -= 1
                insert(
                    connection, REFUSALS, [{**row, "same": refusal.same, "first_at": refusal.first_at, "count": count}]
                )


def refusals(database: Database, since: datetime | None = None) -> list[dict[str, Any]]:
    """Return the refused requests, the latest last, as JSON values.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    columns = [REFUSALS.c[name] for name in RefusedRequest.__slots__]
    query = select(*columns).order_by(REFUSALS.c.last_at)
    if since:
        query = query.where(REFUSALS.c.last_at >= since)
    with database.begin() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        {**row, "first_at": row["first_at"].isoformat(timespec="seconds"),
         "last_at": row["last_at"].isoformat(timespec="seconds"), "offered": row["offered"].split()}
        for row in rows
    ]  # fmt: skip


def purge(database: Database, now: datetime) -> int:
    """Delete rows that are older than a week; return their number."""
    with database.begin() as connection:
        return connection.execute(delete(REFUSALS).where(REFUSALS.c.last_at < now.astimezone(UTC) - KEPT)).rowcount
