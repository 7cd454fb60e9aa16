"""The sound quality of calls at the pages. Each page reports some seconds at a time; the averages are stored."""

from sqlalchemy import insert, select, update

from ivr.records.derive.record_parts import SoundQuality
from ivr.records.store import row_mapping
from ivr.records.store.database import Database
from ivr.records.store.schema import SOUND_QUALITY, SOUND_QUALITY_FIELDS


def add(database: Database, measured: SoundQuality) -> None:
    """Store a page's measurement of some seconds of a call.

    Raises:
        DatabaseUnusable: the database cannot be used.
    """
    columns = SOUND_QUALITY.c
    row_key = (columns.call_id == measured.call_id) & (columns.seat == measured.seat)
    with database.begin() as connection:
        row = connection.execute(select(SOUND_QUALITY).where(row_key).with_for_update()).mappings().first()
        if row is None:
            connection.execute(insert(SOUND_QUALITY).values(row_mapping.to_row(SOUND_QUALITY_FIELDS, measured)))
            return
        earlier = SoundQuality(**row_mapping.from_row(SOUND_QUALITY_FIELDS, row))
        averages = row_mapping.to_row(SOUND_QUALITY_FIELDS, combined_quality(earlier, measured))
        connection.execute(update(SOUND_QUALITY).where(row_key).values(averages))


def combined_quality(first: SoundQuality, second: SoundQuality) -> SoundQuality:
    """Return the averages over both times, of one seat in one call."""
    seconds = first.seconds + second.seconds

    def average(of_first: float, of_second: float) -> float:
        return round((of_first * first.seconds + of_second * second.seconds) / seconds, 1)

    return SoundQuality(
        first.call_id,
        first.seat,
        round(seconds, 1),
        average(first.loss_percent, second.loss_percent),
        average(first.jitter_ms, second.jitter_ms),
        average(first.round_trip_ms, second.round_trip_ms),
    )
