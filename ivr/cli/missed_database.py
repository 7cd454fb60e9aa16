"""The utterances that were not understood, from the call database of a home, without a running hotline.

This module is apart from `ivr.cli.call_database`, because it loads phonetic data, which takes half a second.
"""

from typing import Any

from ivr.cli.call_database import DatabaseUnusable, call_database
from ivr.engine.missed_utterances import missed as missed_texts
from ivr.reports.missed import to_json
from ivr.runtime.layout import Home

__all__ = ["DatabaseUnusable", "missed"]


def missed(home: Home, **conditions: str | None) -> list[dict[str, Any]]:
    """Return the utterances that were not understood; arguments as `ivr.engine.missed_utterances.missed`.

    Raises:
        FileNotFoundError, DatabaseUnusable: as `ivr.cli.call_database.calls`.
    """
    return [to_json(text) for text in missed_texts(call_database(home), **conditions)]
