"""The sound of a phone under a condition, packet by packet, made from clean recordings: the same on every machine."""

import zlib
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from testkit.phones.tones import RATE, Samples
from trials.bench.speech.telephone.background import Noises
from trials.bench.speech.telephone.codecs import coded, decoded
from trials.bench.speech.telephone.conditions import NOMINAL, Condition, Quiet

FRAME = RATE // 50
"""Samples of one RTP packet: 20 ms."""

_FLOOR = -65.0  # dBov of the line's own noise
_COMFORT = -60.0  # dBov of comfort noise
_FAR = -6.0  # dB that a hands-free telephone is weaker
_DECAY = 0.5  # seconds in which the room's echo decays by 60 dB
_DIRECT = 3.0  # dB that the direct sound is above the room's echo
_BACK = 3  # packets until a phone returns what it plays: 60 ms

Wave = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Packet:
    """20 ms of sound."""

    payload: bytes
    is_sent: bool  # False while the phone sends nothing
    arrives: bool  # False also if the packet is lost on the way


class Microphone:
    """One phone's sound, from the beginning of a call on."""

    def __init__(self, condition: Condition, noises: Noises, seed: str) -> None:
        """Begin without speech.

        Args:
            condition: the condition of the sound.
            noises: the noises of the caller's set.
            seed: the seed of this call's random numbers.
        """
        self.condition = condition
        self._random = np.random.default_rng(zlib.crc32(f"{seed} {condition.name}".encode()))
        self._noise = noises.stream(condition.noise, self._random) if condition.noise else None
        self._speech: Wave = np.zeros(0)
        self._played = deque([np.zeros(FRAME)] * _BACK, maxlen=_BACK)

    @property
    def is_speaking(self) -> bool:
        """Return whether speech is left to be sent."""
        return len(self._speech) > 0

    def say(self, speech: Samples) -> None:
        """Speak from the next packet on; ``speech`` is a recording at `NOMINAL`."""
        levelled = speech.astype(np.float64) * _gain(self.condition.level - NOMINAL)
        if self.condition.hands_free:
            levelled = _in_a_room(levelled, self._random) * _gain(_FAR)
        self._speech = levelled

    def packet(self, played: Samples | None = None) -> Packet:
        """Return the next packet; ``played`` is what the phone plays meanwhile, `FRAME` samples."""
        condition, speaking = self.condition, self.is_speaking
        sound = np.zeros(FRAME)
        speech, self._speech = self._speech[:FRAME], self._speech[FRAME:]
        sound[: len(speech)] = speech
        if self._noise is not None:
            sound += self._noise.next(FRAME) * _gain(condition.level - condition.snr)
        if condition.quiet is Quiet.NOISE:
            sound += self._random.normal(0, 32768 * _gain(_FLOOR), FRAME)
        elif condition.quiet is Quiet.COMFORT and not speaking:
            sound += self._random.normal(0, 32768 * _gain(_COMFORT), FRAME)
        if condition.echo is not None:
            sound += self._played[0] * _gain(condition.echo)
            self._played.append(np.zeros(FRAME) if played is None else played.astype(np.float64))
        samples = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
        is_sent = speaking or condition.quiet is not Quiet.NOTHING
        arrives = is_sent and self._random.random() >= condition.loss
        return Packet(coded(samples, condition.codec), is_sent, arrives)

    def delivered_sound(self) -> bytes | None:
        """Return what Asterisk passes on for the next packet: `FRAME` samples of 16 bits.

        That is None for a packet that is lost on the way, and silence while the phone sends nothing.
        """
        packet = self.packet()
        if packet.is_sent and not packet.arrives:
            return None
        return (
            decoded(packet.payload, self.condition.codec).astype("<i2").tobytes()
            if packet.arrives
            else bytes(2 * FRAME)
        )


def _gain(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def _in_a_room(speech: Wave, random: np.random.Generator) -> Wave:
    """Add a small room's echo: noise that decays, behind the direct sound."""
    at = np.arange(round(_DECAY * RATE)) / RATE
    tail = random.normal(0, 1, len(at)) * 10 ** (-3 * at / _DECAY)
    tail = np.convolve(tail, [0.25, 0.5, 0.25], "same")  # high tones are swallowed first
    tail[: round(0.004 * RATE)] = 0
    tail *= _gain(-_DIRECT) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return np.convolve(speech, tail)
