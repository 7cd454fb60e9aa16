"""The process of the bench's phones: it carries out commands and reports events. All times are of `time.monotonic`.

A phone of `testkit.phones` sends a file in a loop through a SIP stack that loses no packet. The phones here speak on
command, lose packets, send nothing, and return what they play, as `trials.bench.speech.telephone.microphone` has it.
"""

import contextlib
import os
import select
import socket
import struct
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from testkit.phones.tones import Samples
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.telephone.background import Noises
from trials.bench.speech.telephone.codecs import decoded
from trials.bench.speech.telephone.conditions import Condition
from trials.bench.speech.telephone.microphone import FRAME, Microphone
from trials.bench.speech.telephone.sip import EVENTS, Dialog, SipMessage, message, response

HOST = "127.0.0.1"
TICK = 0.02  # seconds from packet to packet
_AGAIN = 0.5  # seconds until a request without an answer is sent again
_KEY = 5  # packets that a key is held
_URGENT = -10  # niceness, which root alone may have
_LATE = 0.1  # seconds by which packets are late when it is reported


@dataclass(frozen=True, slots=True)
class LoadSets:
    """Read the recordings and make the noises of some sets, which takes seconds, before there are calls."""

    sets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Call the hotline."""

    caller: str
    hotline: str
    set_name: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Speak:
    """Begin to speak at a moment, or at once if that is over."""

    caller: str
    set_name: str
    take: Take
    at: float


@dataclass(frozen=True, slots=True)
class Press:
    """Press a key."""

    caller: str
    key: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End a call."""

    caller: str


Command = LoadSets | PlaceCall | Speak | Press | HangUp


@dataclass(frozen=True, slots=True)
class Loaded:
    """The noises are made."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The hotline has answered."""

    caller: str


