"""A recogniser's own process: ``python -m ivr.speech.worker KIND PATH…``. The engine starts, watches and replaces it.

Sound goes in at standard input, what was heard comes out at standard output. It has one thread that decodes, so it
keeps one core busy at most; a model that crashes or hangs takes this process with it and nothing else.
"""

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO

from ivr.speech import find, wire
from ivr.speech.recognizer import Listener, Recognizer
from ivr.speech.wire import MessageKind, WireMessage

_NICER = 3  # Asterisk, which must send 50 packets a second for each call, goes first


class Worker:
    """Listens to the callers that the engine gives it, one after the other."""

    def __init__(self, recognizer: Recognizer, tell: Callable[[WireMessage], None]) -> None:
        """``tell`` sends a message to the engine."""
        self._recognizer, self._tell = recognizer, tell
        self._listeners: dict[int, Listener] = {}

    def take(self, message: WireMessage) -> None:
        """Do what one message says."""
        caller = message.caller
        match message.kind:
            case MessageKind.LISTEN:
                self._listeners[caller] = self._recognizer.listen(wire.payload_vocabulary(message.payload))
            case MessageKind.SOUND if listener := self._listeners.get(caller):
                self._listen(caller, listener, message.payload)
            case MessageKind.STOP:
                self._listeners.pop(caller, None)
            case MessageKind.ASK:
                self._tell(WireMessage(MessageKind.ALIVE, caller))

    def guarded(self, message: WireMessage) -> None:
        """Do what one message says; a caller whose sound cannot be worked on is given up, the others go on."""
        try:
            self.take(message)
        except Exception as error:
            self._listeners.pop(message.caller, None)
            self._tell(WireMessage(MessageKind.FAILED, message.caller, repr(error).encode()))

    def _listen(self, caller: int, listener: Listener, frames: bytes) -> None:
        before = listener.speaking
        heard = listener.feed(frames)
        if listener.speaking != before:
            self._tell(WireMessage(MessageKind.SPEAKING if listener.speaking else MessageKind.QUIET, caller))
        if heard:
            self._tell(WireMessage(MessageKind.HEARD, caller, wire.heard_payload(heard)))


def _read(pipe: BinaryIO, inbox: "queue.SimpleQueue[WireMessage]") -> None:
    """Take in messages, so that the engine never waits for a decoding; end when the engine does, whatever hangs."""
    while len(head := pipe.read(wire.HEADER)) == wire.HEADER:
        kind, caller, length = wire.header(head)
        inbox.put(WireMessage(kind, caller, pipe.read(length)))
    os._exit(0)


def main() -> None:
    """Load the recogniser that the arguments name, say so, and serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for `ivr up`, which ends the calls in progress first
    os.nice(_NICER)
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what libraries print must not come between messages
    try:
        recognizer = find.load(find.Found.from_arguments(sys.argv[1:]))
    except find.ModelUnusable as problem:
        sys.exit(str(problem))

    def tell(message: WireMessage) -> None:
        output.write(message.packed())

    inbox: queue.SimpleQueue[WireMessage] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, inbox), daemon=True).start()
    worker = Worker(recognizer, tell)
    tell(WireMessage(MessageKind.READY, payload=recognizer.name.encode()))
    while True:
        worker.guarded(inbox.get())


if __name__ == "__main__":
    main()
