"""The likelihoods from which a call is sent, and from which the caller is asked. Pure.

A threshold has to keep the upper end of a share's 95 % interval, and not just the share itself, within the aim: other
voices and phrases than those of the tuning set will be somewhat worse. Wrong routes come before anything understood.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr.intents.decide_intent import decided
from ivr.intents.decisions import AskWhich, Confirm, Decision, Guess, Sure
from ivr.intents.likelihood import Calibration, Coefficients
from trials.bench.speech.calibration.examples import TYPED, Example
from trials.bench.speech.corpus.sets import SampleUtterance
from trials.bench.speech.judging.destinations import Destinations
from trials.bench.speech.judging.intervals import Share
from trials.bench.speech.judging.judge import Judgement, UtteranceOutcome, Verdict, Way, judge
from trials.bench.speech.telephone.conditions import CLEAN

MOST_WRONG, MOST_WRONG_IN_NOISE, MOST_SENT, MOST_ASKED = 0.01, 0.015, 0.01, 0.05
"""The aims: wrong routes of clean speech and at 10 dB; everyday sentences sent to a line, and asked about."""

ENOUGH_NEEDLESS = 0.10
"""Share of needless questions beyond which each costs half of what it gains."""

SURE = (0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.9975)
ASK = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
WHICH = (0.1, 0.2, 0.3)

Judged = Sequence[tuple[Example, tuple[Guess, ...]]]


@dataclass(frozen=True, slots=True)
class Shares:
    """The results of all examples under some thresholds."""

    at_once: Share
    understood: Share  # of what belongs somewhere: at once or after one question
    needless: Share
    wrong: Share  # of clean speech
    wrong_in_noise: Share
    sent: Share  # of everyday sentences that were spoken
    asked: Share

    @property
    def excess(self) -> float:
        """By how much the upper ends of the intervals are beyond the aims, in aims; 0 if all keep to them."""
        bounds = (
            (self.wrong, MOST_WRONG),
            (self.wrong_in_noise, MOST_WRONG_IN_NOISE),
            (self.sent, MOST_SENT),
            (self.asked, MOST_ASKED),
        )
        return sum(max(0.0, share.interval[1] / aim - 1) for share, aim in bounds if share.total)

    @property
    def value(self) -> float:
        """How good the thresholds are among those that keep to the aims."""
        beyond = max(0.0, self.needless.value - ENOUGH_NEEDLESS)
        return self.understood.value + 0.2 * self.at_once.value - 0.5 * beyond


@dataclass(frozen=True, slots=True)
class ThresholdChoice:
    """Thresholds and their results: a result for each way of leaving examples out."""

    calibration: Calibration
    found: tuple[Shares, ...]

    @property
    def excess(self) -> float:
        """The excess of the worst result."""
        return max(shares.excess for shares in self.found)

    @property
    def value(self) -> float:
        """The mean value."""
        return sum(shares.value for shares in self.found) / len(self.found)


class Judge:
    """Judges decisions under many thresholds, each outcome of an utterance once."""

    def __init__(self, leads: Destinations) -> None:
        """``leads`` has the destinations of lines and keys."""
        self._leads = leads
        self._known: dict[tuple[SampleUtterance, UtteranceOutcome], Judgement] = {}

    def shares(self, judged: Judged, calibration: Calibration) -> Shares:
        """Judge all examples under some thresholds."""
        at_once = understood = needless = clean = wrong = noisy = wrong_in_noise = other = sent = asked = 0
        for example, best in judged:
            utterance = example.reading.utterance
            if example.reading.condition == TYPED:
                continue  # nobody misheard it
            model = decided(example.reading.text, best, calibration, agree=example.agree)
            result = _outcome(example.certain or model)
            judgement = self._judged(utterance, result)
            is_wrong = judgement.verdict is Verdict.WRONG
            if not utterance.right:
                other += 1
                sent += is_wrong
                asked += result.way is Way.ASKED
                continue
            at_once += judgement.verdict is Verdict.AT_ONCE
            understood += judgement.understood
            needless += judgement.needless
            if example.reading.condition == CLEAN.name:
                clean, wrong = clean + 1, wrong + is_wrong
            else:
                noisy, wrong_in_noise = noisy + 1, wrong_in_noise + is_wrong
        belongs = clean + noisy
        return Shares(
            Share(at_once, belongs),
            Share(understood, belongs),
            Share(needless, belongs),
            Share(wrong, clean),
            Share(wrong_in_noise, noisy),
            Share(sent, other),
            Share(asked, other),
        )

    def _judged(self, utterance: SampleUtterance, outcome: UtteranceOutcome) -> Judgement:
        key = utterance, outcome
        if key not in self._known:
            self._known[key] = judge(utterance, outcome, self._leads)
        return self._known[key]


def choices(ways: Sequence[Judged], coefficients: Coefficients, judge: Judge) -> Iterator[ThresholdChoice]:
    """Yield all thresholds with their results; ``ways`` are the examples by each way of leaving examples out."""
    for sure, ask, which in itertools.product(SURE, ASK, WHICH):
        if ask <= sure:
            calibration = Calibration(coefficients, sure, ask, which)
            yield ThresholdChoice(calibration, tuple(judge.shares(judged, calibration) for judged in ways))


def best(of: Sequence[ThresholdChoice]) -> ThresholdChoice:
    """Return the thresholds of the highest value that keep to the aims; if none do, those that come closest."""
    return min(of, key=lambda choice: (round(choice.excess, 3), -choice.value))


def _outcome(decision: Decision) -> UtteranceOutcome:
    match decision:
        case Sure(target):
            return UtteranceOutcome(Way.GOES, (target.name,))
        case Confirm(target):
            return UtteranceOutcome(Way.ASKED, (target.name,))
        case AskWhich(first, other):
            return UtteranceOutcome(Way.ASKED, (first.name, other.name))
    return UtteranceOutcome(Way.AGENT)
