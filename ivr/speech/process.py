"""One recogniser's process, as the engine handles it: started, watched, and replaced when it dies or is frozen."""

import asyncio
import contextlib
import itertools
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ivr.speech import wire
from ivr.speech.backlog import PATIENCE, Backlog
from ivr.speech.reading_time import advice, in_words, slowest_reading
from ivr.speech.recognizer import RecognizedUtterance, Timelines, Vocabulary
from ivr.speech.wire import MessageKind, Status, WireMessage
from ivr.texts import _

_LOADING = 120.0  # seconds until a model must be loaded
_ASKS = 0.25  # seconds between two requests for the status of the process
_ANSWERS = 4.0  # seconds without an answer after which a process is frozen: a thread that does not decode answers
_HANGS = 10.0  # seconds of work on one message after which a process hangs
_BEHIND = 1.5  # seconds of backlog from which a process takes on no caller
_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds before a process is started again; doubled each time
_TIMES, _TIMES_LAST = 2.0, 60.0  # seconds until the time of a reading is measured again; doubled each time

log = logging.getLogger(__name__)


class SpeechListener(Protocol):
    """The receiver of a caller's recognised speech."""

    def on_heard(self, heard: RecognizedUtterance) -> None:
        """Note the recognised speech."""

    def on_speaking(self, speaking: bool) -> None:
        """Note that the caller begins or ends an utterance."""

    def on_slow(self) -> None:
        """Note that the present utterance will not be read in time; a later one may be."""

    def on_speech_lost(self) -> None:
        """Note that no more speech will be recognised."""


@dataclass(slots=True)
class _Caller:
    """A caller of a process."""

    hearer: SpeechListener
    backlog: Backlog | None = None  # of the recognition in progress; None if there is none


