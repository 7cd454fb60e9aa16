"""Supervisors are notified of a group whose seats take no calls, after `patience` and after each further `patience`."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ivr.engine import unattended_groups
from ivr.engine.unattended_groups import UnattendedGroups
from ivr.records.store import outbox
from ivr.records.store.database import Database
from ivr.registry.model import Registry
from tests.routing.registry import registry


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/calls.sqlite3")
    database.migrate()
    yield database


def general(waiting: int, taking: int) -> list[dict[str, Any]]:
    return [{"group": "general", "title": "话务座席", "waiting": waiting, "taking": taking}]


async def test_supervisors_are_notified_in_time_and_again_until_a_seat_takes_calls(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole: Registry = registry()
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(unattended_groups, "time", SimpleNamespace(monotonic=lambda: clock.now))
    groups = UnattendedGroups(lambda: None, SimpleNamespace(current=whole), database)  # type: ignore[arg-type]

    async def look(at: float, waiting: int, taking: int) -> list[dict[str, Any]]:
        clock.now = 1000.0 + at
        await groups._look(general(waiting, taking))
        due = outbox.due_notifications(database, datetime.now(UTC) + timedelta(seconds=1))
        for entry in due:
            outbox.mark_delivered(database, entry, datetime.now(UTC))
        return [json.loads(entry.body) for entry in due]

    patience = whole.timers.patience
    assert await look(0, waiting=2, taking=0) == []
    assert await look(patience - 1, waiting=2, taking=0) == []
    (notice,) = await look(patience, waiting=2, taking=0)
    assert (notice["event"], notice["group"], notice["waiting"]) == ("group-unattended", "general", 2)
    assert notice["seconds"] == patience
    assert groups.seconds() == {"general": patience}
    assert await look(patience + 5, waiting=2, taking=0) == []
    assert await look(patience + 6, waiting=2, taking=1) == []
    assert groups.seconds() == {}
    assert await look(2 * patience + 6, waiting=2, taking=0) == [], "the time begins anew"
