"""The tables of the call database. A change here needs a migration beside the others in ``migrations/versions``."""

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

RowId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up by itself only an INTEGER


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite knows no zones: what comes back from it is UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn into UTC; a naive time is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC, whatever the database session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables. Every constraint has a name, so that a later migration can say which it means."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text, datetime: Moment, list[str]: JSON, list[list[float]]: JSON}  # noqa: RUF012 - SQLAlchemy's own name


def table_of(rows: type[Base]) -> Table:
    """Return the table itself: statements about many rows are cheaper where nobody looks at them as objects."""
    return Base.metadata.tables[rows.__tablename__]


class RawEvent(Base):
    """One line of Asterisk's files, understood or not. A line is kept once, however often it is read."""

    __tablename__ = "events_raw"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    source: Mapped[str]  # "cel" or "queue_log"
    digest: Mapped[str] = mapped_column(unique=True)  # of source and line
    call_id: Mapped[str | None] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)  # as the line says; of one not understood, that of the line before
    line: Mapped[str]
    problem: Mapped[str | None]  # why it was not understood


class Start(Base):
    """A start of Asterisk: calls in progress before it are over."""

    __tablename__ = "asterisk_starts"

    at: Mapped[datetime] = mapped_column(primary_key=True)


class ImportState(Base):
    """How far a file was read."""

    __tablename__ = "import_state"

    path: Mapped[str] = mapped_column(primary_key=True)
    offset: Mapped[int] = mapped_column(BigInteger)  # bytes
    mark: Mapped[str]  # digest of the last bytes before the offset: tells the file from one that took its place


class CallRow(Base):
    """One call; see `ivr.records.derive.record.CallRecord` for what the columns mean."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_outcome_started_at", "outcome", "started_at"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    caller: Mapped[str]
    dialled: Mapped[str] = mapped_column(index=True)
    line: Mapped[str] = mapped_column(index=True)
    mode: Mapped[str | None]
    path: Mapped[str]
    topic: Mapped[str]
    gap: Mapped[bool]
    intent_text: Mapped[str | None]  # these six are None together: nothing was said
    intent_decision: Mapped[str | None]
    intent_target: Mapped[str | None]
    confidence: Mapped[float | None]
    recognizer: Mapped[str | None]
    heard_ms: Mapped[int | None]
    queue: Mapped[str | None]
    wait_s: Mapped[int]
    ring_s: Mapped[float | None]
    seat: Mapped[str | None]
    seat_kind: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str]
    fallbacks: Mapped[list[str]]
    recording: Mapped[str | None] = mapped_column(index=True)
    recording_paused: Mapped[list[list[float]]]
    rating: Mapped[int | None]

    legs: Mapped[list["LegRow"]] = relationship(order_by="LegRow.position", viewonly=True)
    work_orders: Mapped[list["WorkOrderRow"]] = relationship(order_by="WorkOrderRow.created_at", viewonly=True)
    deleted_recording: Mapped["DeletedRecording | None"] = relationship(
        primaryjoin="foreign(CallRow.recording) == DeletedRecording.recording", viewonly=True
    )


class DeletedRecording(Base):
    """A recording whose time was over. Apart from `calls`, whose rows are made anew from the raw events."""

    __tablename__ = "deleted_recordings"

    recording: Mapped[str] = mapped_column(primary_key=True)
    deleted_at: Mapped[datetime]


class CallbackAttemptRow(Base):
    """One try to call a citizen back; see `ivr.records.derive.record.CallingBack`."""

    __tablename__ = "calling_back"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    missed_call: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]
    seat: Mapped[str]
    result: Mapped[str]
    seconds: Mapped[float]
    started_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    recording: Mapped[str | None]


class EventRow(Base):
    """An event for desktop programs, kept until it is delivered, and for some time behind that."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    event: Mapped[str] = mapped_column(unique=True)  # its id: the same however often the record is built
    call_id: Mapped[str] = mapped_column(index=True)
    body: Mapped[str]  # JSON
    made_at: Mapped[datetime] = mapped_column(index=True)
    next_at: Mapped[datetime]  # not sent before
    tries: Mapped[int]
    delivered_at: Mapped[datetime | None] = mapped_column(index=True)


class LegRow(Base):
    """One leg of a call."""

    __tablename__ = "legs"

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.call_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    target: Mapped[str]
    party: Mapped[str | None]
    result: Mapped[str]
    seconds: Mapped[float]
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class WorkOrderRow(Base):
    """One work order."""

    __tablename__ = "work_orders"

    call_id: Mapped[str] = mapped_column(ForeignKey("calls.call_id"), primary_key=True)
    work_order: Mapped[str] = mapped_column(primary_key=True)
    caller: Mapped[str]
    number: Mapped[str]
    unit: Mapped[str]
    recording: Mapped[str]
    seconds: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
