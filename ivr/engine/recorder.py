"""Keeping the call records up with what Asterisk writes."""

import asyncio
import logging
from datetime import datetime
from typing import Any, Self

from agi_scripts.hotline import Hotline
from ivr.runtime.layout import Home

log = logging.getLogger(__name__)


class Recorder:
    """Imports Asterisk's files into the database for as long as it is entered."""

    def __init__(self, home: Home, database: str, hotline: Hotline) -> None:
        """Read from ``home``, write to ``database`` (a SQLAlchemy URL)."""
        self._home, self._database, self._hotline = home, database, hotline

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Import what is left."""

    async def calls(self, number: str | None = None, since: str | None = None) -> list[dict[str, Any]]:
        """Return the records up to this moment, oldest first."""
        return []
