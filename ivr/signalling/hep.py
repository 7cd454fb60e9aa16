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
_CHUNK = struct.Struct("!HHH")  # a chunk's head: vendor, type, length
_HEAD = _CHUNK.size
_SHORT, _LONG = struct.Struct("!H"), struct.Struct("!I")


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
    offset, head, size = 6, _CHUNK.unpack_from, len(data)
    while offset + _HEAD <= size:
        _vendor, kind, length = head(data, offset)
        end = offset + length
        if length < _HEAD or end > size:
            return None
        chunks[kind] = data[offset + _HEAD : end]
        offset = end
    if not hmac.compare_digest(chunks.get(_KEY, b""), password):
        return None
    try:
        return CapturedPacket(
            _LONG.unpack(chunks[_SECONDS])[0] + _LONG.unpack(chunks[_MICROSECONDS])[0] / 1e6,
            (_address(chunks, _IP4_SOURCE, _IP6_SOURCE), _SHORT.unpack(chunks[_SOURCE_PORT])[0]),
            (_address(chunks, _IP4_DESTINATION, _IP6_DESTINATION), _SHORT.unpack(chunks[_DESTINATION_PORT])[0]),
            chunks[_PAYLOAD],
        )
    except (KeyError, OSError, ValueError, struct.error):
        return None


def _address(chunks: dict[int, bytes], four: int, six: int) -> str:
    if four in chunks:
        return socket.inet_ntop(socket.AF_INET, chunks[four])
    return socket.inet_ntop(socket.AF_INET6, chunks[six])
