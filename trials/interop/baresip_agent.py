"""baresip as an agent's phone."""

import asyncio

from testkit.baresip_phone import BaresipPhone
from trials.interop.agents_day import AgentsDay
from trials.interop.behaviours import Behaviour
from trials.interop.interop_report import InteropCell


def try_peer() -> list[InteropCell]:
    """Try an agent's work with baresip 1.0, which has no attended transfer, and offers telephone-event in each call."""
    day = AgentsDay("baresip 1.0", BaresipPhone)
    cells = asyncio.run(day.try_behaviours())
    day.report.lacks(Behaviour.TRANSFERS_ATTENDED)
    day.report.lacks(Behaviour.KEYS_TONES)
    return cells
