"""The tables of alarms, in the call database."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from ivr.records.store.schema import METADATA, row_id
from ivr.records.store.utc_datetime import UtcDateTime

ALARMS = Table(
    "alarms",
    METADATA,
    row_id(),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("figure", Integer, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False, index=True),
    Column("told_at", UtcDateTime, nullable=False),
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("ended_at", UtcDateTime),
    Column(
        "open", Text, unique=True
    ),  # kind and subject while open, NULL after; unique, because a subject has one open alarm of a kind
)
"""Alarms, open and over."""

ALARM_MESSAGES = Table(
    "alarm_messages",
    METADATA,
    row_id(),
    Column("receiver", Text, nullable=False),
    Column("message", Text, nullable=False),  # its id
    Column("body", Text, nullable=False),  # JSON of `AlarmNews`
    Column("made_at", UtcDateTime, nullable=False, index=True),
    Column("next_at", UtcDateTime, nullable=False),  # the next attempt is not made before
    Column("tries", Integer, nullable=False),
    Column("problem", Text, nullable=False),  # of the last attempt
    Column("delivered_at", UtcDateTime),
    UniqueConstraint("receiver", "message", name="uq_alarm_messages_receiver_message"),
    Index("ix_alarm_messages_waiting", "receiver", "delivered_at"),
)
"""The messages to receivers of alarms, in order for each receiver."""

ALARM_SIGHTINGS = Table(
    "alarm_sightings",
    METADATA,
    row_id(),
    Column("node", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("figure", Integer, nullable=False),
    Column("lasts", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""The sightings of nodes that raise no alarms, because another node has the turn."""

PROCESS_STARTS = Table(
    "process_starts",
    METADATA,
    row_id(),
    Column("process", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)
"""The starts of the engine and of the desk's process; Asterisk's starts are in `asterisk_starts`."""
