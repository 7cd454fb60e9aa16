"""Keeps the packets of the last hour, up to a number of bytes, for `ivr trace`.

The packets are stored one after another in blocks, and a whole block is freed at once. If packets of all sizes were
freed one by one, they would fragment the memory of a process that runs for months. A full block is compressed to an
eighth, because the messages of a call repeat one another, and so do calls.
"""

import struct
import zlib
from collections import deque
from collections.abc import Iterator

_BLOCK_BYTES = 32 * 1024  # compressed in 0.1 ms, in which no call script runs
_KEPT_BYTES = 48 * 1024 * 1024  # before compression
_KEPT_SECONDS = 3600.0
_HEAD = struct.Struct("=dI")  # time of arrival and length, before each packet


class PacketHistory:
    """The packets of the last hour."""

    def __init__(self) -> None:
        """Start with none."""
        self._full: deque[tuple[float, int, bytes]] = deque()  # last packet's time, size, and the compressed block
        self._bytes = 0  # of the full blocks, before compression
        self._newest = bytearray()

    def add(self, now: float, packet: bytes) -> None:
        """Keep a packet that arrived ``now``, in seconds of `time.monotonic`; free blocks that are old or too many."""
        block = self._newest
        block += _HEAD.pack(now, len(packet))
        block += packet
        if len(block) >= _BLOCK_BYTES:
            self._full.append((now, len(block), zlib.compress(block, zlib.Z_BEST_SPEED)))
            self._bytes += len(block)
            block.clear()
            while self._bytes > _KEPT_BYTES or self._full[0][0] < now - _KEPT_SECONDS:
                self._bytes -= self._full.popleft()[1]

    def since(self, moment: float) -> Iterator[bytes]:
        """Return the packets that arrived at a moment or later, the oldest first."""
        for last, _size, block in list(self._full):
            if last >= moment:
                yield from _packets(zlib.decompress(block), moment)
        yield from _packets(bytes(self._newest), moment)


def _packets(block: bytes, moment: float) -> Iterator[bytes]:
    offset = 0
    while offset < len(block):
        arrived, length = _HEAD.unpack_from(block, offset)
        offset += _HEAD.size
        if arrived >= moment:
            yield block[offset : offset + length]
        offset += length
