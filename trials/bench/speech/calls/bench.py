"""Real calls: an Asterisk, the speech server with its recognisers, and the bench's phones."""

import asyncio
import multiprocessing
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from ivr.asterisk.agi.call import Call as AgiCall
from ivr.speech.pool import Pool
from ivr.speech.session import Vocabularies
from testkit.fake_services import FakeServices
from testkit.hotline.running import free_udp_port
from testkit.speaking_asterisk import SpeakingAsterisk
from trials.bench.speech.calls.calls_at_once import CallsAtOnce
from trials.bench.speech.calls.conversation import Conversation, Record, Trial
from trials.bench.speech.calls.moments import Timeline
from trials.bench.speech.corpus import recordings
from trials.bench.speech.telephone import phone_process
from trials.bench.speech.telephone.phone_process import Command, Ended, Event, Loaded, LoadSets, PlaceCall, SoundLate

_STARTS = 120.0  # seconds until the phones have made their noises
_APART = 0.4  # seconds between two calls that begin
_LONGEST = 150.0  # seconds of a call


class Bench:
    """Asterisk, the speech server and the phones; entering the context waits until all of them are ready."""

    def __init__(self, pool: Pool, vocabularies: Vocabularies, services: FakeServices, sets: Sequence[str]) -> None:
        """``sets`` are the names of the sets whose recordings and noises are used."""
        self._services, self._sets = services, sets
        self._conversations: dict[str, Conversation] = {}
        self._timeline = Timeline()
        self._ended_callers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._loaded = threading.Event()
        self._lock = threading.Lock()
        self.late = 0.0
        """Seconds by which packets were late, at most."""
        port = free_udp_port()
        self._asterisk = SpeakingAsterisk(f"{phone_process.HOST}:{port}", self._script, pool, vocabularies)
        context = multiprocessing.get_context("spawn")
        self._pipe, phones_end = context.Pipe()
        self._process = context.Process(target=phone_process.main, args=(phones_end, port), daemon=True)
        self._phones_end: Connection = phones_end

    def __enter__(self) -> Self:
        for name in self._sets:
            recordings.load(name)
        self._process.start()
        self._phones_end.close()
        threading.Thread(target=self._read, daemon=True).start()
        self._send(LoadSets(tuple(self._sets)))
        try:
            self._asterisk.__enter__()
            if not self._loaded.wait(_STARTS):
                raise TimeoutError("the bench's phones did not start")
            asyncio.run_coroutine_threadsafe(self._compute_meanings(), self._asterisk.loop).result(_STARTS)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()
        self._asterisk.__exit__(kind, error, trace)

    def run(self, trials: Sequence[Trial], load: CallsAtOnce, done: Callable[[Record], None]) -> None:
        """Have all trials' callers call, as many at once as ``load`` allows; ``done`` gets each call that counts.

        A call for which the machine was too slow is placed again at the end.
        """
        waiting, calls_up = list(reversed(trials)), dict[str, float]()
        while waiting or calls_up:
            if waiting and len(calls_up) < load.at_once:
                trial = waiting.pop()
                self._conversations[trial.caller] = Conversation(trial, self._services, self._timeline, self._send)
                calls_up[trial.caller] = time.monotonic()
                self._send(PlaceCall(trial.caller, self._asterisk.server, trial.set_name, trial.condition))
            try:
                caller = self._ended_callers.get(timeout=_APART)
            except queue.Empty:
                caller = ""
            lost = [name for name, since in calls_up.items() if time.monotonic() - since > _LONGEST]
            for name in {caller, *lost} & calls_up.keys():
                del calls_up[name]
                record = self._conversations.pop(name).record
                record.problem = record.problem or ("never ended" if name in lost else "")
                if load.is_placed_again(record):
                    waiting.insert(0, record.trial)
                else:
                    done(record)

    async def _compute_meanings(self) -> None:
        """Compute the meanings of the menus before the first call."""
        registry, meanings = self._services.registry, self._services.meanings
        assert meanings
        for menu in registry.menus.values():
            await meanings.at(registry, menu, self._services.now().date())

    async def _script(self, call: AgiCall) -> None:
        if conversation := self._conversations.get(call.caller):
            await conversation.hold(call)

    def _send(self, command: Command) -> None:
        with self._lock:
            self._pipe.send(command)

    def _read(self) -> None:
        """Pass on the events of the phones to the thread in which the scripts run."""
        while True:
            try:
                event: Event = self._pipe.recv()
            except (EOFError, OSError):
                return
            match event:
                case Loaded():
                    self._loaded.set()
                case SoundLate(seconds):
                    self.late = max(self.late, seconds)
                    print(f"packets were {seconds:.2f} s late", file=sys.stderr)
                case _:
                    self._asterisk.loop.call_soon_threadsafe(self._pass_on, event)

    def _pass_on(self, event: Event) -> None:
        if isinstance(event, SoundLate | Loaded):
            return
        if conversation := self._conversations.get(event.caller):
            conversation.on_event(event)
        if isinstance(event, Ended):
            self._ended_callers.put(event.caller)
