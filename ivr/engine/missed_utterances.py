"""The callers' utterances that were not understood, from the call database."""

from datetime import datetime

from ivr.records.store.database import Database
from ivr.records.store.queries import calls_with_missed_utterances
from ivr.reports.missed import MissedText, missed_texts


def missed(
    database: Database, /, since: str | None = None, until: str | None = None, menu: str | None = None
) -> list[MissedText]:
    """Return the texts that `ivr.reports.missed.missed_texts` finds.

    Args:
        database: the call database.
        since, until: ISO 8601 with the offset; None sets no bound.
        menu: take only the utterances at this menu; None takes all.

    Raises:
        DatabaseUnusable: The database cannot be used.
    """
    begin, end = (datetime.fromisoformat(text) if text else None for text in (since, until))
    return list(missed_texts(calls_with_missed_utterances(database, begin, end), begin, end, menu))