class RecognizerProcess:
    """A recogniser's process and its callers."""

    def __init__(self, command: Sequence[str], patience: float = PATIENCE) -> None:
        """Take the command of the process, and the seconds that a caller's words may wait for it."""
        self._patience = patience
        self.name = ""  # the recogniser's, once it is loaded
        self.reading_time = 0.0  # seconds that a reading takes on this machine, as last measured
        self.ready = asyncio.Event()
        self.callers: dict[int, _Caller] = {}
        self._command = tuple(command)
        self._numbers = itertools.count(1)
        self._process: asyncio.subprocess.Process | None = None
        self._answered = 0.0  # time of its last status, by the event loop's clock
        self._was_late = False  # whether a caller was given up since the time of a reading was last measured

    @property
    def is_in_time(self) -> bool:
        """Whether a reading takes no longer than callers can wait."""
        return self.reading_time <= slowest_reading(self._patience)

    def take(self, hearer: SpeechListener) -> int:
        """Take a caller on; return a number for the caller."""
        number = next(self._numbers)
        self.callers[number] = _Caller(hearer)
        return number

    def listen(self, number: int, vocabulary: Vocabulary, played: Timelines, before: int) -> None:
        """Begin a recognition for a caller. ``number`` must be new; ``before`` is the caller's earlier number."""
        if caller := self.callers.get(number):
            caller.backlog = Backlog()
        self._send(WireMessage(MessageKind.LISTEN, number, wire.listen_payload(vocabulary, played, before)))

    def feed(self, number: int, frames: bytes) -> None:
        """Pass on a caller's sound."""
        if not (caller := self.callers.get(number)) or not caller.backlog:
            return
        caller.backlog.give(frames, asyncio.get_running_loop().time())
        self._send(WireMessage(MessageKind.SOUND, number, frames))

    def backlog(self, number: int) -> Backlog | None:
        """Return the backlog of a caller's recognition; None if there is no recognition."""
        caller = self.callers.get(number)
        return caller.backlog if caller else None

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
                log.error(_("speech: the recogniser %s; starting it again in %g s"), _reason(error), pause)
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
                self.name, seconds = wire.payload_ready((await self._message()).payload)
            self._take_reading_time(seconds)
            self._answered = asyncio.get_running_loop().time()
            self.ready.set()
            tasks = [asyncio.create_task(work) for work in (self._read(), self._watch(), self._time_again())]
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
        for number, caller in list(self.callers.items()):
            self.release(number)
            caller.hearer.on_speech_lost()

    async def _read(self) -> None:
        """Read from the process until it ends.

        Raises:
            TimeoutError: the process hangs.
        """
        while True:
            message = await self._message()
            if message.kind is MessageKind.STATUS:
                self._take_status(wire.payload_status(message.payload))
            elif message.kind is MessageKind.TIMED:
                self._take_reading_time(wire.payload_timed(message.payload))
            elif caller := self.callers.get(message.caller):
                self._pass_on(caller, message)

    def _take_status(self, status: Status) -> None:
        self._answered = asyncio.get_running_loop().time()
        if status.busy > _HANGS:
            raise TimeoutError
        if status.behind > _BEHIND:
            self.ready.clear()
        else:
            self.ready.set()
        for number, done in status.done.items():
            if (caller := self.callers.get(number)) and caller.backlog:
                caller.backlog.finish(done)

    def _take_reading_time(self, seconds: float) -> None:
        self.reading_time, self._was_late = seconds, False
        text = in_words(self.name, seconds, self._patience)
        if self.is_in_time:
            log.info(_("speech: %s"), text)
        else:
            log.warning(_("speech: %s; what to do: %s"), text, advice())

    async def _time_again(self) -> None:
        """Measure the time of a reading again if it was too long: the machine may have been busy.

        The same after a caller was given up, because the machine may have become slow. A process with callers is not
        asked.
        """
        pause = _TIMES
        while True:
            await asyncio.sleep(pause)
            if self.callers or (self.is_in_time and not self._was_late):
                pause = _TIMES
            else:
                self._send(WireMessage(MessageKind.TIME))
                pause = min(2 * pause, _TIMES_LAST)

    def _pass_on(self, caller: _Caller, message: WireMessage) -> None:
        match message.kind:
            case MessageKind.HEARD:
                caller.hearer.on_heard(wire.payload_heard(message.payload))
            case MessageKind.SPEAKING | MessageKind.QUIET:
                speaking = message.kind is MessageKind.SPEAKING
                if caller.backlog:
                    caller.backlog.speaking = speaking
                caller.hearer.on_speaking(speaking)
            case MessageKind.FAILED:
                log.error(_("speech: %s gave up a caller: %s"), self.name, message.payload.decode())
                del self.callers[message.caller]
                caller.hearer.on_speech_lost()

    async def _watch(self) -> None:
        """Ask for the process's progress at intervals, and release callers who wait too long.

        Raises:
            TimeoutError: the process is frozen.
        """
        loop = asyncio.get_running_loop()
        while True:
            self._send(WireMessage(MessageKind.ASK))
            asked = loop.time()
            await asyncio.sleep(_ASKS)
            for number, caller in self.callers.items():
                if caller.backlog and caller.backlog.is_late(loop.time(), self._patience):
                    log.warning(_("speech: the recogniser is too slow; a caller is asked again, for a key"))
                    caller.backlog, self._was_late = None, True
                    self._send(WireMessage(MessageKind.STOP, number))
                    caller.hearer.on_slow()
            if asked - self._answered > _ANSWERS:
                raise TimeoutError

    async def _message(self) -> WireMessage:
        assert self._process and self._process.stdout
        pipe = self._process.stdout
        kind, caller, length = wire.header(await pipe.readexactly(wire.HEADER))
        return WireMessage(kind, caller, await pipe.readexactly(length))

    def _send(self, message: WireMessage) -> None:
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(message.packed())


def _reason(error: BaseException) -> str:
    match error:
        case TimeoutError():
            return _("did not answer")
        case asyncio.IncompleteReadError():
            return _("ended by itself")
        case _:
            return _("failed ({error!r})").format(error=error)
