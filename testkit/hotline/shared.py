"""A hotline that several tests use in turn; each test finds it as after a start."""

import asyncio
from typing import Any

from ivr.asterisk.config.console import Console
from ivr.asterisk.queue_names import queue_name
from ivr.runtime.layout import Home
from testkit.hotline.running import RunningHotline
from testkit.phones import Phones

_TRUNK_DOWN = "is down: no host answers OPTIONS"


class SharedHotline(RunningHotline):
    """A running hotline whose `calls`, `records` and `complaints` leave out those of earlier tests."""

    _known: frozenset[str] = frozenset()
    _read: tuple[int, int] = (0, 0)

    def begin(self) -> None:
        """Begin a test: `calls`, `records` and `complaints` leave out the calls and log lines until now."""
        self._known = frozenset(call["call_id"] for call in super().calls())
        self._read = (len(self._text("messages")), len(self._text("engine.log")))

    def put_in_force(self, numbers: dict[str, Any]) -> None:
        """Reload the hotline with another registry, which takes a fifth of the time of a start."""
        self.write_numbers(numbers)
        result = self.ivr("reload")
        assert result.returncode == 0, result.stderr

    def calls(self) -> list[dict[str, Any]]:
        """Return the records of calls since `begin`, as `RunningHotline.calls` does.

        Several tests may use one number of a caller; a test that looks for its caller finds its own call.
        """
        return [call for call in super().calls() if call["call_id"] not in self._known]

    def complaints(self) -> list[str]:
        """Return each warning and error that Asterisk logged since `begin`, and each error of the engine.

        A trunk that is down is left out, because the carrier of one test is gone before that of the next test answers.
        """
        of_asterisk, of_engine = (
            self._text(name)[read:].splitlines()
            for name, read in zip(("messages", "engine.log"), self._read, strict=True)
        )
        of_both = [line for line in of_asterisk if "WARNING" in line or "ERROR" in line]
        errors = [line for line in of_engine if '"ERROR"' in line or '"CRITICAL"' in line]
        return of_both + [line for line in errors if _TRUNK_DOWN not in line]

    def end(self, phones: Phones) -> None:
        """Wait until all calls are over, and sign all seats out."""
        phones.until(lambda: not self.ask("status")["calls"], 20, "no call is left")
        asyncio.run(self._sign_out())

    async def _sign_out(self) -> None:
        console = Console(Home(self.home).asterisk_socket)
        for seat in self.ask("status")["seats"]:
            for group in seat["groups"] if seat["signed_in"] else ():
                await console.run(
                    f"queue remove member PJSIP/{seat.get('at') or seat['seat']} from {queue_name(group)}"
                )
        for family in ("seat", "phone"):
            await console.run(f"database deltree {family}")

    def _text(self, log: str) -> str:
        return (Home(self.home).log / log).read_text(encoding="utf-8", errors="replace")
