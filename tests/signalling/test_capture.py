"""Copies of SIP messages: only those of Asterisk are accepted; a trace has no secret, and other programs read it."""

import struct

from ivr.engine.packet_history import PacketHistory
from ivr.routing.calendar import CITY_TIME
from ivr.signalling.call_traces import from_json, traced
from ivr.signalling.hep import CapturedPacket, decode
from ivr.signalling.ladder import calls, lines
from ivr.signalling.pcap_file import pcap
from ivr.signalling.silent_invites import SilentInvites
from ivr.signalling.trace_masking import without_secrets

INVITE = (
    b"INVITE sip:12345@192.0.2.1 SIP/2.0\r\nFrom: <sip:13900001111@192.0.2.7>;tag=1\r\nCall-ID: c1\r\n"
    b"CSeq: 2 INVITE\r\n"
    b'Authorization: Digest username="8001", response="0123456789abcdef"\r\nContent-Length: 60\r\n\r\n'
    b"v=0\r\nm=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\n"
)
KEY = b"INFO sip:x@192.0.2.1 SIP/2.0\r\nCall-ID: c1\r\nCSeq: 3 INFO\r\n\r\nSignal=7\r\nDuration=100\r\n"


def hep(payload: bytes, password: bytes = b"secret") -> bytes:
    chunks = [
        (1, b"\x02"), (2, b"\x11"), (3, bytes((192, 0, 2, 7))), (4, bytes((192, 0, 2, 1))),
        (7, struct.pack("!H", 5060)), (8, struct.pack("!H", 5070)), (9, struct.pack("!I", 1000)),
        (10, struct.pack("!I", 500000)), (11, b"\x01"), (14, password), (15, payload),
    ]  # fmt: skip
    body = b"".join(struct.pack("!HHH", 0, kind, 6 + len(data)) + data for kind, data in chunks)
    return b"HEP3" + struct.pack("!H", 6 + len(body)) + body


def test_only_a_copy_with_the_password_is_taken() -> None:
    packet = decode(hep(INVITE), b"secret")
    assert packet == CapturedPacket(1000.5, ("192.0.2.7", 5060), ("192.0.2.1", 5070), INVITE)
    assert decode(hep(INVITE), b"other") is None
    for length in range(len(hep(b"x"))):
        assert decode(hep(b"x")[:length], b"secret") is None


def test_a_trace_shows_no_password_no_media_key_and_no_pressed_key() -> None:
    shown = without_secrets(INVITE) + without_secrets(KEY)
    for secret in (b"0123456789abcdef", b"c2VjcmV0", b"Signal=7", b"8001"):
        assert secret not in shown
    assert len(without_secrets(INVITE)) == len(INVITE), "Content-Length stays right"
    assert b"13900001111" in shown


def test_a_call_is_found_by_its_number_and_read_as_a_ladder() -> None:
    packets = [
        CapturedPacket(1000.0 + at, ("192.0.2.7", 5060), ("192.0.2.1", 5070), text)
        for at, text in enumerate((INVITE, KEY))
    ]
    assert calls(packets, "1390000") and not calls(packets, "12366")
    [dialog] = from_json(traced(packets, "13900001111"))
    ladder = list(lines(dialog, CITY_TIME))
    assert ladder[2].endswith("INVITE sip:12345@192.0.2.1 SIP/2.0  [PCMA]")
    assert "    1.000  192.0.2.7:5060 → 192.0.2.1:5070  INFO" in ladder[3]


def test_a_pcap_file_holds_each_message_as_a_packet() -> None:
    file = pcap([CapturedPacket(1000.5, ("192.0.2.7", 5060), ("192.0.2.1", 5070), KEY)])
    assert file[:4] == bytes.fromhex("d4c3b2a1") and file[20:24] == struct.pack("<I", 101)
    seconds, micros, captured, whole = struct.unpack_from("<IIII", file, 24)
    assert (seconds, micros, captured, whole) == (1000, 500000, 28 + len(KEY), 28 + len(KEY))
    head = struct.unpack_from("!10H", file, 40)
    total = sum(head)
    assert (total & 0xFFFF) + (total >> 16) == 0xFFFF, "the checksum of the IP header"


def test_an_invite_is_silent_only_without_any_response_for_two_seconds() -> None:
    invites = SilentInvites()
    invites.sent("a", ("192.0.2.7", 5060), 10.0)
    invites.sent("a", ("192.0.2.7", 5060), 11.0)  # again
    invites.sent("b", ("192.0.2.7", 5060), 10.0)
    invites.answered("b")
    assert invites.silent(11.9) == []
    assert [invite.call_id for invite in invites.silent(12.1)] == ["a"]
    assert invites.silent(20.0) == [], "once"


def test_the_history_keeps_the_last_hour_and_no_more_bytes_than_it_may() -> None:
    history = PacketHistory()
    for second in range(3):
        history.add(100.0 + second, b"packet %d" % second)
    assert list(history.since(101.0)) == [b"packet 1", b"packet 2"]
    for second in range(100):
        history.add(200.0 + second, bytes([second]) * 1_000_000)
    captured = [packet[0] for packet in history.since(0.0)]
    assert captured == list(range(50, 100)), "the newest, in order"
    history.add(9000.0, b"x" * 1_000_000)
    assert len(list(history.since(0.0))) == 1, "the rest is older than an hour"
