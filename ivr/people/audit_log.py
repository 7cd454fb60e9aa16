"""The audit log (审计日志): each act of a person on a citizen's data or on people's rights. Rows are only added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select

from ivr.people.people_schema import AUDIT
from ivr.records.store.database import Database

LONGEST = 400  # characters of a detail


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Conditions that a line of the log must meet. None is no condition."""

    since: datetime | None = None
    until: datetime | None = None
    user: str | None = None
    act: str | None = None
    before: int | None = None  # the id of a line
    words: str | None = None  # user, act, object or detail contains it


def add_line(
    database: Database, *, user: str, act: str, about: str = "", detail: str = "", address: str = "", now: datetime
) -> None:
    """Add a line.

    Raises:
        DatabaseUnusable: the line could not be added; then the act must not be done.
    """
    line = {"at": now, "user": user, "act": act, "about": about[:LONGEST], "detail": detail[:LONGEST]}
    with database.begin() as connection:
        connection.execute(insert(AUDIT).values(address=address, **line))


def read_lines(database: Database, conditions: AuditFilter, limit: int) -> list[dict[str, Any]]:
    """Return lines of the log, newest first.

    Raises:
        DatabaseUnusable: the database cannot be used.
    """
    query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
    if conditions.since is not None:
        query = query.where(AUDIT.c.at >= conditions.since)
    if conditions.until is not None:
        query = query.where(AUDIT.c.at < conditions.until)
    if conditions.user is not None:
        query = query.where(AUDIT.c.user == conditions.user)
    if conditions.act is not None:
        query = query.where(AUDIT.c.act == conditions.act)
    if conditions.before is not None:
        query = query.where(AUDIT.c.id < conditions.before)
    if conditions.words is not None:
        columns = (AUDIT.c.user, AUDIT.c.act, AUDIT.c.about, AUDIT.c.detail)
        query = query.where(or_(*(column.icontains(conditions.words, autoescape=True) for column in columns)))
    with database.begin() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        {
            "id": row["id"],
            "at": row["at"].isoformat(timespec="milliseconds"),
            "user": row["user"],
            "act": row["act"],
            "about": row["about"],
            "detail": row["detail"],
            "from": row["address"],
        }
        for row in rows
    ]
