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
from ivr.speech.recognizer import Listener, Recognizer
from ivr.speech.wire import MessageKind, Status, WireMessage

_NICER = 3  # Asterisk has priority, because it sends 50 packets a second for each call


class Worker:
    """Listens to the callers that the engine gives it, one after the other."""

    def __init__(self, recognizer: Recognizer, tell: Callable[[WireMessage], None]) -> None:
        """``tell`` sends a message to the engine; two threads use it."""
        self._recognizer, self._tell = recognizer, tell
        self._listeners: dict[int, Listener] = {}
        self._done: dict[int, int] = {}  # bytes of sound that were processed, by caller
        self._inbox: queue.SimpleQueue[tuple[float, WireMessage]] = queue.SimpleQueue()
        self._stopped: set[int] = set()  # callers who left while their sound still waits in the inbox
        self._working: tuple[float, float] | None = None  # of the message in work: its arrival, and the start of work

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
        """Carry out the next message; wait for one if there is none."""
        came, message = self._inbox.get()
        self._working = came, time.monotonic()
        self.guarded(message)
        self._working = None

    def take(self, message: WireMessage) -> None:
        """Carry out one message."""
        caller = message.caller
        match message.kind:
            case MessageKind.STOP:
                self._listeners.pop(caller, None)
                self._done.pop(caller, None)
                self._stopped.discard(caller)
            case MessageKind.TIME:
                self._tell(WireMessage(MessageKind.TIMED, payload=wire.timed_payload(reading_time(self._recognizer))))
            case _ if caller in self._stopped:
                pass  # the caller has left
            case MessageKind.LISTEN:
                vocabulary, played, before = wire.payload_listen(message.payload)
                self._listeners[caller] = self._recognizer.listen(vocabulary, played, self._listeners.get(before))
                self._done[caller] = 0
            case MessageKind.SOUND if listener := self._listeners.get(caller):
                self._listen(caller, listener, message.payload)
                self._done[caller] += len(message.payload)

    def guarded(self, message: WireMessage) -> None:
        """Carry out one message; if it fails, give up its caller only."""
        try:
            self.take(message)
        except Exception as error:
            self._listeners.pop(message.caller, None)
            self._done.pop(message.caller, None)
            self._tell(WireMessage(MessageKind.FAILED, message.caller, repr(error).encode()))

    def _status(self) -> Status:
        now, working = time.monotonic(), self._working
        came, began = working or (now, now)
        return Status(now - came, now - began, self._done.copy())

    def _listen(self, caller: int, listener: Listener, frames: bytes) -> None:
        before = listener.speaking
        heard = listener.feed(frames)
        if listener.speaking != before:
            self._tell(WireMessage(MessageKind.SPEAKING if listener.speaking else MessageKind.QUIET, caller))
        if heard:
            self._tell(WireMessage(MessageKind.HEARD, caller, wire.heard_payload(heard)))


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
