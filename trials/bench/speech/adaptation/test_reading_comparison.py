"""The tables count what the speech bench counts, before and after the adaptation."""

import numpy as np

from ivr.speech.recognizer import RecognizedUtterance
from trials.bench.speech.adaptation.captured_sounds import CapturedSound
from trials.bench.speech.adaptation.judged_reading import JudgedReading
from trials.bench.speech.adaptation.reading_comparison import Pair, markdown
from trials.bench.speech.corpus.sets import SampleKind, SampleUtterance, Voice
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.judging.judge import Judgement, Verdict
from trials.bench.speech.telephone.conditions import CLEAN, TEN, Condition

WAGES = SampleUtterance("老板不发工资", SampleKind.LINE, ("12333",))
FIRE = SampleUtterance("着火了", SampleKind.EMERGENCY, ("119",))
SONG = SampleUtterance("床前明月光", SampleKind.NONE, ())
RIGHT, UNKNOWN = Judgement(Verdict.AT_ONCE), Judgement(Verdict.NOT_UNDERSTOOD)
ASKED, WRONG = Judgement(Verdict.AFTER_QUESTION, asked=True, needless=True), Judgement(Verdict.WRONG)


def pair(utterance: SampleUtterance, condition: Condition, *read: tuple[str, Judgement]) -> Pair:
    """Return the readings of a sound before and after; of a sound that was not captured if there is no text."""
    sound = np.zeros(8, np.int16) if any(text for text, _judgement in read) else None
    captured = CapturedSound(Take(utterance, Voice("lan", ()), 1.0), condition, sound, is_whole=True)
    before, after = (
        JudgedReading(captured, RecognizedUtterance(text, 0.9, 0.1) if text else None, judgement)
        for text, judgement in read
    )
    return before, after


def test_the_tables() -> None:
    rows = markdown(
        [
            pair(WAGES, TEN[0], ("老板不发", UNKNOWN), ("老板不发工资", RIGHT)),
            pair(WAGES, TEN[1], ("", UNKNOWN), ("", UNKNOWN)),
            pair(WAGES, CLEAN, ("老板不发工资", RIGHT), ("老板不发工资", ASKED)),
            pair(FIRE, CLEAN, ("着火", UNKNOWN), ("着火了", ASKED)),
            pair(SONG, CLEAN, ("床前明月光", RIGHT), ("床前名额光", WRONG)),
        ]
    ).splitlines()
    assert "| clean: matters and cries | 11.1 % | 0.0 % (−33.3 to +0.0) | 2 |" in rows
    assert "| clean: everyday sentences, hazards, stories | 0.0 % | 20.0 % (+20.0 to +20.0) | 1 |" in rows
    assert "| noise at 10 dB: matters and cries | 33.3 % | 0.0 % (−33.3 to −33.3) | 1 |" in rows  # one was not captured
    decided = [row.strip("| ").split(" | ") for row in rows[rows.index("| | before | after |") + 2 :]]
    shown = {name: (before.partition(" (")[0], after.partition(" (")[0]) for name, before, after in decided}
    assert shown["clean: matters: understood"] == ("100.0 %", "100.0 %")
    assert shown["clean: matters: asked needlessly"] == ("0.0 %", "100.0 %")
    assert shown["clean: matters: wrong"] == ("0.0 %", "0.0 %")
    assert shown["clean: cries: served"] == ("0.0 %", "100.0 %")
    assert shown["clean: sentences with no line: sent to one"] == ("0.0 %", "100.0 %")
    assert shown["noise at 10 dB: matters: understood"] == ("0.0 %", "50.0 %")  # of both noises together
