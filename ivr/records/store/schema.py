"""The tables of the call database. A change here takes a migration beside the others in ``migrations/versions``.

The columns of `CALLS` follow from the declaration of `ivr.records.derive.call_record.CallRecord`.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData, Table, Text

from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import CallbackAttempt, Leg, SoundQuality, Utterance, WorkOrder
from ivr.records.store import row_mapping
from ivr.records.store.utc_datetime import UtcDateTime

METADATA = MetaData(
    naming_convention={  # each constraint has a name, so that a later migration can refer to it
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CALL_FIELDS = row_mapping.stored(CallRecord)
LEG_FIELDS = row_mapping.all_fields(Leg)
UTTERANCE_FIELDS = row_mapping.all_fields(Utterance)
WORK_ORDER_FIELDS = row_mapping.all_fields(WorkOrder, key=["work_order", "call_id"], indexed=["created_at"])
CALLBACK_ATTEMPT_FIELDS = row_mapping.all_fields(
    CallbackAttempt, key=["call_id"], indexed=["missed_call", "started_at"]
)
SOUND_QUALITY_FIELDS = row_mapping.all_fields(SoundQuality, key=["call_id", "seat"])


def row_id() -> "Column[int]":
    """Return a primary key that the database assigns; SQLite does so only for an INTEGER."""
    return Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)


RAW_EVENTS = Table(
    "events_raw",
    METADATA,
    row_id(),
    Column("source", Text, nullable=False),  # "cel" or "queue_log"
    Column("digest", Text, nullable=False, unique=True),  # of source and line: the same line is stored once
    Column("call_id", Text, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),  # by the line; of a bad line, the time of the line before it
    Column("line", Text, nullable=False),
    Column("problem", Text),  # why the line was not understood
)
"""The lines of Asterisk's files, understood or not."""

ASTERISK_STARTS = Table(
    "asterisk_starts",
    METADATA,
    Column("node", Text, primary_key=True),  # "" if the hotline runs on one machine
    Column("at", UtcDateTime, primary_key=True),
)
"""The starts of Asterisk. A call of its node that was in progress before a start is over."""

HANDED_OVER = Table(
    "handed_over",
    METADATA,
    Column("leg", Text, primary_key=True),  # id of the call at the node to which it was handed over
    Column("call_id", Text, nullable=False, index=True),
)
"""The calls that one node of a cluster handed over to another, whose lines belong to the same call."""

IMPORT_STATE = Table(
    "import_state",
    METADATA,
    Column("path", Text, primary_key=True),  # of a node's file: "node:cel.csv"
    Column("offset", BigInteger, nullable=False),  # bytes
    Column("mark", Text, nullable=False),  # digest of the bytes before the offset: it identifies the file
)
"""How far each file was imported."""

CALLS = Table(
    "calls",
    METADATA,
    *(field.column() for field in CALL_FIELDS),
    Index("ix_calls_outcome_started_at", "outcome", "started_at"),
)

LEGS = Table(
    "legs",
    METADATA,
    Column("call_id", Text, ForeignKey("calls.call_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    *(field.column() for field in LEG_FIELDS),
)

UTTERANCES = Table(
    "utterances",
    METADATA,
    Column("call_id", Text, ForeignKey("calls.call_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    *(field.column() for field in UTTERANCE_FIELDS),
    Index("ix_utterances_decision_at", "decision", "at"),
)

WORK_ORDERS = Table(
    "work_orders",
    METADATA,
    *(field.column() for field in WORK_ORDER_FIELDS),
    ForeignKeyConstraint(["call_id"], ["calls.call_id"]),
)

SEAT_EVENTS = Table(
    "seat_events",
    METADATA,
    row_id(),  # in the order of Asterisk's file, because queue_log has whole seconds
    Column("digest", Text, nullable=False, unique=True),  # of the line in `RAW_EVENTS`: it is derived from that line
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("seat", Text, nullable=False),
    Column("kind", Text, nullable=False),  # a `SeatEventKind`
    Column("group", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
"""The sign-ins, pauses and holds of seats."""

CALLBACK_ATTEMPTS = Table("callback_attempts", METADATA, *(field.column() for field in CALLBACK_ATTEMPT_FIELDS))

DELETED_RECORDINGS = Table(
    "deleted_recordings",
    METADATA,
    Column("recording", Text, primary_key=True),
    Column("deleted_at", UtcDateTime, nullable=False),
)
"""Recordings whose retention period was over. They stand apart from `CALLS`, whose rows are rebuilt from raw events."""

CALLBACK_CLAIMS = Table(
    "callback_claims",
    METADATA,
    Column("number", Text, primary_key=True),
    Column("until", UtcDateTime, nullable=False),  # an agent has the number until then
)
"""Numbers that agents call back just now."""

OUTBOX = Table(
    "outbox",
    METADATA,
    row_id(),
    Column("event", Text, nullable=False, unique=True),  # the notification's id
    Column("call_id", Text, nullable=False, index=True),
    Column("body", Text, nullable=False),  # JSON
    Column("made_at", UtcDateTime, nullable=False, index=True),
    Column("next_at", UtcDateTime, nullable=False),  # the next attempt of delivery is not made before
    Column("tries", Integer, nullable=False),
    Column("delivered_at", UtcDateTime, index=True),
)
"""Notifications for desktop programs, kept until they are delivered, and for some time after that."""

CALL_NOTES = Table(
    "call_notes",
    METADATA,
    Column("call_id", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("version", Integer, nullable=False),  # counts the changes: two agents' changes at once are not lost
    Column("result", Text, nullable=False),  # the agent's result of the call; "" if the agent chose none
    Column("by", Text, nullable=False),  # the user who wrote last
    Column("at", UtcDateTime, nullable=False),
    Column("checked", Text, nullable=False, server_default="[]"),  # items of the checklist that are done, as JSON
)
"""Agents' notes about calls at the desk. The call may be in progress and in no other table yet."""

SOUND_QUALITY = Table("sound_quality", METADATA, *(field.column() for field in SOUND_QUALITY_FIELDS))
"""The sound quality that desk pages measured. It is kept apart from `CALLS`, whose rows are rebuilt from raw events."""

SETTLED_MESSAGES = Table(
    "settled_messages",
    METADATA,
    Column("work_order", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Messages of callers that an agent has heard and dealt with."""

REFUSALS = Table(
    "refusals",
    METADATA,
    row_id(),
    Column(
        "same", Text, nullable=False, unique=True
    ),  # day, kind, method, address, code, offer: requests that are equal in these share a row
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("count", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column(
        "source", Text, nullable=False
    ),  # of the last request: address and port; the next columns are also of the last request
    Column("caller", Text, nullable=False),
    Column("dialled", Text, nullable=False),
    Column("code", Integer, nullable=False),
    Column("offered", Text, nullable=False),  # codecs, separated by blanks
    Column("user_agent", Text, nullable=False),
    Column("sip_call_id", Text, nullable=False),
)
"""Requests that were refused before they became a call or a registration."""
