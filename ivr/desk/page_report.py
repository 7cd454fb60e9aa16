"""Reports the seats that have a page to the engine, every few seconds.

The engine is told at once when the last page of a seat goes. It misses that if it is being restarted just then, and
nobody tells it if the desk's process dies together with pages; this finds both.
"""

import asyncio
import contextlib
from typing import NoReturn

from ivr.desk.engine_link import EngineLink
from ivr.desk.presence import Presence
from ivr.desk.refusals import DeskRefused

_PAGES_CONNECT = 10.0  # seconds after the start in which the earlier pages connect again
_EVERY = 5.0  # seconds


async def report_pages(presence: Presence, engine: EngineLink) -> NoReturn:
    """Report for as long as the desk's process runs."""
    await asyncio.sleep(_PAGES_CONNECT)
    while True:
        with contextlib.suppress(DeskRefused):  # the engine is away; it is told the next time
            await engine.ask("pages", seats=presence.seats())
        await asyncio.sleep(_EVERY)
