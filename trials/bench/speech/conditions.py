"""The conditions under which callers speak, made at run time from clean recordings: the same on every machine. Pure.

Levels are in dBov (ITU-T G.191): RMS of the speech without its pauses, below full scale.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from testkit.phones.tones import RATE, Samples
from trials.bench.speech.background import NoiseKind, Noises
from trials.bench.speech.codecs import Codec, coded

NOMINAL = -26.0
"""Level of the recordings, and of a caller who speaks as loudly as most."""

FRAME = RATE // 50
"""Samples of one RTP packet: 20 ms."""

_FLOOR = -65.0  # dBov of the line's own noise
_FAR = -6.0  # dB that a hands-free telephone is weaker
_ECHO = 0.5  # seconds in which the room's echo decays by 60 dB
_DIRECT = 3.0  # dB that the direct sound is above the echo
_COMFORT = -60.0  # dBov of comfort noise

Wave = NDArray[np.float64]


class Quiet(StrEnum):
    """What a phone sends while nobody speaks."""

    NOISE = "line noise"
    ZEROS = "digital silence"
    COMFORT = "comfort noise"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Condition:
    """One way in which speech arrives."""

    name: str
    level: float = NOMINAL
    noise: NoiseKind | None = None
    snr: float = 0.0  # dB
    codec: Codec = Codec.ALAW
    loss: float = 0.0  # share of the packets that are lost
    hands_free: bool = False
    echo: float | None = None  # dB by which the phone returns what it plays; None: not at all
    quiet: Quiet = Quiet.NOISE


CLEAN = Condition("clean")
NOISY = tuple(Condition(f"{kind}, {snr} dB", noise=kind, snr=snr) for kind in NoiseKind for snr in (20, 10, 5))
LEVELS = tuple(Condition(f"{level} dBov", level=level) for level in (-35, -30, -18, -10))
LINES = (
    Condition("µ-law", codec=Codec.ULAW),
    Condition("1 % of packets lost", loss=0.01),
    Condition("3 % of packets lost", loss=0.03),
    Condition("5 % of packets lost", loss=0.05),
    Condition("hands-free", hands_free=True),
    Condition("echo at −20 dB", echo=-20.0),
    Condition("digital silence", quiet=Quiet.ZEROS),
    Condition("comfort noise", quiet=Quiet.COMFORT),
    Condition("sends nothing", quiet=Quiet.NOTHING),
)
CONDITIONS = (CLEAN, *LEVELS, *NOISY, *LINES)


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """What a phone sends: packets' payloads, None for each that does not arrive or is not sent."""

    packets: tuple[bytes | None, ...]
    sent: tuple[bool, ...]  # False for packets that the phone does not send, True also for lost ones
    codec: Codec


def speech_in(condition: Condition, speech: Samples, before: float, after: float, noises: Noises, seed: str) -> Sent:
    """Return a whole call's sound, with the speech after ``before`` seconds, as it arrives.

    Args:
        condition: how it arrives.
        speech: the recording, at `NOMINAL`.
        before: seconds until the speech begins.
        after: seconds behind it.
        noises: the set's own.
        seed: what makes this call different from others, and the same each time.
    """
    random = np.random.default_rng(zlib.crc32(seed.encode()))
    said = speech.astype(np.float64) * _gain(condition.level - NOMINAL)
    if condition.hands_free:
        said = _in_a_room(said, random) * _gain(_FAR)
    lead = round(before * 50) * FRAME
    length = -(-(lead + len(said) + round(after * RATE)) // FRAME) * FRAME
    call = np.zeros(length)
    call[lead : lead + len(said)] += said
    speaking = np.zeros(length // FRAME, bool)
    speaking[lead // FRAME : -(-(lead + len(said)) // FRAME)] = True
    if condition.noise:
        call += noises.of(condition.noise, length, random) * _gain(condition.level - condition.snr)
    if condition.quiet is Quiet.NOISE:
        call += random.normal(0, 32768 * _gain(_FLOOR), length)
    if condition.quiet is Quiet.COMFORT:
        call += np.repeat(~speaking, FRAME) * random.normal(0, 32768 * _gain(_COMFORT), length)
    samples = np.clip(np.rint(call), -32768, 32767).astype(np.int16)
    payloads = coded(samples, condition.codec)
    sent = speaking if condition.quiet is Quiet.NOTHING else np.ones(len(speaking), bool)
    arrives = sent & (random.random(len(sent)) >= condition.loss)
    packets = tuple(
        payloads[at * FRAME : (at + 1) * FRAME] if there else None for at, there in enumerate(arrives.tolist())
    )
    return Sent(packets, tuple(sent.tolist()), condition.codec)


def _gain(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _in_a_room(speech: Wave, random: np.random.Generator) -> Wave:
    """Add a small room's echo: noise that decays, the high tones first."""
    at = np.arange(round(_ECHO * RATE)) / RATE
    tail = random.normal(0, 1, len(at)) * 10 ** (-3 * at / _ECHO)
    tail = np.convolve(tail, np.hanning(5)[1:-1] / 2, "same")
    tail[: round(0.004 * RATE)] = 0
    tail *= _gain(-_DIRECT) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    echoed: Wave = np.convolve(speech, tail)
    return echoed


def named(names: Sequence[str]) -> list[Condition]:
    """Return conditions by name.

    Raises:
        KeyError: there is no such condition.
    """
    known = {condition.name: condition for condition in CONDITIONS}
    return [known[name] for name in names]
