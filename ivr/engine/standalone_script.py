"""The hotline as a call script sees it that runs without the engine."""

import logging
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from agi_scripts.hotline import Hotline
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.process_agi import run_process_agi
from ivr.asterisk.agi.script import Script
from ivr.engine.log import append_to, call_id
from ivr.engine.scripts import scripts
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site import registry_snapshot
from ivr.site.registry_snapshot import SnapshotUnusable

_HEADER = 44  # bytes of a recording before its sound
_RATE = 16_000  # bytes a second: 8 kHz, 16 bits

log = logging.getLogger(__name__)


def hotline(folder: Path) -> Hotline:
    """Return the hotline in a home, with the registry in force.

    Raises:
        SystemExit: its snapshot cannot be used; Asterisk then goes on with the dialplan.
    """
    home = Home(folder)
    append_to(home.log / "engine.log")

    def message_seconds(work_order: str) -> float:
        try:
            return ((home.messages / f"{work_order}.wav").stat().st_size - _HEADER) / _RATE
        except FileNotFoundError:
            return 0.0

    try:
        registry = registry_snapshot.load(home)
    except SnapshotUnusable as problem:
        log.error("no call script runs without the engine, which replaces this file when it starts: %s", problem)
        sys.exit(str(problem))
    return Hotline(registry, lambda: datetime.now(CITY_TIME), message_seconds=message_seconds)


def serve(hotline: Hotline) -> None:
    """Run the script of the call on standard input and output."""
    run_process_agi(_told(scripts(hotline)))


def _told(scripts: Mapping[str, Script]) -> dict[str, Script]:
    """Let the log tell which calls were without the engine."""

    def told(script: Script) -> Script:
        async def run(call: Call) -> None:
            call_id.set(call.id)
            log.warning("the engine is away; the script of this call runs in a process of its own")
            await script(call)

        return run

    return {name: told(script) for name, script in scripts.items()}
