"""One recogniser's process, seen from the engine: started, asked whether it is alive, replaced when it is not."""

import asyncio
import contextlib
import itertools
import logging
import os
from collections.abc import Sequence
from typing import Protocol

from ivr.speech import wire
from ivr.speech.recognizer import Heard, Vocabulary
from ivr.speech.wire import MessageKind, WireMessage
from ivr.texts import _

_LOADING = 120.0  # seconds until a model must be loaded
_ASKS = 0.5  # seconds between two questions whether it is alive
_ANSWERS = 2.0  # ... until its callers are given up; with the one above less than the 3 s that nobody may be held
_HANGS = 4.0  # ... more until it is not slow, but hangs
_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds before a process is started again; doubled each time

log = logging.getLogger(__name__)


class Hearer(Protocol):
    """Who wants to know what a caller says."""

    def on_heard(self, heard: Heard) -> None:
        """Take note of what was said."""

    def on_speaking(self, speaking: bool) -> None:
        """Take note that the caller begins or ends an utterance."""

    def on_deaf(self) -> None:
        """Take note that nothing will be heard any more."""


class RecognizerProcess:
    """A recogniser's process and its callers."""

    def __init__(self, command: Sequence[str]) -> None:
        """``command`` is the program with its arguments."""
        self.name = ""  # the recogniser's, once it is loaded
        self.ready = asyncio.Event()
        self.callers: dict[int, Hearer] = {}
        self._command = tuple(command)
        self._numbers = itertools.count(1)
        self._process: asyncio.subprocess.Process | None = None
        self._alive = asyncio.Event()

    def take(self, hearer: Hearer) -> int:
        """Take a caller on; returns the caller's number here."""
        number = next(self._numbers)
        self.callers[number] = hearer
        return number

    def listen(self, number: int, vocabulary: Vocabulary) -> None:
        """Listen to a caller from now on, forgetting what was said before."""
        self._send(WireMessage(MessageKind.LISTEN, number, wire.vocabulary_payload(vocabulary)))

    def feed(self, number: int, frames: bytes) -> None:
        """Pass on a caller's sound."""
        self._send(WireMessage(MessageKind.SOUND, number, frames))

    def release(self, number: int) -> None:
        """Let a caller go."""
        if self.callers.pop(number, None):
            self._send(WireMessage(MessageKind.STOP, number))

    async def run(self) -> None:
        """Keep a process running until this task is cancelled."""
        pause = _PAUSE
        while True:
            self.name = ""
            try:
                await self._run_once()
            except (OSError, ValueError, asyncio.IncompleteReadError) as error:  # TimeoutError is an OSError
                pause = _PAUSE if self.name else min(2 * pause, _LONGEST_PAUSE)
                log.error(_("speech: the recogniser %s; starting it again in %g s"), _why(error), pause)
                await asyncio.sleep(pause)

    async def _run_once(self) -> None:
        """Start the process and read from it until it ends or does not answer any more."""
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        tasks: list[asyncio.Task[None]] = []
        try:
            async with asyncio.timeout(_LOADING):
                self.name = (await self._message()).payload.decode()
            self.ready.set()
            tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._watch())]
            done, _running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.ready.clear()
            for task in tasks:
                task.cancel()
            self._give_up()
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.gather(*tasks, process.wait(), return_exceptions=True)

    def _give_up(self) -> None:
        for number, hearer in list(self.callers.items()):
            self.release(number)
            hearer.on_deaf()

    async def _read(self) -> None:
        while True:
            message = await self._message()
            if message.kind is MessageKind.ALIVE:
                self._alive.set()
            elif hearer := self.callers.get(message.caller):
                self._pass_on(hearer, message)

    def _pass_on(self, hearer: Hearer, message: WireMessage) -> None:
        match message.kind:
            case MessageKind.HEARD:
                hearer.on_heard(wire.payload_heard(message.payload))
            case MessageKind.SPEAKING | MessageKind.QUIET:
                hearer.on_speaking(message.kind is MessageKind.SPEAKING)
            case MessageKind.FAILED:
                log.error(_("speech: %s gave up a caller: %s"), self.name, message.payload.decode())
                del self.callers[message.caller]
                hearer.on_deaf()

    async def _watch(self) -> None:
        """Ask again and again whether the process is alive; while it is not, it has no callers.

        Raises:
            TimeoutError: it hangs.
        """
        while True:
            self._alive.clear()
            self._send(WireMessage(MessageKind.ASK))
            try:
                async with asyncio.timeout(_ANSWERS):
                    await self._alive.wait()
            except TimeoutError:
                log.warning(_("speech: the recogniser is too slow; its callers go on with keys"))
                self.ready.clear()
                self._give_up()
                async with asyncio.timeout(_HANGS):
                    await self._alive.wait()
                self.ready.set()
            await asyncio.sleep(_ASKS)

    async def _message(self) -> WireMessage:
        assert self._process and self._process.stdout
        pipe = self._process.stdout
        kind, caller, length = wire.header(await pipe.readexactly(wire.HEADER))
        return WireMessage(kind, caller, await pipe.readexactly(length))

    def _send(self, message: WireMessage) -> None:
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(message.packed())


def _why(error: BaseException) -> str:
    match error:
        case TimeoutError():
            return _("did not answer")
        case asyncio.IncompleteReadError():
            return _("ended by itself")
        case _:
            return _("failed ({error!r})").format(error=error)
