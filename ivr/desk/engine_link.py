"""The desk's side of the control socket: it asks the engine, and waits no longer than a deadline."""

import asyncio
import json
from typing import Any

from ivr.desk.refusals import DeskRefused
from ivr.runtime.layout import Home
from ivr.texts import _

_DEADLINE = 8.0  # seconds; the engine's own deadline for Asterisk is 5
_DEADLINES = {"reload": 60.0}  # seconds for a reload, which makes slow prompts and reads Asterisk's configuration back
_LONGEST = 8 * 1024 * 1024  # bytes of an answer
_AT_ONCE = 16  # simultaneous questions to the engine


class EngineLink:
    """Asks the engine of one hotline."""

    def __init__(self, home: Home) -> None:
        """The engine may not run yet."""
        self._home = home
        self._free_slots = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, action: str, language: str = "", **arguments: object) -> Any:  # noqa: ANN401 - JSON
        """Return the engine's answer.

        Raises:
            DeskRefused: the engine does not run, does not answer in time, or refused.
        """
        request = json.dumps({"do": action, "languages": [language] if language else [], **arguments})
        try:
            async with self._free_slots, asyncio.timeout(_DEADLINES.get(action, _DEADLINE)):
                line = await self._exchange(request.encode() + b"\n")
        except (OSError, TimeoutError, ValueError, asyncio.LimitOverrunError):
            line = b""
        if not line:
            raise DeskRefused(503, "engine-away", _("the engine does not answer; calls go on without it"))
        answer = json.loads(line)
        if "refused" in answer:
            raise DeskRefused(409, "refused", " ".join(answer["refused"]))
        return answer["result"]

    async def _exchange(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_unix_connection(self._home.control_socket, limit=_LONGEST)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.readline()
        finally:
            writer.close()
