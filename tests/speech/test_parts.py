"""The parts of recognition that need no model: turns, words, sound, tokens, messages."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.speech import mel, wire, words
from ivr.speech.recognizer import RATE, RecognizedUtterance, Vocabulary
from ivr.speech.sound import MODEL_RATE, for_models, samples, telephone
from ivr.speech.turn import Turn, TurnChange
from ivr.speech.wire import MessageKind, WireMessage

SPEECH, PAUSE = 0.9, 0.1  # likelihoods of speech
NOTHING = -65.0  # dBov of a quiet line


def power(level: float) -> float:
    """Return the mean square of samples at a level in dBov."""
    return float(10 ** (level / 10))


PLAYED = (("zh/opening.wav", "zh/menu-main.wav"),)
QUIET = 100
"""Chunks of a quiet line before a caller speaks."""


def turn_after_background(level: float = NOTHING) -> Turn:
    """Return a turn after some time of background only."""
    turn = Turn()
    for _ in range(QUIET):
        turn.feed(PAUSE, power(level))
    return turn


def changes(turn: Turn, *likelihoods: tuple[float, int], level: float = -20.0) -> list[tuple[int, TurnChange]]:
    """Feed likelihoods with their counts, speech at a level and pauses quiet; return each change with its chunk."""
    flat = [likelihood for likelihood, times in likelihoods for _ in range(times)]
    levels = [level if likelihood == SPEECH else NOTHING for likelihood in flat]
    fed = enumerate(zip(flat, levels, strict=True))
    return [(at, change) for at, (likelihood, loud) in fed if (change := turn.feed(likelihood, power(loud)))]


def test_an_utterance_begins_pauses_and_ends() -> None:
    turn = turn_after_background()
    assert changes(turn, (PAUSE, 10), (SPEECH, 20), (PAUSE, 11)) == [
        (11, TurnChange.BEGINS), (32, TurnChange.PAUSES), (40, TurnChange.ENDS)]  # fmt: skip
    assert not turn.speaking


def test_a_complete_utterance_ends_after_a_shorter_pause() -> None:
    turn = turn_after_background()
    changes(turn, (SPEECH, 20), (PAUSE, 5))
    turn.looked(complete=True)
    assert changes(turn, (PAUSE, 20)) == [(4, TurnChange.ENDS)]


def test_a_caller_who_goes_on_after_a_pause_is_not_cut_off() -> None:
    turn = turn_after_background()
    changes(turn, (SPEECH, 20), (PAUSE, 5))
    turn.looked(complete=True)
    assert changes(turn, (PAUSE, 3), (SPEECH, 10), (PAUSE, 10)) == [(3, TurnChange.GOES_ON), (15, TurnChange.PAUSES)]
    assert turn.speaking


def test_a_click_is_no_utterance() -> None:
    assert not changes(turn_after_background(), (SPEECH, 1), (PAUSE, 50), (SPEECH, 1), (PAUSE, 50))


def test_speech_that_is_too_faint_to_be_the_callers_is_no_utterance() -> None:
    """A television in the next room."""
    assert not changes(turn_after_background(), (SPEECH, 100), level=-40)
    assert changes(turn_after_background(), (SPEECH, 10), level=-34), "a caller who speaks as softly as callers do"


def test_a_television_that_was_there_before_the_caller_is_no_utterance() -> None:
    """The television has the likelihood of speech; it goes on, with louder words among softer words."""
    turn = Turn()
    television = [level for _ in range(30) for level in (-33.0,) * 6 + (-37.0,) * 6 + (-50.0,) * 3]
    assert not [change for level in television if (change := turn.feed(SPEECH, power(level)))]
    (_at, change), *_ = changes(turn, (SPEECH, 20), level=-20)
    assert change is TurnChange.BEGINS, "a caller who speaks in front of the television"


def test_a_television_that_is_on_from_the_first_moment_is_no_utterance() -> None:
    """The television is 5 dB below the mean level of callers; no background is known yet."""
    assert not changes(Turn(), (SPEECH, 100), level=-29)


def test_a_television_that_pauses_is_no_utterance_when_it_goes_on() -> None:
    """Four seconds of soft music, and then the earlier voice again, 10 dB below the level of callers."""
    turn = Turn()
    voice = [(SPEECH, level) for _ in range(10) for level in (-33.0,) * 6 + (-38.0,) * 6]
    music = [(PAUSE, -48.0)] * 130
    fed = (turn.feed(likelihood, power(level)) for likelihood, level in (*voice, *music, *voice))
    assert not [change for change in fed if change]
    assert changes(turn, (SPEECH, 20), level=-24), "a caller who speaks in front of the television"


def test_a_caller_who_speaks_from_the_first_moment_is_heard() -> None:
    (at, change), *_ = changes(Turn(), (SPEECH, 20), level=-24)
    assert (change, at < 6) == (TurnChange.BEGINS, True)


def test_a_soft_caller_is_heard_behind_digital_silence() -> None:
    turn = Turn()
    for _ in range(QUIET):
        turn.feed(PAUSE, 0.0)
    assert changes(turn, (SPEECH, 10), level=-34)


def test_a_television_behind_the_caller_does_not_prolong_the_utterance() -> None:
    turn = turn_after_background()
    changes(turn, (SPEECH, 30), level=-16)
    assert TurnChange.ENDS in [change for _at, change in changes(turn, (SPEECH, 30), level=-35)]


def test_a_television_that_was_there_before_the_caller_does_not_prolong_the_utterance() -> None:
    """The television is 10 dB softer than the caller, and goes on when the caller has finished."""
    turn = Turn()
    for _ in range(QUIET):
        turn.feed(SPEECH, power(-36))
    changes(turn, (SPEECH, 30), level=-26)
    assert TurnChange.ENDS in [change for _at, change in changes(turn, (SPEECH, 30), level=-36)]


def test_a_television_that_was_there_at_the_question_before_is_no_utterance() -> None:
    """The television is as loud as a caller who speaks from the first moment, but its level is known."""
    television = turn_after_background(-24)
    again = Turn(television.background)
    assert not changes(again, (SPEECH, 100), level=-24)
    assert changes(Turn(), (SPEECH, 10), level=-24), "otherwise the television would be taken for the caller"


def test_before_a_loud_television_the_callers_softer_words_belong_to_the_utterance() -> None:
    turn = Turn()
    for _ in range(QUIET):
        turn.feed(SPEECH, power(-31))
    changes(turn, (SPEECH, 30), level=-25)
    assert not changes(turn, (SPEECH, 30), level=-30)


def test_soft_words_of_a_soft_caller_belong_to_the_utterance() -> None:
    """A caller at -35 dBov, as soft as the bench's softest, on a quiet line."""
    turn = turn_after_background()
    changes(turn, (SPEECH, 30), level=-33)
    assert not changes(turn, (SPEECH, 30), level=-42)


