"""A-law and µ-law (ITU-T G.711), and back. Pure."""

from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from testkit.phones.tones import Samples


class Codec(IntEnum):
    """A payload type of RTP (RFC 3551)."""

    ULAW = 0
    ALAW = 8


def coded(samples: Samples, codec: Codec) -> bytes:
    """Return one byte for each sample."""
    return _codes(codec)[samples.astype(np.int32) + 32768].tobytes()


def decoded(payload: bytes, codec: Codec) -> Samples:
    """Return one sample for each byte."""
    return _values(codec)[np.frombuffer(payload, np.uint8)]


@cache
def _values(codec: Codec) -> Samples:
    """Return the sample that each byte stands for."""
    byte = np.arange(256)
    if codec is Codec.ULAW:
        inverted = ~byte & 0xFF
        exponent, mantissa = inverted >> 4 & 7, inverted & 15
        size = ((mantissa << 3) + 0x84 << exponent) - 0x84
        return np.where(inverted & 0x80, -size, size).astype(np.int16)
    inverted = byte ^ 0x55
    exponent, mantissa = inverted >> 4 & 7, inverted & 15
    size = np.where(exponent > 0, (mantissa << 4) + 0x108 << np.maximum(exponent, 1) - 1, (mantissa << 4) + 8)
    return np.where(inverted & 0x80, size, -size).astype(np.int16)


@cache
def _codes(codec: Codec) -> NDArray[np.uint8]:
    """Return the byte whose sample is nearest, for each sample."""
    values = _values(codec).astype(np.int32)
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    wanted = np.arange(-32768, 32768)
    above = np.clip(np.searchsorted(ordered, wanted), 1, 255)
    nearer = np.where(wanted - ordered[above - 1] <= ordered[above] - wanted, above - 1, above)
    return order[nearer].astype(np.uint8)
