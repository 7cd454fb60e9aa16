"""HEP version 3, in which Asterisk's res_hep sends a copy of each SIP message. Pure.

Every user of the machine can send to the engine's port, so a copy counts only with the password of Asterisk's
configuration.
"""

import hmac
import socket
import struct
from dataclasses import dataclass

_IP4_SOURCE, _IP4_DESTINATION, _IP6_SOURCE, _IP6_DESTINATION = 3, 4, 5, 6
_SOURCE_PORT, _DESTINATION_PORT, _SECONDS, _MICROSECONDS = 7, 8, 9, 10
_KEY, _PAYLOAD = 14, 15
_HEAD = 6  # bytes of a chunk's head: vendor, type, length


@dataclass(frozen=True, slots=True)
class CapturedPacket:
    """One SIP message as it passed."""

    at: float  # seconds since 1970
    source: tuple[str, int]
    destination: tuple[str, int]
    payload: bytes


def decode(data: bytes, password: bytes) -> CapturedPacket | None:
    """Return the message of a HEP packet; None if the data is no HEP packet, is damaged, or has another password."""
    if data[:4] != b"HEP3":
        return None
    chunks: dict[int, bytes] = {}
    at = 6
    while at + _HEAD <= len(data):
        _vendor, kind, length = struct.unpack_from("!HHH", data, at)
        if length < _HEAD or at + length > len(data):
            return None
        chunks[kind] = data[at + _HEAD : at + length]
        at += length
    if not hmac.compare_digest(chunks.get(_KEY, b""), password):
        return None
    try:
        seconds, microseconds = (int.from_bytes(chunks[kind], "big") for kind in (_SECONDS, _MICROSECONDS))
        return CapturedPacket(
            seconds + microseconds / 1e6,
            (_address(chunks, _IP4_SOURCE, _IP6_SOURCE), int.from_bytes(chunks[_SOURCE_PORT], "big")),
            (_address(chunks, _IP4_DESTINATION, _IP6_DESTINATION), int.from_bytes(chunks[_DESTINATION_PORT], "big")),
            chunks[_PAYLOAD],
        )
    except (KeyError, OSError, ValueError):
        return None


def _address(chunks: dict[int, bytes], four: int, six: int) -> str:
    if four in chunks:
        return socket.inet_ntop(socket.AF_INET, chunks[four])
    return socket.inet_ntop(socket.AF_INET6, chunks[six])
