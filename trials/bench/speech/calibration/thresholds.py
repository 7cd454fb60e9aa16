"""The likelihoods from which a call is sent, and from which the caller is asked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.intents.decide_intent import decided
from ivr.intents.decisions import AskWhich, Confirm, Decision, Guess, Sure
from ivr.intents.likelihood import Calibration, Coefficients
from trials.bench.speech.calibration.examples import Example
from trials.bench.speech.corpus.sets import SampleUtterance
from trials.bench.speech.judging.destinations import Destinations
from trials.bench.speech.judging.judge import Judgement, UtteranceOutcome, Verdict, Way, judge

MOST_WRONG, MOST_OPEN, MOST_OPEN_ASKED = 0.008, 0.008, 0.04
"""Shares that the thresholds have to keep to, below the aims: other voices and phrases will be somewhat worse."""

ENOUGH_NEEDLESS = 0.10
"""Share of needless questions beyond which each costs half of what it gains."""

Judged = Sequence[tuple[Example, tuple[Guess, ...]]]


@dataclass(frozen=True, slots=True)
class Shares:
    """The results of all examples under some thresholds."""

    at_once: float
    understood: float  # of what belongs somewhere: at once or after one question
    wrong: float
    needless: float
    open_sent: float  # of what belongs nowhere
    open_asked: float

    def __str__(self) -> str:
        of_lines = f"at once {self.at_once:.1%}, understood {self.understood:.1%}, wrong {self.wrong:.1%}"
        of_open = f"open: sent {self.open_sent:.1%}, asked {self.open_asked:.1%}"
        return f"{of_lines}, asked needlessly {self.needless:.1%}; {of_open}"

    @property
    def good(self) -> bool:
        """Whether the shares keep to what is allowed."""
        sent, asked = self.open_sent <= MOST_OPEN, self.open_asked <= MOST_OPEN_ASKED
        return self.wrong <= MOST_WRONG and sent and asked

    @property
    def value(self) -> float:
        """How good the thresholds are among those that keep to it."""
        return self.understood + 0.2 * self.at_once - 0.5 * max(0.0, self.needless - ENOUGH_NEEDLESS)


class Judge:
    """Judges decisions under many thresholds, each outcome of an utterance once."""

    def __init__(self, leads: Destinations) -> None:
        """Know where lines and keys lead."""
        self._leads = leads
        self._known: dict[tuple[SampleUtterance, UtteranceOutcome], Judgement] = {}

    def shares(self, judged: Judged, calibration: Calibration) -> Shares:
        """Judge all examples under some thresholds."""
        counted, needless, belongs = dict.fromkeys(Verdict, 0), 0, 0
        other, sent, asked = 0, 0, 0
        for example, best in judged:
            utterance = example.reading.utterance
            model = decided(example.reading.text, best, calibration, agree=example.agree)
            result = _outcome(example.certain or model)
            judgement = self._judged(utterance, result)
            if utterance.right:
                belongs += 1
                counted[judgement.verdict] += 1
                needless += judgement.needless
            else:
                other += 1
                sent += judgement.verdict is Verdict.WRONG
                asked += result.way is Way.ASKED
        at_once, belongs, other = counted[Verdict.AT_ONCE], max(1, belongs), max(1, other)
        return Shares(
            at_once / belongs,
            (at_once + counted[Verdict.AFTER_QUESTION]) / belongs,
            counted[Verdict.WRONG] / belongs,
            needless / belongs,
            sent / other,
            asked / other,
        )

    def _judged(self, utterance: SampleUtterance, outcome: UtteranceOutcome) -> Judgement:
        key = utterance, outcome
        if key not in self._known:
            self._known[key] = judge(utterance, outcome, self._leads)
        return self._known[key]


def best_thresholds(judged: Judged, coefficients: Coefficients, judge: Judge) -> tuple[Calibration, Shares]:
    """Return the thresholds that keep to what is allowed and have the highest value, and what comes of them.

    Raises:
        ValueError: no thresholds keep to it.
    """
    best: tuple[Calibration, Shares] | None = None
    for sure in np.arange(0.5, 0.99, 0.02):
        for ask in np.arange(0.2, min(float(sure), 0.8) + 1e-9, 0.05):
            for which in (0.1, 0.15, 0.2, 0.25, 0.3):
                calibration = Calibration(coefficients, round(float(sure), 2), round(float(ask), 2), which)
                found = judge.shares(judged, calibration)
                if found.good and (best is None or found.value > best[1].value):
                    best = calibration, found
    if best is None:
        raise ValueError("no thresholds keep to MOST_WRONG, MOST_OPEN and MOST_OPEN_ASKED")
    return best


def _outcome(decision: Decision) -> UtteranceOutcome:
    match decision:
        case Sure(target):
            return UtteranceOutcome(Way.GOES, (target.name,))
        case Confirm(target):
            return UtteranceOutcome(Way.ASKED, (target.name,))
        case AskWhich(first, other):
            return UtteranceOutcome(Way.ASKED, (first.name, other.name))
    return UtteranceOutcome(Way.AGENT)
