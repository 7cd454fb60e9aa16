"""Layer 2: a call script in a process of its own, without the engine."""

import logging
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from pathlib import Path

from agi_scripts.pins import WrongPinCounter
from agi_scripts.services import NoCallback
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.process_agi import run_process_agi
from ivr.asterisk.agi.script import Script
from ivr.engine.scripts import scripts
from ivr.registry.model import Registry
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site import registry_snapshot
from ivr.site.json_log import append_to, call_id
from ivr.site.registry_snapshot import SnapshotUnusable

_HEADER = 44  # bytes of a recording before its sound
_RATE = 16_000  # bytes a second: 8 kHz, 16 bits

log = logging.getLogger(__name__)


class StandaloneServices:
    """The services of a script's process: registry in force and messages, but no recogniser, database or password."""

    meanings = None

    def __init__(self, home: Home, registry: Registry) -> None:
        """Take the home and the registry in force."""
        self._home, self._registry = home, registry
        self.wrong_pins = WrongPinCounter()

    @property
    def registry(self) -> Registry:
        """The registry in force when the process started."""
        return self._registry

    def now(self) -> datetime:
        """Return the city's time."""
        return datetime.now(CITY_TIME)

    def can_hear(self) -> bool:
        """Return False: only keys work."""
        return False

    def has_prompt(self, _prompt: str) -> bool:
        """Return False: a menu is played without its prompts about speech."""
        return False

    def seat_pins(self) -> Mapping[str, str]:
        """Return none: a seat cannot sign in at another seat's phone."""
        return {}

    def may_record(self) -> bool:
        """Return True: the engine notices when the disk is full."""
        return True

    def message_seconds(self, work_order: str) -> float:
        """Return the length of the message that the engine's script recorded; 0 for none."""
        try:
            return ((self._home.messages / f"{work_order}.wav").stat().st_size - _HEADER) / _RATE
        except FileNotFoundError:
            return 0.0

    @asynccontextmanager
    async def claim_callback(self, _missed: str) -> AsyncIterator[NoCallback]:
        """Claim nothing: the missed calls are in the database."""
        yield NoCallback.NOBODY

    async def order_prompts(self, _number: str, _caller: str) -> None:
        """Return None: work orders are in the database."""

    async def find_answer(self, _question: str) -> None:
        """Return None: no question is recognised, because there is no recogniser."""

    async def followed_up(self, _order: str, _solved: bool, _satisfaction: int | None) -> None:
        """Keep nothing: only the engine makes follow-ups."""

    def press_again(self, _agent: str, _keys: str, _playing: str) -> None:
        """Press nothing, because pressing needs the engine's AMI connection."""

    def keys_pressed(self, _channel: str, _seconds: float) -> str:
        """Return no key, because keys are events of the engine's AMI connection."""
        return ""

    def watch_consult(self, _consult: str, *_parties: str) -> AbstractAsyncContextManager[None]:
        """Watch nothing, because watching needs the engine's AMI connection."""
        return nullcontext()

    async def pause_recording(self, _channel: str) -> None:
        """Return None, because pausing needs the engine's AMI connection."""


def services(folder: Path) -> StandaloneServices:
    """Return the services for a home folder, with the registry in force.

    Raises:
        SystemExit: the registry snapshot cannot be used; Asterisk then goes on with layer 3.
    """
    home = Home(folder)
    append_to(home.log / "engine.log")
    try:
        return StandaloneServices(home, registry_snapshot.load(home))
    except SnapshotUnusable as problem:
        log.error("no call script runs without the engine, which replaces this file when it starts: %s", problem)
        sys.exit(str(problem))


def serve(services: StandaloneServices) -> None:
    """Run the script of the call on standard input and output."""
    run_process_agi(_log_fallback(scripts(services)))


def _log_fallback(scripts: Mapping[str, Script]) -> dict[str, Script]:
    """Have each script log that it runs without the engine."""

    def logged(script: Script) -> Script:
        async def run(call: Call) -> None:
            call_id.set(call.id)
            log.warning("the engine is away; the script of this call runs in a process of its own")
            await script(call)

        return run

    return {name: logged(script) for name, script in scripts.items()}