def test_soft_words_at_the_end_belong_to_the_utterance() -> None:
    turn = turn_after_background()
    changes(turn, (SPEECH, 30), level=-20)
    assert not changes(turn, (SPEECH, 30), level=-32)


def test_endless_speech_ends_after_eight_seconds() -> None:
    ends = [at for at, change in changes(turn_after_background(), (SPEECH, 600)) if change is TurnChange.ENDS]
    assert ends[0] * 0.032 == pytest.approx(8, abs=0.1)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("公积金提取", ("公积金", "提取")),
        ("公积", ("公", "积")),
        ("公积金，提取！", ("公积金", "提取")),
        ("郴州", None),
        ("의료보험 카드", ("의료보험", "카드")),
        ("", ()),
    ],
)
def test_a_phrase_is_split_into_the_fewest_known_words(phrase: str, expected: tuple[str, ...] | None) -> None:
    known = {"公积金", "提取", "公", "积", "金", "提", "取", "의료보험", "카드"}
    assert words.split(phrase, known.__contains__) == expected


@pytest.mark.parametrize("hertz", [300, 1000, 3400])
def test_resampling_for_the_models_adds_no_mirror_frequency(hertz: int) -> None:
    tone = np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE) * 16000
    resampled = for_models(samples(tone.astype("<i2").tobytes()))
    assert len(resampled) == MODEL_RATE
    spectrum = np.abs(np.fft.rfft(resampled[200:] * np.hanning(len(resampled) - 200)))
    peak = int(spectrum.argmax())
    assert peak * MODEL_RATE / (len(resampled) - 200) == pytest.approx(hertz, abs=2)
    mirrored = spectrum[peak + 50 :].max() / spectrum[peak]
    assert 20 * math.log10(mirrored) < -40


def test_half_a_sample_is_dropped() -> None:
    assert samples(b"\x00\x40\x01").tolist() == [0.5]


def test_a_recording_of_any_rate_becomes_telephone_sound() -> None:
    tone = (np.sin(2 * np.pi * 1000 * np.arange(22050) / 22050) * 10000).astype(np.int16)
    recording = np.frombuffer(telephone(tone, 22050), "<i2")
    assert len(recording) == RATE
    assert int(np.abs(np.fft.rfft(recording)).argmax()) == 1000
    assert telephone(tone[:0], 22050) == b""


def test_the_spectrogram_of_silence_is_even_and_a_tone_stands_out() -> None:
    assert np.ptp(mel.log_mel_spectrogram(np.zeros(1600, np.float32), 600)) < 1e-6
    tone = np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000).astype(np.float32)
    spectrogram = mel.log_mel_spectrogram(tone, 600)
    assert spectrogram.shape == (80, 600)
    assert len(set(spectrogram[:, 10:90].argmax(axis=0))) == 1
    assert spectrogram[:, 200:].max() == spectrogram.min()


@given(st.sampled_from(MessageKind), st.integers(0, 2**32 - 1), st.binary(max_size=100))
def test_a_message_is_read_as_it_was_written(kind: MessageKind, caller: int, payload: bytes) -> None:
    packed = WireMessage(kind, caller, payload).packed()
    assert wire.header(packed[: wire.HEADER]) == (kind, caller, len(payload))
    assert packed[wire.HEADER :] == payload


@pytest.mark.parametrize("data", [b"\xff" * 9, b"\x00" * 9, b"\x01" + b"\xff" * 8])
def test_text_that_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"no message|not a valid"):
        wire.header(data)


def test_vocabularies_and_utterances_are_read_as_they_were_written() -> None:
    vocabulary, heard = Vocabulary("main", ("护照", '"')), RecognizedUtterance("护照", 0.5, 0.1, "社保", -2.5)
    assert wire.payload_listen(wire.listen_payload(vocabulary, PLAYED, 7)) == (vocabulary, PLAYED, 7)
    assert wire.payload_heard(wire.heard_payload(heard)) == heard
