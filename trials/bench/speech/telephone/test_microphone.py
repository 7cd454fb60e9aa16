"""A phone sends the sound of its condition, the same each time."""

import numpy as np
import pytest

from testkit.phones.tones import RATE, Samples
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import TUNING
from trials.bench.speech.telephone.background import NoiseKind, Noises
from trials.bench.speech.telephone.codecs import Codec, coded, decoded
from trials.bench.speech.telephone.conditions import CLEAN, CONDITIONS, Condition, Quiet, named
from trials.bench.speech.telephone.microphone import FRAME, Microphone, Packet

SPEECH = recordings.samples(TUNING, recordings.recorded(TUNING)[0])
NOISES = Noises(TUNING)
BEFORE, AFTER = 50, 50  # packets


def sent(condition: Condition, seed: str = "a") -> list[Packet]:
    """Return the packets of a second without speech, of speech, and of another second without speech."""
    microphone = Microphone(condition, NOISES, seed)
    packets = [microphone.packet() for _ in range(BEFORE)]
    microphone.say(SPEECH)
    while microphone.is_speaking:
        packets.append(microphone.packet())
    return packets + [microphone.packet() for _ in range(AFTER)]


def sound(packets: list[Packet], codec: Codec = Codec.ALAW) -> Samples:
    return decoded(b"".join(packet.payload for packet in packets), codec)


def level(samples: Samples) -> float:
    """Return the RMS in dBov."""
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(float) ** 2)) / 32768 + 1e-9))


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_a_phone_sends_the_same_sound_each_time(condition: Condition) -> None:
    assert sent(condition) == sent(condition)


@pytest.mark.parametrize("codec", Codec)
def test_a_codec_loses_little(codec: Codec) -> None:
    assert level(decoded(coded(SPEECH, codec), codec) - SPEECH) < level(SPEECH) - 30


@pytest.mark.parametrize("decibels", [-35, -30, -18, -10])
def test_speech_has_the_level_of_its_condition(decibels: int) -> None:
    (condition,) = named([f"{decibels} dBov"])
    louder = level(sound(sent(condition)[BEFORE:-AFTER])) - level(sound(sent(CLEAN)[BEFORE:-AFTER]))
    assert louder == pytest.approx(decibels + 26, abs=0.7)


@pytest.mark.parametrize("kind", NoiseKind)
def test_noise_has_the_level_of_its_condition_all_the_time(kind: NoiseKind) -> None:
    (condition,) = named([f"{kind}, 10 dB"])
    microphone = Microphone(condition, NOISES, "a")
    assert level(sound([microphone.packet() for _ in range(3000)])) == pytest.approx(-36, abs=1)


def test_a_phone_that_sends_nothing_sends_only_speech() -> None:
    (condition,) = named(["sends nothing"])
    packets = sent(condition)
    assert not any(packet.is_sent for packet in (*packets[:BEFORE], *packets[-AFTER:]))
    assert all(packet.is_sent and packet.arrives for packet in packets[BEFORE:-AFTER])


@pytest.mark.parametrize(("quiet", "at_most"), [(Quiet.ZEROS, -70), (Quiet.COMFORT, -55), (Quiet.NOISE, -60)])
def test_a_phone_is_quiet_while_nobody_speaks(quiet: Quiet, at_most: float) -> None:
    condition = next(condition for condition in CONDITIONS if condition.quiet is quiet)
    assert level(sound(sent(condition)[:BEFORE])) < at_most


def test_packets_are_lost_evenly() -> None:
    (condition,) = named(["5 % of packets lost"])
    microphone = Microphone(condition, NOISES, "a")
    packets = [microphone.packet() for _ in range(5000)]
    assert sum(not packet.arrives for packet in packets) == pytest.approx(250, abs=50)


def test_a_phone_returns_what_it_plays() -> None:
    (condition,) = named(["echo at −20 dB"])
    microphone = Microphone(condition, NOISES, "a")
    tone = (8000 * np.sin(2 * np.pi * 500 * np.arange(FRAME) / RATE)).astype(np.int16)
    packets = [microphone.packet(tone) for _ in range(50)]
    assert level(sound(packets[10:])) == pytest.approx(level(tone) - 20, abs=0.5)


def test_a_room_goes_on_sounding() -> None:
    (condition,) = named(["hands-free"])
    assert len(sent(condition)) > len(sent(CLEAN)) + 20
