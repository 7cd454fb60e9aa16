"""The SIP of one call as a ladder that people read: time, from, to, message. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from ivr.signalling.hep import CapturedPacket
from ivr.signalling.sip_message import ParsedSip, parse


def calls(packets: Iterable[CapturedPacket], number: str) -> list[list[CapturedPacket]]:
    """Return the packets of each dialog whose INVITE names ``number``, the latest last; "" takes every dialog.

    Both halves of a call through the hotline are dialogs of their own.
    """
    by_call: dict[str, list[CapturedPacket]] = {}
    first_at: dict[str, float] = {}
    for packet in packets:
        message = parse(packet.payload)
        by_call.setdefault(message.call_id, []).append(packet)
        if message.method == "INVITE" and not message.status and _names(message, number):
            first_at.setdefault(message.call_id, packet.at)
    return [by_call[call_id] for call_id, _at in sorted(first_at.items(), key=lambda pair: pair[1])]


def _names(message: ParsedSip, number: str) -> bool:
    places = ("request-uri", "to", "from", "p-asserted-identity", "p-called-party-id", "diversion")
    return not number or any(number in message.number(place) for place in places)


def lines(call: Sequence[CapturedPacket], zone: tzinfo) -> Iterator[str]:
    """Yield the ladder of one dialog."""
    begin = call[0].at
    peers = list(
        dict.fromkeys(f"{host}:{port}" for packet in call for host, port in (packet.source, packet.destination))
    )
    yield f"Call-ID {parse(call[0].payload).call_id}"
    yield f"{datetime.fromtimestamp(begin, zone):%Y-%m-%d %H:%M:%S}  {'   '.join(peers)}"
    for packet in call:
        message = parse(packet.payload)
        source, destination = (f"{host}:{port}" for host, port in (packet.source, packet.destination))
        detail = f"  [{', '.join(message.codecs)}]" if message.codecs else ""
        yield f"{packet.at - begin:9.3f}  {source} → {destination}  {message.first}{detail}"
