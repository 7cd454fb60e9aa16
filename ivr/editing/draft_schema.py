"""The table of registry drafts, in the call database. Its migration is ``r0020_registry_drafts``."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from ivr.records.store.schema import METADATA
from ivr.records.store.utc_datetime import UtcDateTime

DRAFTS = Table(
    "registry_drafts",
    METADATA,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("user", Text, nullable=False, index=True),
    Column("state", Text, nullable=False, index=True),  # a `ivr.editing.drafts.DraftState`
    Column(
        "version", Integer, nullable=False
    ),  # counts changes: a page with an older version may not overwrite the draft
    Column("base", Text, nullable=False),  # the text of numbers.yaml that the draft began with
    Column("text", Text, nullable=False),
    Column("recordings_base", Text, nullable=False),  # digest of the site's own recordings; "": the draft changes none
    Column("due_at", UtcDateTime),  # the time at which it is put in force; None: by hand
    Column("result", Text, nullable=False),  # the reason if it failed; else ""
    Column("changed_at", UtcDateTime, nullable=False),
)
