"""The SIP of the latest call that names a number, for `ivr trace`: without secrets, as JSON values. Pure."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ivr.signalling.hep import CapturedPacket
from ivr.signalling.ladder import calls
from ivr.signalling.trace_masking import without_secrets

_MOST = 40  # dialogs of one answer


def traced(packets: Sequence[CapturedPacket], number: str) -> list[dict[str, Any]]:
    """Return the packets of the latest calls that name ``number``, the oldest first; "" takes every call."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return [
        {
            "dialog": dialog,
            "at": packet.at,
            "source": list(packet.source),
            "destination": list(packet.destination),
            "payload": base64.b64encode(without_secrets(packet.payload)).decode("ascii"),
        }
        for dialog, call in enumerate(calls(packets, digits)[-_MOST:])
        for packet in call
    ]


def from_json(traces: Sequence[dict[str, Any]]) -> list[list[CapturedPacket]]:
    """Return the packets of each dialog again."""
    dialogs: dict[int, list[CapturedPacket]] = {}
    for fields in traces:
        packet = CapturedPacket(
            float(fields["at"]),
            _peer(fields["source"]),
            _peer(fields["destination"]),
            base64.b64decode(fields["payload"]),
        )
        dialogs.setdefault(fields["dialog"], []).append(packet)
    return list(dialogs.values())


def merged(dialogs: Sequence[Sequence[CapturedPacket]]) -> list[CapturedPacket]:
    """Return the packets of all dialogs in order of time."""
    return sorted((replace(packet) for dialog in dialogs for packet in dialog), key=lambda packet: packet.at)


def _peer(pair: Sequence[Any]) -> tuple[str, int]:
    return str(pair[0]), int(pair[1])