@dataclass(frozen=True, slots=True)
class SpeakingEnded:
    """The caller has finished speaking."""

    caller: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over."""

    caller: str
    problem: str = ""  # reason of a failed call


@dataclass(frozen=True, slots=True)
class SoundLate:
    """Packets were sent late, because the machine was busy."""

    seconds: float


Event = Loaded | Answered | SpeakingEnded | Ended | SoundLate


@dataclass(slots=True)
class _Phone:
    """One call."""

    dialog: Dialog
    microphone: Microphone
    sound: socket.socket
    remote: tuple[str, int] | None = None
    request: bytes = b""  # that waits for an answer
    sent: float = 0.0
    is_ending: bool = False
    sequence: int = 1
    timestamp: int = 160
    first: bool = True  # the next packet begins a talk spurt
    speech: Speak | None = None
    began: float = 0.0
    key: str = ""
    key_packets: int = 0


class PhoneProcess:
    """All phones."""

    def __init__(self, pipe: Connection, port: int) -> None:
        """``port`` is the SIP port of the trunk's other end."""
        self._pipe = pipe
        self._sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sip.bind((HOST, port))
        self._sip.setblocking(False)
        self._local = f"{HOST}:{port}"
        self._phones: dict[str, _Phone] = {}
        self._noises: dict[str, Noises] = {}

    def run(self) -> None:
        """Serve until the pipe closes."""
        due = time.monotonic()
        while True:
            try:
                while self._pipe.poll():
                    self._do(command := self._pipe.recv())
                    due = time.monotonic() if isinstance(command, LoadSets) else due
            except (EOFError, OSError):
                return
            self._take_messages()
            now = time.monotonic()
            for phone in list(self._phones.values()):
                self._tick(phone, now)
            due += TICK
            if (late := time.monotonic() - due) > _LATE:
                self._pipe.send(SoundLate(late))
                due = time.monotonic()
            select.select([self._sip], [], [], 0)
            time.sleep(max(0.0, due - time.monotonic()))

    def _do(self, command: Command) -> None:
        match command:
            case LoadSets(sets):
                for name in sets:
                    recordings.load(name)
                    self._noises[name] = Noises(name)
                    self._noises[name].load()
                self._pipe.send(Loaded())
            case PlaceCall():
                self._call(command)
            case Speak(caller) if caller in self._phones:
                self._phones[caller].speech = command
            case Press(caller, key) if caller in self._phones:
                self._phones[caller].key, self._phones[caller].key_packets = key, 0
            case HangUp(caller) if (phone := self._phones.get(caller)) and not phone.is_ending:
                phone.is_ending = True
                self._send(phone, phone.dialog.bye())

    def _call(self, call: PlaceCall) -> None:
        sound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sound.bind((HOST, 0))
        sound.setblocking(False)
        noises = self._noises.setdefault(call.set_name, Noises(call.set_name))
        microphone = Microphone(call.condition, noises, call.caller)
        dialog = Dialog(call.caller, "12345", call.hotline, self._local, sound.getsockname()[1], call.condition.codec)
        phone = self._phones[call.caller] = _Phone(dialog, microphone, sound)
        self._send(phone, dialog.invite())

    def _send(self, phone: _Phone, request: bytes) -> None:
        host, _colon, port = phone.dialog.hotline.partition(":")
        phone.request, phone.sent = request, time.monotonic()
        self._sip.sendto(request, (host, int(port)))

    def _take_messages(self) -> None:
        while True:
            try:
                data, sender = self._sip.recvfrom(65535)
            except BlockingIOError:
                return
            received = message(data)
            phone = next(
                (phone for phone in self._phones.values() if phone.dialog.id == received.headers.get("call-id")), None
            )
            if received.code:
                if phone:
                    self._on_response(phone, received)
            elif received.method in ("BYE", "OPTIONS"):
                self._sip.sendto(response(received, 200, "OK"), sender)
                if phone and received.method == "BYE":
                    self._end(phone)
            elif received.method != "ACK":
                self._sip.sendto(response(received, 488, "Not Acceptable Here"), sender)

    def _on_response(self, phone: _Phone, received: SipMessage) -> None:
        if received.method == "BYE":
            self._end(phone)
        elif received.method == "INVITE" and received.code == 200:
            phone.request = b""
            remote = phone.dialog.answered(received)
            host, _colon, port = phone.dialog.hotline.partition(":")
            self._sip.sendto(phone.dialog.ack(), (host, int(port)))
            if phone.remote is None:
                phone.remote = remote
                self._pipe.send(Answered(phone.dialog.caller))
        elif received.method == "INVITE" and received.code >= 300:
            self._end(phone, f"{received.code}")
        else:
            phone.request = b""

    def _end(self, phone: _Phone, problem: str = "") -> None:
        phone.sound.close()
        del self._phones[phone.dialog.caller]
        self._pipe.send(Ended(phone.dialog.caller, problem))

    def _tick(self, phone: _Phone, now: float) -> None:
        if phone.request and now - phone.sent > _AGAIN:
            self._send(phone, phone.request)
        played = self._received(phone)
        if phone.remote is None or phone.is_ending:
            return
        if phone.speech and now >= phone.speech.at and not phone.microphone.is_speaking:
            phone.microphone.say(recordings.samples(phone.speech.set_name, phone.speech.take))
            phone.began = now
        packet = phone.microphone.packet(played)
        if phone.key:
            self._send_key(phone)
        elif packet.arrives:
            phone.sound.sendto(
                self._header(phone, int(phone.dialog.codec), marked=phone.first) + packet.payload, phone.remote
            )
        phone.first = not packet.is_sent
        phone.sequence = (phone.sequence + packet.is_sent) & 0xFFFF
        phone.timestamp = (phone.timestamp + FRAME) & 0xFFFFFFFF
        if phone.speech and phone.began and not phone.microphone.is_speaking:
            self._pipe.send(SpeakingEnded(phone.dialog.caller, phone.began, now))
            phone.speech, phone.began = None, 0.0

    def _received(self, phone: _Phone) -> Samples | None:
        """Return the latest packet that came."""
        latest = None
        while True:
            try:
                data = phone.sound.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return latest
            if len(data) == 12 + FRAME:
                latest = decoded(data[12:], phone.dialog.codec)

    def _header(self, phone: _Phone, kind: int, *, marked: bool) -> bytes:
        return struct.pack("!BBHII", 0x80, kind | (0x80 if marked else 0), phone.sequence, phone.timestamp, 0x12345)

    def _send_key(self, phone: _Phone) -> None:
        """Send one packet of a key that is held for `_KEY` packets, and its end three times."""
        assert phone.remote
        phone.key_packets += 1
        ended = phone.key_packets > _KEY
        start = phone.timestamp - phone.key_packets * FRAME & 0xFFFFFFFF
        event = struct.pack(
            "!BBH", "0123456789*#".index(phone.key), (0x80 if ended else 0) | 10, min(phone.key_packets, _KEY) * FRAME
        )
        for _ in range(3 if ended else 1):
            header = struct.pack(
                "!BBHII", 0x80, EVENTS | (0x80 if phone.key_packets == 1 else 0), phone.sequence, start, 0x12345
            )
            phone.sound.sendto(header + event, phone.remote)
            phone.sequence = (phone.sequence + 1) & 0xFFFF
        if ended:
            phone.key = ""


def main(pipe: Connection, port: int) -> None:
    """Run in a process of higher priority than the hotline, because a citizen's phone does not slow down with it."""
    with contextlib.suppress(PermissionError):
        os.nice(_URGENT)
    PhoneProcess(pipe, port).run()
