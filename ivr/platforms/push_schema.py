"""The tables of messages to platforms and from platforms."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from ivr.records.store.schema import METADATA, row_id
from ivr.records.store.utc_datetime import UtcDateTime

PLATFORM_MESSAGES = Table(
    "platform_messages",
    METADATA,
    row_id(),
    Column("platform", Text, nullable=False),
    Column("message", Text, nullable=False),  # its id
    Column("object", Text, nullable=False),
    Column("key", Text, nullable=False),  # of the object
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column(
        "body", Text, nullable=False
    ),  # the neutral JSON, so that a corrected mapping holds for waiting messages, too
    Column("next_at", UtcDateTime, nullable=False),  # the next attempt is not made before
    Column("tries", Integer, nullable=False),
    Column("problem", Text),  # of the last attempt
    Column("delivered_at", UtcDateTime, index=True),
    UniqueConstraint("platform", "message", name="uq_platform_messages_platform_message"),
    Index("ix_platform_messages_waiting", "platform", "delivered_at", "object", "key", "version"),
)
"""The messages to platforms, kept until delivered, and then for the retention period of calls."""

PLATFORM_POSITIONS = Table(
    "platform_positions",
    METADATA,
    Column("platform", Text, primary_key=True),
    Column("order_event", BigInteger, nullable=False),  # id of the last row of `order_events` that was read
    Column("call_ended_at", UtcDateTime, nullable=False),  # end of the last call that was read
    Column("article_event", BigInteger, nullable=False, server_default="0"),
)
"""The last rows from which messages to a platform were made."""

PLATFORM_RECEIPTS = Table(
    "platform_receipts",
    METADATA,
    Column("platform", Text, primary_key=True),
    Column("message", Text, primary_key=True),  # the platform's id
    Column("received_at", UtcDateTime, nullable=False, index=True),
    Column("result", Text, nullable=False),  # JSON: the answer
)
"""The messages of platforms with the responses, so that a message that comes twice has one effect."""
