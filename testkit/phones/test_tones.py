"""Parties are recognised by their tones after A-law, mixing and gaps; a party without a tone is not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .heard_recording import HeardRecording
from .tones import RATE, SILENCE, SOUND, Samples, heard_in, labels, named, sine, spans, times_of, write_wav

PARTIES = {"agent": 520, "center": 580, "citizen": 640}


def a_law(samples: Samples) -> Samples:
    """Encode samples to 8 bits by G.711 A-law, and decode them."""
    size = np.clip(np.abs(samples.astype(float)) / 32768, 0, 1)
    log = 1 + np.log(87.6)
    code = np.round(np.where(size < 1 / 87.6, 87.6 * size, 1 + np.log(np.maximum(87.6 * size, 1))) / log * 127) / 127
    back = np.where(code < 1 / log, code * log / 87.6, np.exp(code * log - 1) / 87.6)
    return np.asarray(np.sign(samples) * back * 32767, np.int16)


def noise(seconds: float, loudness: int = 3000) -> Samples:
    """Sound that is no party's tone."""
    return np.random.default_rng(7).normal(0, loudness, round(seconds * RATE)).clip(-32768, 32767).astype(np.int16)


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.int16)


@given(st.sets(st.sampled_from(sorted(PARTIES))), st.integers(0, 7999), st.booleans())
def test_every_combination_of_parties_is_recognised(parties: set[str], start: int, noisy: bool) -> None:
    mix = sum((sine(PARTIES[name], 2)[start:].astype(int) for name in parties), np.zeros(16000 - start, int))
    sound = noise(2)[start:] if noisy else silence(2)[start:]
    heard = labels(a_law((mix + sound).astype(np.int16)), PARTIES)
    assert set(heard) == {frozenset(parties | ({SOUND} if noisy else set()))}


def test_a_timeline_has_the_parties_in_order_with_their_seconds() -> None:
    both = (sine(520, 2).astype(int) + sine(580, 2)).astype(np.int16)
    audio = np.concatenate([silence(1), noise(1.5), silence(0.5), noise(1), sine(520, 2), both])
    timeline = heard_in(a_law(audio), PARTIES)
    assert [span.parties for span in timeline] == [SILENCE, SOUND, "agent", "agent+center"]
    assert [span.seconds for span in timeline] == pytest.approx([1, 3, 2, 2], abs=0.3)


def test_a_tone_that_breaks_off_is_not_taken_for_another_sound() -> None:
    audio = np.concatenate([sine(520, 1.03)[:8240], silence(1.01), sine(520, 1)])
    assert [span.parties for span in heard_in(audio, PARTIES)] == ["agent", SILENCE, "agent"]


def test_a_tone_of_no_party_is_other_sound() -> None:
    assert [span.parties for span in heard_in(sine(550, 2), PARTIES)] == [SOUND]


def test_speech_over_a_tone_is_heard_as_party_and_sound() -> None:
    assert named(labels(a_law((sine(520).astype(int) + noise(1, 800)).astype(np.int16)), PARTIES)[3]) == "agent+sound"


def test_a_prompt_is_found_each_time_it_is_played() -> None:
    prompt = noise(1.2)
    audio = np.concatenate([silence(1), prompt, noise(1)[::-1], silence(0.3), prompt, silence(2)])
    assert times_of(prompt, a_law(audio)) == pytest.approx([1.0, 3.5], abs=0.02)
    assert times_of(noise(1.2)[::-1].copy(), a_law(np.concatenate([silence(1), prompt]))) == []


def test_a_prompt_is_found_although_packets_were_late_or_lost() -> None:
    prompt = noise(2)
    audio = np.concatenate([silence(1), prompt[:5600], silence(0.04), prompt[5600:10400], prompt[10720:], silence(1)])
    assert times_of(prompt, a_law(audio)) == pytest.approx([1.0], abs=0.06)


def test_a_recording_read_while_it_grows_gives_the_labels_of_the_whole(tmp_path: Path) -> None:
    audio = np.concatenate([silence(0.7), sine(520, 1.01), noise(0.9), sine(580, 1.3), silence(0.4), sine(580, 1)])
    path = tmp_path / "call.wav"
    write_wav(path, audio)
    whole = path.read_bytes()
    growing = HeardRecording(path, PARTIES)
    for size in range(44, len(whole) + 4096, 4096):
        path.write_bytes(whole[:size])
        assert growing.windows is not None
    path.write_bytes(whole)
    assert growing.windows == labels(audio, PARTIES)


def test_a_question_about_an_unknown_party_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"no party has a tone named expert; there are \['agent', 'center', 'citizen'\]"
    ):
        HeardRecording(tmp_path / "none.wav", PARTIES).now("expert")


def test_a_tone_off_the_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 5 Hz"):
        sine(523)


def test_a_short_span_belongs_to_the_span_before_it() -> None:
    agent, nobody = frozenset({"agent"}), frozenset[str]()
    assert [span.parties for span in spans([agent] * 5 + [nobody] + [agent] * 5)] == ["agent"]
