"""Asterisk's console, through its own socket that only the owner can open."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from ivr.texts import _

_DEADLINE = 5.0


class ConsoleError(Exception):
    """Asterisk did not take a console command."""


class Console:
    """Runs console commands in the Asterisk that uses ``conf``."""

    def __init__(self, argv: Sequence[str], conf: Path) -> None:
        """Remember how to start Asterisk's remote console."""
        self._argv = (*argv, "-C", str(conf))

    async def run(self, command: str) -> str:
        """Return what the command prints.

        Raises:
            ConsoleError: Asterisk is not there or does not answer in time.
        """
        process = await asyncio.create_subprocess_exec(
            *self._argv, "-rx", command, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_DEADLINE):
                output, _none = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise ConsoleError(_("Asterisk did not answer '{command}'").format(command=command)) from None
        if process.returncode:
            raise ConsoleError(output.decode("utf-8", "replace").strip())
        return output.decode("utf-8", "replace")
