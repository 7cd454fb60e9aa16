"""Drafts of the registry in the database: an open draft for each person, and drafts that are planned for a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from ivr.editing.draft_schema import DRAFTS
from ivr.records.store.database import Database

_RETENTION = timedelta(days=90)  # of a draft that is over


class DraftState(StrEnum):
    """The state of a draft."""

    OPEN = "open"  # being edited
    PLANNED = "planned"  # to be put in force at `due_at`
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"  # at `due_at`; `result` says why
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class RegistryDraft:
    """A draft as it is stored."""

    id: int
    user: str
    state: DraftState
    version: int
    base: str
    text: str
    recordings_base: str
    due_at: datetime | None
    result: str
    changed_at: datetime

    def to_json(self) -> dict[str, Any]:
        """Return the draft as REST shows it, without its texts."""
        return {
            "id": self.id,
            "user": self.user,
            "state": self.state.value,
            "version": self.version,
            "due_at": self.due_at.isoformat(timespec="seconds") if self.due_at else None,
            "result": self.result,
            "changed_at": self.changed_at.isoformat(timespec="seconds"),
        }


def open_draft(database: Database, user: str) -> RegistryDraft | None:
    """Return the draft that a person edits; None if there is none.

    Raises:
        DatabaseUnusable: the database cannot be used. All functions of this module raise it.
    """
    return next((draft for draft in drafts(database, DraftState.OPEN) if draft.user == user), None)


def drafts(database: Database, *states: DraftState) -> list[RegistryDraft]:
    """Return the drafts in some states, newest first."""
    query = select(DRAFTS).where(DRAFTS.c.state.in_(states)).order_by(DRAFTS.c.id.desc())
    with database.begin() as connection:
        return [_draft(row) for row in connection.execute(query).mappings()]


def draft(database: Database, draft_id: int) -> RegistryDraft | None:
    """Return a draft."""
    with database.begin() as connection:
        row = connection.execute(select(DRAFTS).where(DRAFTS.c.id == draft_id)).mappings().first()
    return _draft(row) if row is not None else None


def begin(database: Database, user: str, base: str, now: datetime) -> RegistryDraft:
    """Store a new open draft that begins with ``base``; delete drafts that ended more than 90 days ago."""
    values = {"base": base, "text": base, "recordings_base": "", "result": "", "changed_at": now}
    ended_states = (DraftState.APPLIED, DraftState.FAILED, DraftState.DISCARDED)
    with database.begin() as connection:
        connection.execute(
            delete(DRAFTS).where(DRAFTS.c.state.in_(ended_states), DRAFTS.c.changed_at < now - _RETENTION)
        )
        inserted = connection.execute(insert(DRAFTS).values(user=user, state=DraftState.OPEN, version=1, **values))
        key = inserted.inserted_primary_key
        assert key is not None
        return _draft(connection.execute(select(DRAFTS).where(DRAFTS.c.id == key[0])).mappings().one())


def change(database: Database, draft_id: int, version: int, now: datetime, **values: object) -> RegistryDraft | None:
    """Store new values of a draft; None if it has another version by now, and nothing was stored."""
    with database.begin() as connection:
        row_update = (
            update(DRAFTS)
            .where(DRAFTS.c.id == draft_id, DRAFTS.c.version == version)
            .values(version=version + 1, changed_at=now, **values)
        )
        if connection.execute(row_update).rowcount == 0:
            return None
        return _draft(connection.execute(select(DRAFTS).where(DRAFTS.c.id == draft_id)).mappings().one())


def due(database: Database, now: datetime) -> list[RegistryDraft]:
    """Return the planned drafts whose time has come, the earliest first."""
    query = select(DRAFTS).where(DRAFTS.c.state == DraftState.PLANNED, DRAFTS.c.due_at <= now)
    with database.begin() as connection:
        return [_draft(row) for row in connection.execute(query.order_by(DRAFTS.c.due_at, DRAFTS.c.id)).mappings()]


def _draft(row: Any) -> RegistryDraft:  # noqa: ANN401 - a row by column name
    return RegistryDraft(**{**row, "state": DraftState(row["state"])})
