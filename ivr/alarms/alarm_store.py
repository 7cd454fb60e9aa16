"""Alarms in the call database, and their messages to receivers. A restart does not raise an alarm again.

A step of an alarm and its messages are one transaction.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy import insert as insert_into

from ivr.alarms.alarm_news import AlarmNews, NewsKind, kind_of, news_of
from ivr.alarms.alarm_rules import AlarmCondition
from ivr.alarms.alarm_schema import ALARM_MESSAGES, ALARMS
from ivr.alarms.alarm_steps import AlarmSteps, RaisedAlarm
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.registry.model import Registry

RETENTION = timedelta(days=180)
"""How long an alarm that is over is kept: six months, as 网络安全法 §21 asks of logs."""

_COLUMNS = ALARMS.c


def open_alarms(database: Database) -> list[RaisedAlarm]:
    """Return the open alarms, oldest first.

    Raises:
        DatabaseUnusable: the database cannot be used. All functions of this module raise it.
    """
    with database.begin() as connection:
        return _alarms(connection.execute(select(ALARMS).where(_COLUMNS.open.is_not(None)).order_by(_COLUMNS.id)))


def alarms_since(database: Database, since: datetime) -> list[RaisedAlarm]:
    """Return the alarms that are open or ended at ``since`` (aware) or later, newest first."""
    condition = _COLUMNS.open.is_not(None) | (_COLUMNS.ended_at >= since)
    with database.begin() as connection:
        return _alarms(connection.execute(select(ALARMS).where(condition).order_by(_COLUMNS.id.desc())))


def take_steps(database: Database, steps: AlarmSteps, registry: Registry, now: datetime) -> None:
    """Store the steps of one check of the hotline."""
    with database.begin() as connection:
        for condition in steps.raised:
            if alarm := _raise(connection, condition, now):
                _tell(connection, news_of(alarm, NewsKind.RAISED, registry, now), registry, now)
        for alarm, condition in steps.repeated:
            telling = update(ALARMS).where(_COLUMNS.id == alarm.id, _COLUMNS.acknowledged_at.is_(None))
            if connection.execute(telling.values(told_at=now, figure=condition.figure)).rowcount:
                repeated_alarm = replace(alarm, figure=condition.figure)
                _tell(connection, news_of(repeated_alarm, NewsKind.REPEATED, registry, now), registry, now)
        for alarm in steps.ended:
            ending = update(ALARMS).where(_COLUMNS.id == alarm.id, _COLUMNS.open.is_not(None))
            if connection.execute(ending.values(ended_at=now, open=None)).rowcount:
                _tell(connection, news_of(alarm, NewsKind.ENDED, registry, now), registry, now)


def acknowledge(
    database: Database, alarm_id: int, person: str, note: str, registry: Registry, now: datetime
) -> RaisedAlarm | None:
    """Acknowledge an open alarm and notify the receivers; None if no such alarm is open, or it is acknowledged
    already."""
    is_open = (_COLUMNS.id == alarm_id) & _COLUMNS.open.is_not(None) & _COLUMNS.acknowledged_at.is_(None)
    with database.begin() as connection:
        acknowledging = update(ALARMS).where(is_open).values(acknowledged_at=now, acknowledged_by=person, note=note)
        if not connection.execute(acknowledging).rowcount:
            return None
        [alarm] = _alarms(connection.execute(select(ALARMS).where(_COLUMNS.id == alarm_id)))
        _tell(connection, news_of(alarm, NewsKind.ACKNOWLEDGED, registry, now), registry, now)
        return alarm


def purge_alarms(database: Database, now: datetime) -> None:
    """Delete alarms and messages whose retention period of 180 days is over."""
    with database.begin() as connection:
        connection.execute(delete(ALARMS).where(_COLUMNS.ended_at < now - RETENTION))
        connection.execute(delete(ALARM_MESSAGES).where(ALARM_MESSAGES.c.made_at < now - RETENTION))


def alarm_json(alarm: RaisedAlarm, text: str) -> dict[str, Any]:
    """Return an alarm as JSON values; ``text`` is the alarm in the reader's language."""
    return {
        "id": alarm.id,
        "kind": alarm.kind.value,
        "about": alarm.about,
        "figure": alarm.figure,
        "text": text,
        "raised_at": alarm.raised_at.isoformat(timespec="seconds"),
        "acknowledged_at": _iso(alarm.acknowledged_at),
        "acknowledged_by": alarm.acknowledged_by,
        "note": alarm.note,
        "ended_at": _iso(alarm.ended_at),
    }


def _raise(connection: Connection, condition: AlarmCondition, now: datetime) -> RaisedAlarm | None:
    subject = f"{condition.kind} {condition.about}".strip()
    if connection.scalar(select(_COLUMNS.id).where(_COLUMNS.open == subject)) is not None:
        return None  # an earlier engine raised the alarm between two checks
    values = {
        "kind": condition.kind.value, "about": condition.about, "figure": condition.figure, "raised_at": now,
        "told_at": now, "acknowledged_by": "", "note": "", "open": subject,
    }  # fmt: skip
    row = connection.execute(insert_into(ALARMS).values(values))
    assert row.inserted_primary_key is not None
    return RaisedAlarm(row.inserted_primary_key[0], condition.kind, condition.about, condition.figure, now, now)


def _tell(connection: Connection, news: AlarmNews, registry: Registry, now: datetime) -> None:
    put_messages(connection, news, registry.alarms.receivers, now)


def put_messages(connection: Connection, news: AlarmNews, receivers: Iterable[str], now: datetime) -> None:
    """Store a message to each receiver, unless the message is stored already."""
    body = json.dumps({**news.to_json(), "to": news.to}, ensure_ascii=False)
    rows = [
        {
            "receiver": receiver,
            "message": news.id,
            "body": body,
            "made_at": now,
            "next_at": now,
            "tries": 0,
            "problem": "",
        }
        for receiver in receivers
    ]
    insert(connection, ALARM_MESSAGES, rows, skip_existing=True)


def _alarms(rows: Iterable[Any]) -> list[RaisedAlarm]:
    """Return alarms, without alarms of a kind that this version does not know."""
    return [
        RaisedAlarm(
            row.id, kind, row.about, row.figure, row.raised_at, row.told_at, row.acknowledged_at, row.acknowledged_by,
            row.note, row.ended_at,
        )
        for row in rows
        if (kind := kind_of(row.kind))
    ]  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
