"""A recogniser's own process: ``python -m ivr.speech.worker KIND PATH…``. The engine starts, watches and replaces it.

Sound comes by standard input, utterances go to standard output. One thread decodes, so that the process takes one core
at most. A second thread reads messages, and answers requests for the status during a decoding. A model that crashes
or hangs stops this process alone.
"""

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

from ivr.speech import model_search, wire
from ivr.speech.reading_time import best_reading_time, reading_time
from ivr.speech.recognizer import Listener, ListenerWork, RecognizedUtterance, Recognizer
from ivr.speech.wire import MessageKind, Status, WireMessage

_NICER = 3  # Asterisk has priority, because it sends 50 packets a second for each call


class Worker:
    """Listens to the callers that the engine gives it, one after the other."""

    def __init__(self, recognizer: Recognizer, tell: Callable[[WireMessage], None]) -> None:
        """``tell`` sends a message to the engine; two threads use it."""
        self._recognizer, self._tell = recognizer, tell
        self._listeners: dict[int, Listener] = {}
        self._given: dict[int, int] = {}  # bytes of sound that came, by caller
        self._done: dict[int, int] = {}  # bytes of sound that were processed, with all work that was due
        self._due: dict[int, float] = {}  # callers who wait, and since when
        self._inbox: queue.SimpleQueue[tuple[float, WireMessage]] = queue.SimpleQueue()
        self._stopped: set[int] = set()  # callers who left while their sound still waits in the inbox
        self._working: tuple[float, float] | None = None  # of the present work: since when it is due, and its start

    def receive(self, message: WireMessage) -> None:
        """Put a message into the inbox, or answer it at once if it asks for the status."""
        match message.kind:
            case MessageKind.ASK:
                self._tell(WireMessage(MessageKind.STATUS, payload=wire.status_payload(self._status())))
                return
            case MessageKind.STOP:
                self._stopped.add(message.caller)
        self._inbox.put((time.monotonic(), message))

    def work(self) -> None:
        """Carry out the next message; if there is none, do a step of work that a listener has left, or wait.

        Messages come first, because more sound may make a step needless.
        """
        caller = self._next_caller()
        try:
            came, message = self._inbox.get(block=caller is None)
        except queue.Empty:
            assert caller is not None
            began = time.monotonic()
            self._working = self._due.get(caller, began), began
            self._guarded(caller, lambda: self._step(caller))
        else:
            self._working = came, time.monotonic()
            self._guarded(message.caller, lambda: self.take(message))
        self._working = None

    def _next_caller(self) -> int | None:
        """Return the caller whose step is next; None if no caller has one.

        Of the callers who have stopped, the longest waiting comes first. A caller who only pauses comes after them.
        """
        if self._due:
            return min(self._due, key=lambda caller: self._due[caller])
        early = (caller for caller, listener in self._listeners.items() if listener.work is not ListenerWork.NONE)
        return next(early, None)

    def take(self, message: WireMessage) -> None:
        """Carry out one message."""
        caller = message.caller
        match message.kind:
            case MessageKind.STOP:
                self._forget(caller)
                self._stopped.discard(caller)
            case MessageKind.TIME:
                self._tell(WireMessage(MessageKind.TIMED, payload=wire.timed_payload(reading_time(self._recognizer))))
            case _ if caller in self._stopped:
                pass  # the caller has left
            case MessageKind.LISTEN:
                vocabulary, played, before = wire.payload_listen(message.payload)
                self._listeners[caller] = self._recognizer.listen(vocabulary, played, self._listeners.get(before))
                self._given[caller] = self._done[caller] = 0
            case MessageKind.SOUND if caller in self._listeners:
                self._given[caller] += len(message.payload)
                self._listen(caller, lambda listener: listener.feed(message.payload))

    def _guarded(self, caller: int, work: Callable[[], None]) -> None:
        """Do some work for a caller; if it fails, give up this caller only."""
        try:
            work()
        except Exception as error:
            self._forget(caller)
            self._tell(WireMessage(MessageKind.FAILED, caller, repr(error).encode()))

    def _forget(self, caller: int) -> None:
        self._listeners.pop(caller, None)
        for numbers in (self._given, self._done, self._due):
            numbers.pop(caller, None)

    def _status(self) -> Status:
        now, working = time.monotonic(), self._working
        came, began = working or (now, now)
        return Status(now - came, now - began, self._done.copy())

    def _step(self, caller: int) -> None:
        if caller in self._stopped:
            self._due.pop(caller, None)  # the caller has left; the message that says so waits
            return
        self._listen(caller, lambda listener: listener.step())

    def _listen(self, caller: int, hear: Callable[[Listener], RecognizedUtterance | None]) -> None:
        listener = self._listeners[caller]
        before = listener.speaking
        heard = hear(listener)
        if listener.work is ListenerWork.DUE:
            self._due.setdefault(caller, time.monotonic())
        else:
            self._due.pop(caller, None)
            self._done[caller] = self._given[caller]
        if heard:  # first, because a caller who is quiet while the words are on their way might seem to be silent
            self._tell(WireMessage(MessageKind.HEARD, caller, wire.heard_payload(heard)))
        if listener.speaking != before:
            self._tell(WireMessage(MessageKind.SPEAKING if listener.speaking else MessageKind.QUIET, caller))


def _read(pipe: BinaryIO, worker: Worker) -> None:
    """Take in messages while the other thread decodes; end the process when the engine closes the pipe."""
    while len(head := pipe.read(wire.HEADER)) == wire.HEADER:
        kind, caller, length = wire.header(head)
        worker.receive(WireMessage(kind, caller, pipe.read(length)))
    os._exit(0)


def main() -> None:
    """Load the recogniser that the arguments name, send READY, and serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for `ivr up`, which ends the calls in progress first
    os.nice(_NICER)
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # output of libraries must not come between messages
    try:
        recognizer = model_search.load(model_search.FoundRecognizer.from_arguments(sys.argv[1:]))
    except model_search.ModelUnusable as problem:
        sys.exit(str(problem))

    writing = threading.Lock()

    def tell(message: WireMessage) -> None:
        with writing:
            try:
                output.write(message.packed())
            except BrokenPipeError:  # the engine is gone: the new engine starts a recogniser of its own
                os._exit(0)

    worker = Worker(recognizer, tell)
    tell(WireMessage(MessageKind.READY, payload=wire.ready_payload(recognizer.name, best_reading_time(recognizer))))
    threading.Thread(target=_read, args=(sys.stdin.buffer, worker), daemon=True).start()
    while True:
        worker.work()


if __name__ == "__main__":
    main()
