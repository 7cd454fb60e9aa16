"""The tables of people, sessions and the audit log, in the call database. Their migration is ``r0011_people``."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text

from ivr.records.store.schema import METADATA
from ivr.records.store.utc_datetime import UtcDateTime

PEOPLE = Table(
    "people",
    METADATA,
    Column("user", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", JSON, nullable=False),  # names of `ivr.people.rights.Role`
    Column("seat", Text),  # the person's own; None: chosen at the desk
    Column("unit", Text),  # of a person with the role `unit`: a unit of orders.yaml
    Column("password", Text, nullable=False),  # argon2id, in PHC string format
    Column("password_at", UtcDateTime, nullable=False),
    Column("must_change", Boolean, nullable=False),  # because an admin knows the password
    Column("totp", Text),  # RFC 6238: the key, base32; None: no second factor
    Column(
        "totp_used", BigInteger, nullable=False
    ),  # the time step of the last code, because no code is accepted twice
    Column("disabled", Boolean, nullable=False),
    Column("last_sign_in", UtcDateTime),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", Text, primary_key=True),  # SHA-256 of the cookie, because no thief of the database may sign in
    Column("session", Text, nullable=False, unique=True),  # a name that may be shown
    Column("user", Text, ForeignKey("people.user"), nullable=False, index=True),
    Column("seat", Text),  # the seat at which the person sits
    Column("made_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("address", Text, nullable=False),
)

FAILED_SIGN_INS = Table(
    "failed_sign_ins",
    METADATA,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("user", Text, nullable=False, index=True),
    Column("address", Text, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
)

TOKENS = Table(
    "tokens",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),  # SHA-256 of the token
    Column("scopes", JSON, nullable=False),  # names of `ivr.people.rights.Act`
    Column("made_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("user", Text, nullable=False, index=True),
    Column("act", Text, nullable=False, index=True),
    Column("about", Text, nullable=False),  # call, recording, person: its id
    Column("detail", Text, nullable=False),
    Column("address", Text, nullable=False),
)
"""Triggers of the database refuse to change or delete its rows."""
