"""The tables of work orders, beside the tables of call records; no rebuild of call records touches them."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Table, Text, UniqueConstraint

from ivr.records.store.schema import METADATA, row_id
from ivr.records.store.utc_datetime import UtcDateTime

ORDERS = Table(
    "orders",
    METADATA,
    Column("order", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),  # of the last event: an act on an older state is refused
    Column("state", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("class", Text, nullable=False),
    Column("county", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("subscriber", Text, nullable=False, index=True),  # the caller's number without prefixes
    Column("call_id", Text, nullable=False, index=True),
    Column("source", Text, unique=True),  # message, call or callback from which it was made; else NULL
    Column("confidential", Boolean, nullable=False),
    Column("supervised", Integer, nullable=False),
    Column("enterprise", Boolean, nullable=False),
    Column("struck_off", Boolean, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False, index=True),
    Column("first_dispatched_at", UtcDateTime, index=True),
    Column("closed_at", UtcDateTime, index=True),
    Column("due_on", Date),  # by the calendar in force; computed again after a change of the calendar
    Column("body", Text, nullable=False),  # the whole work order as JSON
    Column("rated", Text, nullable=False),  # the part that the four rates read, as JSON
    Index("ix_orders_counts", "state", "due_on", "supervised", "confidential"),  # all columns that the counts read
    Index("ix_orders_enterprise", "enterprise", "struck_off", "opened_at"),
    Index("ix_orders_rated", "first_dispatched_at", "unit", "confidential", "rated"),  # all columns that a report reads
    Index("ix_orders_unit_counts", "unit", "state", "due_on", "supervised"),
)
"""Each work order as it follows from its events."""

ORDER_WORDS = Table(
    "order_words",
    METADATA,
    Column("order", Text, primary_key=True),
    Column("words", Text, nullable=False),
)
"""The words by which a work order is found, in the form of `ivr.orders.word_pairs.normal_form`."""

ORDER_PAIRS = Table(
    "order_pairs",
    METADATA,
    Column("pair", BigInteger, primary_key=True, autoincrement=False),  # see `ivr.orders.word_pairs`
    Column("order", Text, primary_key=True),
    Index("ix_order_pairs_order", "order"),
    sqlite_with_rowid=False,
)
"""The index of the search by words: the pairs of characters in them."""

ORDER_FILES = Table(
    "order_files",
    METADATA,
    Column("order", Text, primary_key=True),
    Column("file", Text, primary_key=True, index=True),  # SHA-256 of the content, in hexadecimal
)
"""The work orders to which a file belongs. A file that belongs to none is deleted."""

CITIZEN_REQUESTS = Table(
    "citizen_requests",
    METADATA,
    row_id(),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("about", Text, nullable=False),  # "matter", or the number of a work order that came with a wrong code
)
"""Requests of the citizens' page that count against its limits; kept for a day."""

ORDER_EVENTS = Table(
    "order_events",
    METADATA,
    row_id(),
    Column("order", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("act", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False),  # of the person who acted
    Column("fields", Text, nullable=False),  # JSON
    UniqueConstraint("order", "sequence", name="uq_order_events_order_sequence"),
)
"""Each act, written once; a trigger of the database refuses to change one."""
