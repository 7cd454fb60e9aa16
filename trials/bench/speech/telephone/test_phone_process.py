"""The bench's phones speak SIP and RTP as a carrier does, against a hotline that is a socket."""

import multiprocessing
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import numpy as np
import pytest

from testkit.hotline.running import free_udp_port
from testkit.phones.tones import Samples
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import TUNING
from trials.bench.speech.telephone.codecs import Codec, decoded
from trials.bench.speech.telephone.conditions import CLEAN, Condition, named
from trials.bench.speech.telephone.phone_process import (
    HOST,
    Answered,
    Command,
    Ended,
    Event,
    HangUp,
    PhoneProcess,
    PlaceCall,
    Press,
    Speak,
    SpeakingEnded,
)
from trials.bench.speech.telephone.sip import EVENTS

CALLER = "13900000001"
TAKE = recordings.recorded(TUNING)[0]


class Hotline:
    """A hotline that answers one call and receives its sound."""

    def __init__(self, pipe: Connection) -> None:
        self.sip, self.rtp = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for udp_socket in (self.sip, self.rtp):
            udp_socket.bind((HOST, 0))
            udp_socket.settimeout(10)
        self.address = "{}:{}".format(*self.sip.getsockname())
        self._pipe = pipe

    def send(self, *commands: Command) -> None:
        for command in commands:
            self._pipe.send(command)

    def event(self, kind: type[Event]) -> Event:
        """Return the next event of a kind."""
        while self._pipe.poll(10):
            if isinstance(event := self._pipe.recv(), kind):
                return event
        raise AssertionError(f"no {kind.__name__}")

    def request(self, method: str) -> tuple[str, tuple[str, int]]:
        """Return the next request of a method."""
        while True:
            data, sender = self.sip.recvfrom(65535)
            if data.decode().startswith(method):
                return data.decode(), sender

    def answer(self, request: str, sender: tuple[str, int], body: str = "") -> None:
        copied = [line for line in request.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line)]
        copied = [f"{line};tag=h" if line.startswith("To:") else line for line in copied]
        contact = f"Contact: <sip:12345@{self.address}>"
        lines = ["SIP/2.0 200 OK", *copied, contact, f"Content-Length: {len(body)}", "", body]
        self.sip.sendto("\r\n".join(lines).encode(), sender)

    def take(self, condition: Condition = CLEAN) -> str:
        """Have the caller call, and answer; return the offer."""
        self.send(PlaceCall(CALLER, self.address, TUNING, condition))
        offer, sender = self.request("INVITE")
        self.answer(offer, sender, f"c=IN IP4 {HOST}\r\nm=audio {self.rtp.getsockname()[1]} RTP/AVP 8\r\n")
        self.request("ACK")
        self.event(Answered)
        return offer

    def packet(self) -> tuple[int, int, int, bytes]:
        """Return payload type, sequence number, timestamp and payload of the next packet."""
        data = self.rtp.recv(2048)
        _flags, kind, sequence, timestamp, _source = struct.unpack("!BBHII", data[:12])
        return kind & 0x7F, sequence, timestamp, data[12:]


@pytest.fixture
def hotline() -> Iterator[Hotline]:
    own_end, phones_end = multiprocessing.Pipe()
    phones = threading.Thread(target=PhoneProcess(phones_end, free_udp_port()).run)
    phones.start()
    hotline = Hotline(own_end)
    yield hotline
    own_end.close()
    phones.join()


def speak_once(hotline: Hotline, condition: Condition) -> tuple[Samples, list[int]]:
    """Let the caller speak once; return the received sound and the sequence numbers of its packets."""
    hotline.take(condition)
    hotline.send(Speak(CALLER, TUNING, TAKE, time.monotonic() + 0.2))
    hotline.event(SpeakingEnded)
    hotline.send(HangUp(CALLER))
    hotline.answer(*hotline.request("BYE"))
    assert hotline.event(Ended).problem == ""  # type: ignore[union-attr]
    packets = list[tuple[int, int, int, bytes]]()
    hotline.rtp.setblocking(False)
    while True:
        try:
            packets.append(hotline.packet())
        except BlockingIOError:
            break
    return decoded(b"".join(payload for *_rest, payload in packets), Codec.ALAW), [packet[1] for packet in packets]


def test_a_caller_says_what_was_recorded(hotline: Hotline) -> None:
    heard, numbers = speak_once(hotline, CLEAN)
    assert numbers == list(range(1, len(numbers) + 1))
    speech = recordings.samples(TUNING, TAKE).astype(float)
    likeness = np.correlate(heard.astype(float), speech, "valid") / np.sum(speech**2)
    assert likeness.max() == pytest.approx(1, abs=0.05)


def test_lost_packets_leave_gaps_in_the_numbers(hotline: Hotline) -> None:
    (condition,) = named(["5 % of packets lost"])
    _heard, numbers = speak_once(hotline, condition)
    assert numbers != list(range(numbers[0], numbers[0] + len(numbers)))


def test_a_phone_that_sends_only_speech_leaves_no_gaps_in_the_numbers(hotline: Hotline) -> None:
    (condition,) = named(["sends nothing"])
    heard, numbers = speak_once(hotline, condition)
    assert numbers == list(range(1, len(numbers) + 1))
    assert abs(len(heard) - len(recordings.samples(TUNING, TAKE))) < 160


def test_the_codec_is_what_the_condition_says(hotline: Hotline) -> None:
    (condition,) = named(["µ-law"])
    assert "RTP/AVP 0 101" in hotline.take(condition)
    assert hotline.packet()[0] == Codec.ULAW


def test_a_key_is_an_event_that_ends(hotline: Hotline) -> None:
    hotline.take()
    hotline.send(Press(CALLER, "*"))
    events = list[tuple[int, int, int, bytes]]()
    while len(events) < 8:
        packet = hotline.packet()
        events += [packet] if packet[0] == EVENTS else []
    assert {event[2] for event in events} == {events[0][2]}, "one key has one timestamp"
    assert [event[3][0] for event in events] == [10] * 8
    assert [bool(event[3][1] & 0x80) for event in events] == [False] * 5 + [True] * 3


def test_a_call_that_is_refused_ends_with_the_reason(hotline: Hotline) -> None:
    hotline.send(PlaceCall(CALLER, hotline.address, TUNING, CLEAN))
    request, sender = hotline.request("INVITE")
    copied = [line for line in request.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line)]
    hotline.sip.sendto("\r\n".join(["SIP/2.0 503 Service Unavailable", *copied, "", ""]).encode(), sender)
    assert hotline.event(Ended).problem == "503"  # type: ignore[union-attr]
