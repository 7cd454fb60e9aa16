"""The tables of the knowledge base, in the call database; no rebuild of call records touches them."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, Text, UniqueConstraint

from ivr.records.store.schema import METADATA, row_id
from ivr.records.store.utc_datetime import UtcDateTime

_TERM = Text(collation="C").with_variant(Text(), "sqlite")
"""PostgreSQL compares bytes, so that an index finds the beginning of a term."""

ARTICLES = Table(
    "articles",
    METADATA,
    Column("article", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),  # of the last event: an act on an older state is refused
    Column("state", Text, nullable=False, index=True),
    Column("unit", Text, nullable=False, index=True),
    Column("line", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("released", Boolean, nullable=False),  # a version is on offer, in its time
    Column("valid_from", Text, nullable=False),  # of the released version: ISO 8601, "" without limit
    Column("valid_until", Text, nullable=False),
    Column("open_reports", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False, index=True),
    Column("body", Text, nullable=False),  # the whole article as JSON
    Index("ix_articles_begin", "released", "valid_from", "article"),
    Index(
        "ix_articles_released", "released", "valid_until", "valid_from", "article"
    ),  # a search reads no body for them
)
"""Each article as it follows from its events."""

ARTICLE_EVENTS = Table(
    "article_events",
    METADATA,
    row_id(),
    Column("article", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("act", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False),  # of the person who acted
    Column("fields", Text, nullable=False),  # JSON
    UniqueConstraint("article", "sequence", name="uq_article_events_article_sequence"),
)
"""Each act, written once; a trigger of the database refuses to change one."""

ARTICLE_TERMS = Table(
    "article_terms",
    METADATA,
    Column("term", _TERM, primary_key=True),  # see `ivr.knowledge.search_terms`
    Column("article", Text, primary_key=True, index=True),
    Column("weight", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""The terms of each released version: the index of the search, the same in SQLite and PostgreSQL."""

ARTICLE_TERM_COUNTS = Table(
    "article_term_counts",
    METADATA,
    Column("term", _TERM, primary_key=True),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The number of articles that have a term, because counting at each search takes longer than the rest of the search."""
