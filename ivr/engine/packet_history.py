"""Keeps the packets of the last hour, up to a number of bytes, for `ivr trace`.

The packets are stored one after another in blocks, and a whole block is freed at once. If packets of all sizes were
freed one by one, they would fragment the memory of a process that runs for months.
"""

import struct
from collections import deque
from collections.abc import Iterator

_BLOCK_BYTES = 512 * 1024
_KEPT_BYTES = 48 * 1024 * 1024
_KEPT_SECONDS = 3600.0
_HEAD = struct.Struct("=dI")  # time of arrival and length, before each packet


class PacketHistory:
    """The packets of the last hour."""

    def __init__(self) -> None:
        """Start with none."""
        self._blocks: deque[tuple[float, bytearray]] = deque([(0.0, bytearray())])  # each with its last packet's time
        self._bytes = 0  # of the full blocks

    def add(self, now: float, packet: bytes) -> None:
        """Keep a packet that arrived ``now``, in seconds of `time.monotonic`; free blocks that are old or too many."""
        block = self._blocks[-1][1]
        block += _HEAD.pack(now, len(packet))
        block += packet
        if len(block) >= _BLOCK_BYTES:
            self._blocks[-1] = (now, block)
            self._blocks.append((now, bytearray()))
            self._bytes += len(block)
            while self._bytes > _KEPT_BYTES or self._blocks[0][0] < now - _KEPT_SECONDS:
                self._bytes -= len(self._blocks.popleft()[1])

    def since(self, moment: float) -> Iterator[bytes]:
        """Return the packets that arrived at a moment or later, the oldest first."""
        for _last, block in list(self._blocks):
            at = 0
            while at < len(block):
                arrived, length = _HEAD.unpack_from(block, at)
                at += _HEAD.size
                if arrived >= moment:
                    yield bytes(block[at : at + length])
                at += length
