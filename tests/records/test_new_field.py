"""A field of the call record is declared once; column, row, query, JSON and table column follow from it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import pytest
import sqlalchemy as sa

from ivr.call_events.values import Reason
from ivr.call_events.vocabulary import FallbackTaken
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.call_trace import trace_of
from ivr.records.derive.declaration import Stored
from ivr.records.derive.derived_record import deriver
from ivr.records.derive.table_columns import table_columns
from ivr.records.store import row_mapping
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from tests.records.written_call import BEGAN, CALLER, WrittenCall


@dataclass(frozen=True, slots=True, kw_only=True)
class LongerRecord(CallRecord):
    """The call record with four more fields, as a later version may declare them."""

    events: Annotated[int, Stored(lambda call: len(call.trace.events), heading="events", unit=" pcs")]
    share: Annotated[float | None, Stored(lambda _call: 0.5, heading="share")] = None
    first_reason: Annotated[Reason | None, Stored(lambda call: call.fallback_reasons[0])] = None
    last_event_at: Annotated[datetime | None, Stored(lambda call: call.trace.last_at, indexed=True)] = None


STORY = WrittenCall().notes(FallbackTaken(Reason.CLOSED)).wait(3).hangs_up(CALLER).ends()
NEW = {"events", "share", "first_reason", "last_event_at"}


@pytest.fixture
def record() -> LongerRecord:
    trace = trace_of(STORY.events, STORY.queue, {})
    assert trace
    return deriver(LongerRecord)(trace)


def test_the_field_follows_from_the_events(record: LongerRecord) -> None:
    assert (record.events, record.share, record.first_reason) == (1, 0.5, Reason.CLOSED)
    assert record.last_event_at == STORY.events[-1].at > BEGAN


def test_the_field_is_a_column_that_is_written_and_read(record: LongerRecord, database: Database) -> None:
    mapped = row_mapping.stored(LongerRecord)
    table = sa.Table("longer", sa.MetaData(), *(field.column() for field in mapped))
    with database.begin() as connection:
        table.create(connection)
        columns = {column["name"]: column for column in sa.inspect(connection).get_columns("longer")}
        assert {name for name in NEW if columns[name]["nullable"]} == NEW - {"events"}
        assert [index["column_names"] for index in sa.inspect(connection).get_indexes("longer")].count(
            ["last_event_at"]
        ) == 1
        insert(connection, table, [row_mapping.to_row(mapped, record)])
        [row] = connection.execute(sa.select(table)).mappings()
        stored = LongerRecord(**row_mapping.from_row(mapped, row), legs=record.legs, work_orders=record.work_orders)
        table.drop(connection)
    assert stored == record


def test_the_field_is_in_the_json_and_in_the_table(record: LongerRecord) -> None:
    shown: dict[str, Any] = row_mapping.to_json(row_mapping.stored(LongerRecord), record)
    assert record.last_event_at
    assert {name: shown[name] for name in NEW} == {
        "events": 1,
        "share": 0.5,
        "first_reason": "closed",
        "last_event_at": record.last_event_at.isoformat(timespec="milliseconds"),
    }
    cells = {column.heading: column.cell(shown) for column in table_columns(LongerRecord)}
    assert (cells["events"], cells["share"]) == ("1 pcs", "0")
    assert cells["fallback"] == "closed"


def test_a_value_that_no_column_holds_is_refused_when_the_program_starts() -> None:
    @dataclass
    class Wrong:
        folder: Annotated[Path, Stored(lambda _call: Path())]

    with pytest.raises(TypeError, match="folder: no column holds"):
        row_mapping.stored(Wrong)
