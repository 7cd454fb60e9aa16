"""The sound quality of calls at the pages: each page reports some seconds at a time, and averages are kept."""

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
    same = (columns.call_id == measured.call_id) & (columns.seat == measured.seat)
    with database.begin() as connection:
        row = connection.execute(select(SOUND_QUALITY).where(same).with_for_update()).mappings().first()
        if row is None:
            connection.execute(insert(SOUND_QUALITY).values(row_mapping.to_row(SOUND_QUALITY_FIELDS, measured)))
            return
        before = SoundQuality(**row_mapping.from_row(SOUND_QUALITY_FIELDS, row))
        both = row_mapping.to_row(SOUND_QUALITY_FIELDS, together(before, measured))
        connection.execute(update(SOUND_QUALITY).where(same).values(both))


def together(one: SoundQuality, other: SoundQuality) -> SoundQuality:
    """Return the averages over both times, of one seat in one call."""
    seconds = one.seconds + other.seconds

    def average(first: float, second: float) -> float:
        return round((first * one.seconds + second * other.seconds) / seconds, 1)

    return SoundQuality(
        one.call_id,
        one.seat,
        round(seconds, 1),
        average(one.loss_percent, other.loss_percent),
        average(one.jitter_ms, other.jitter_ms),
        average(one.round_trip_ms, other.round_trip_ms),
    )
