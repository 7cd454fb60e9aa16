"""The protocol between the engine and a recogniser's process: short messages over a pair of pipes. Pure."""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

from ivr.speech.recognizer import RecognizedUtterance, Timelines, Vocabulary

_HEADER = struct.Struct("<BII")
HEADER = _HEADER.size
LONGEST = 1 << 20  # bytes of one message


class MessageKind(IntEnum):
    """The kind of a message."""

    # to the recogniser
    LISTEN = 1  # with a vocabulary and the prompts that play: begin a recognition
    SOUND = 2
    STOP = 3
    ASK = 4  # send a STATUS
    TIME = 5  # measure the time of a reading
    # from the recogniser
    READY = 10  # with the recogniser's name and the time of a reading: the model is loaded
    HEARD = 11
    SPEAKING = 12
    QUIET = 13
    STATUS = 14  # with a status: the answer to ASK
    FAILED = 15  # with a reason: this caller's recognition failed
    TIMED = 16  # with the time of a reading: the answer to TIME


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a recogniser's process."""

    behind: float  # seconds since the arrival of the message in work; 0 if there is none
    busy: float  # seconds of work on that message
    done: Mapping[int, int]  # bytes of sound that were processed, by caller


@dataclass(frozen=True, slots=True)
class WireMessage:
    """One message; ``caller`` tells one caller from another."""

    kind: MessageKind
    caller: int = 0
    payload: bytes = b""

    def packed(self) -> bytes:
        """Return the bytes for the pipe."""
        return _HEADER.pack(self.kind, self.caller, len(self.payload)) + self.payload


def header(data: bytes) -> tuple[MessageKind, int, int]:
    """Read the first `HEADER` bytes of a message: its kind, its caller, and the length of what follows.

    Raises:
        ValueError: the bytes are no header; the rest of the pipe cannot be read either.
    """
    kind, caller, length = _HEADER.unpack(data)
    if length > LONGEST:
        raise ValueError(f"no message has {length} bytes")
    return MessageKind(kind), caller, length


def ready_payload(name: str, reading_time: float) -> bytes:
    """Return a recogniser's name, and the seconds that a reading takes, as bytes."""
    return json.dumps([name, reading_time]).encode()


def payload_ready(payload: bytes) -> tuple[str, float]:
    """Read the bytes that `ready_payload` returned."""
    name, reading_time = json.loads(payload)
    return str(name), float(reading_time)


def timed_payload(reading_time: float) -> bytes:
    """Return the seconds that a reading takes as bytes."""
    return json.dumps(reading_time).encode()


def payload_timed(payload: bytes) -> float:
    """Read the seconds that a reading takes."""
    return float(json.loads(payload))


def listen_payload(vocabulary: Vocabulary, played: Timelines, before: int) -> bytes:
    """Return as bytes the vocabulary, and the number of the same caller at the previous question."""
    added = {"cries": sorted(vocabulary.cries), "played": played, "before": before}
    return json.dumps(asdict(vocabulary) | added).encode()


def payload_listen(payload: bytes) -> tuple[Vocabulary, Timelines, int]:
    """Read the bytes that `listen_payload` returned."""
    data: dict[str, Any] = json.loads(payload)
    vocabulary = Vocabulary(data["name"], tuple(data["phrases"]), frozenset(data["cries"]))
    return vocabulary, tuple(tuple(prompts) for prompts in data["played"]), data["before"]


def heard_payload(heard: RecognizedUtterance) -> bytes:
    """Return a recognised utterance as bytes."""
    return json.dumps(asdict(heard)).encode()


def payload_heard(payload: bytes) -> RecognizedUtterance:
    """Read a recognised utterance."""
    return RecognizedUtterance(**json.loads(payload))


def status_payload(status: Status) -> bytes:
    """Return a status as bytes."""
    return json.dumps(asdict(status)).encode()


def payload_status(payload: bytes) -> Status:
    """Read a status."""
    data: dict[str, Any] = json.loads(payload)
    return Status(data["behind"], data["busy"], {int(caller): done for caller, done in data["done"].items()})
