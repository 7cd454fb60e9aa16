"""Reports the seats that have a page to the engine, every few seconds.

The desk reports at once when the last page of a seat disconnects. The engine misses that report if it restarts at that
moment or if the desk's process dies together with pages; the regular report corrects both.
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
        with contextlib.suppress(DeskRefused):  # the engine does not run; the next report reaches it
            await engine.ask("pages", seats=presence.seats())
        await asyncio.sleep(_EVERY)
