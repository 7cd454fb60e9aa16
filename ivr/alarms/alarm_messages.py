"""The messages to receivers of alarms. A message is sent again until the receiver accepts it or the message is too old.

A refused message delays no other message.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from ivr.alarms.alarm_news import AlarmNews, NewsKind
from ivr.alarms.alarm_schema import ALARM_MESSAGES
from ivr.records.store.database import Database

OUT_OF_DATE = timedelta(days=1)
"""After that time a message is too old to be of use, and is not sent any more."""

_AT_ONCE = 16
_LONGEST_PAUSE = 120  # seconds between two attempts
_COLUMNS = ALARM_MESSAGES.c


@dataclass(frozen=True, slots=True)
class AlarmMessage:
    """A message that waits for its receiver."""

    id: int  # of the row
    tries: int
    news: AlarmNews


def waiting_messages(database: Database, receiver: str, now: datetime) -> list[AlarmMessage]:
    """Return the next messages to a receiver whose pause is over, oldest first.

    Raises:
        DatabaseUnusable: the database cannot be used. All functions of this module raise it.
    """
    clock_was_set_back = _COLUMNS.next_at > now + timedelta(seconds=_LONGEST_PAUSE)
    query = (
        select(ALARM_MESSAGES)
        .where(_COLUMNS.receiver == receiver, _COLUMNS.delivered_at.is_(None), _COLUMNS.made_at > now - OUT_OF_DATE)
        .where((_COLUMNS.next_at <= now) | clock_was_set_back)
        .order_by(_COLUMNS.id)
        .limit(_AT_ONCE)
    )
    with database.begin() as connection:
        return [AlarmMessage(row.id, row.tries, _news(row.body)) for row in connection.execute(query)]


def message_sent(database: Database, message: AlarmMessage, now: datetime) -> None:
    """Record that a receiver accepted a message."""
    with database.begin() as connection:
        of_it = update(ALARM_MESSAGES).where(_COLUMNS.id == message.id)
        connection.execute(of_it.values(delivered_at=now, problem=""))


def message_refused(database: Database, message: AlarmMessage, problem: str, now: datetime) -> None:
    """Record the problem of a refused message; the next attempts follow after 1, 2, 4, … seconds."""
    pause = timedelta(seconds=min(2**message.tries, _LONGEST_PAUSE))
    with database.begin() as connection:
        of_it = update(ALARM_MESSAGES).where(_COLUMNS.id == message.id)
        connection.execute(of_it.values(tries=message.tries + 1, next_at=now + pause, problem=problem))


def receiver_states(database: Database, receivers: list[str], now: datetime) -> dict[str, tuple[int, str]]:
    """Return for each receiver how many messages wait, and the problem of the first; "" if there is none."""
    waits = (_COLUMNS.delivered_at.is_(None)) & (_COLUMNS.made_at > now - OUT_OF_DATE)
    with database.begin() as connection:
        rows = connection.execute(select(_COLUMNS.receiver, _COLUMNS.problem).where(waits).order_by(_COLUMNS.id)).all()
    states = {}
    for receiver in receivers:
        problems = [row.problem for row in rows if row.receiver == receiver]
        states[receiver] = (len(problems), problems[0] if problems else "")
    return states


def _news(body: str) -> AlarmNews:
    fields = json.loads(body)
    event_time = datetime.fromisoformat(fields.pop("at"))
    fields |= {"event": NewsKind(fields["event"]), "to": tuple(fields.get("to", ()))}
    return AlarmNews(**fields, at=event_time)
