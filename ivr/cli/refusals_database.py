"""Refused requests from the call database of a home, without a running hotline."""

from datetime import datetime
from typing import Any

from ivr.cli.call_database import DatabaseUnusable, call_database
from ivr.records.store import refusal_rows
from ivr.runtime.layout import Home

__all__ = ["DatabaseUnusable", "refusals"]


def refusals(home: Home, since: str | None = None) -> list[dict[str, Any]]:
    """Return the refused requests since ``since``, which is ISO 8601 with its offset.

    Raises:
        FileNotFoundError, DatabaseUnusable: as `ivr.cli.call_database.calls`.
    """
    return refusal_rows.refusals(call_database(home), datetime.fromisoformat(since) if since else None)
