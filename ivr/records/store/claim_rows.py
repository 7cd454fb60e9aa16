"""Claims of numbers to call back, so that no two agents of any node call the same citizen back."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.schema import CALLBACK_CLAIMS

_LONGEST = timedelta(hours=1)  # a claim that ends later was made before the clock was set back
_COLUMNS = CALLBACK_CLAIMS.c


def claim_number(database: Database, number: str, now: datetime, until: datetime) -> bool:
    """Claim a number until a time, unless it is claimed already; return whether this claim succeeded. Times are aware.

    Raises:
        DatabaseUnusable: The database cannot be used; so do all functions of this module.
    """
    is_free = (_COLUMNS.until <= now) | (_COLUMNS.until > now + _LONGEST)
    with database.begin() as connection:
        connection.execute(delete(CALLBACK_CLAIMS).where(_COLUMNS.until <= now - _LONGEST))
        insert(connection, CALLBACK_CLAIMS, [{"number": number, "until": now}], skip_existing=True)
        claim = update(CALLBACK_CLAIMS).where(_COLUMNS.number == number, is_free).values(until=until)
        return connection.execute(claim).rowcount == 1


def keep_claim(database: Database, number: str, until: datetime) -> None:
    """Let a claim end at another time, ``until`` (aware)."""
    with database.begin() as connection:
        connection.execute(update(CALLBACK_CLAIMS).where(_COLUMNS.number == number).values(until=until))


def claimed_numbers(database: Database, now: datetime) -> set[str]:
    """Return the numbers that are claimed at ``now`` (aware)."""
    is_claimed = (_COLUMNS.until > now) & (_COLUMNS.until <= now + _LONGEST)
    with database.begin() as connection:
        return set(connection.scalars(select(_COLUMNS.number).where(is_claimed)))
