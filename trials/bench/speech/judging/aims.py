"""The aims of the bench, and whether they are met. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trials.bench.speech.calls.moments import EARLY
from trials.bench.speech.corpus.sets import MATTERS, OPEN, PROOF, SampleKind
from trials.bench.speech.judging.intervals import Share, difference, percentile
from trials.bench.speech.judging.judge import AlarmWay
from trials.bench.speech.judging.results import Result, is_understood, is_wrong, share
from trials.bench.speech.telephone.conditions import CLEAN, TEN


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim."""

    name: str
    wanted: str
    got: str
    met: bool


def aims(results: Sequence[Result], one_at_a_time: Sequence[Result] = (), failed: int = 0) -> list[Aim]:
    """Compare with what is aimed at: on the proof and the open set only. An aim that no call tells about is left out.

    Args:
        results: of all calls, many of them at once.
        one_at_a_time: of calls of which each had the machine alone.
        failed: calls that came to nothing.
    """
    proof = [one for one in results if one.trial.set_name == PROOF]
    everyday = [one for one in results if one.trial.set_name == OPEN]
    clean = [one for one in proof if one.trial.condition == CLEAN]
    noisy = matters(one for one in proof if one.trial.condition in TEN)
    cries = [one for one in clean if one.utterance.kind is SampleKind.EMERGENCY]
    rest = [one for one in (*proof, *everyday) if one.utterance.kind is not SampleKind.EMERGENCY]
    by_call = share(rest, lambda one: one.judgement.false_alarm is AlarmWay.CALL)
    by_question = share(rest, lambda one: one.judgement.false_alarm is AlarmWay.QUESTION)
    late = percentile(delays(one_at_a_time), 0.95)
    compared = [
        _least("proof, clean: understood, at once or after a question", share(matters(clean), is_understood), 0.9),
        _most("proof, clean: led to something else", share(matters(clean), is_wrong), 0.01),
        _most("proof, clean: asked needlessly", share(matters(clean), lambda one: one.judgement.needless), 0.1),
        _least("proof, noise at 10 dB: understood", share(noisy, is_understood), 0.8),
        _most("proof, noise at 10 dB: led to something else", share(noisy, is_wrong), 0.015),
        _evenly(matters(clean)),
        _most("open: sent to a line", share(everyday, lambda one: one.is_sent), 0.01),
        _most("open: asked about a line", share(everyday, lambda one: one.judgement.asked), 0.05),
        _least("proof, clean: cries for help served", share(cries, is_understood), 0.95),
        _most("false alarms by call, of everything else", by_call, 0.0),
        _most("false alarms by question, of everything else", by_question, 0.005),
        None if math.isnan(late) else Aim(
            "end of speech to decision, one call at a time, p95", "≤ 600 ms", in_ms(late), late <= 0.6
        ),
        _most("calls that failed: no packet, or no recogniser", Share(failed, failed + len(results)), 0.01),
    ]  # fmt: skip
    return [aim for aim in compared if aim is not None]


def matters(results: Iterable[Result]) -> list[Result]:
    """Return what callers want of a menu."""
    return [one for one in results if one.utterance.kind in MATTERS]


def delays(results: Iterable[Result]) -> list[float]:
    """Return the seconds from the end of speech to the decision, if nothing else was being decided.

    Of a hands-free phone nothing is known, because the room goes on sounding.
    """
    known = [one for one in results if one.is_alone and not one.trial.condition.hands_free]
    return [one.delay for one in known if one.delay is not None and one.delay >= 0]


def in_ms(seconds: float) -> str:
    """Return seconds as text; nan if nothing was measured."""
    return "–" if math.isnan(seconds) else f"{1000 * seconds:.0f} ms"


def is_interrupted(one: Result) -> bool:
    """Whether the decision fell before the caller had finished."""
    return one.delay is not None and one.delay < 0


def _least(name: str, got: Share, wanted: float) -> Aim | None:
    return Aim(name, f"≥ {100 * wanted:g} %", str(got), got.value >= wanted) if got.total else None


def _most(name: str, got: Share, wanted: float) -> Aim | None:
    return Aim(name, f"≤ {100 * wanted:g} %" if wanted else "0", str(got), got.value <= wanted) if got.total else None


def _evenly(results: Sequence[Result]) -> Aim | None:
    early = share((one for one in results if one.trial.moment in EARLY), is_understood)
    late = share((one for one in results if one.trial.moment not in EARLY), is_understood)
    if not (early.total and late.total):
        return None
    low, high = difference(early, late)
    got = f"{100 * (early.value - late.value):+.1f} % ({100 * low:+.1f} to {100 * high:+.1f})"
    return Aim(
        "proof, clean: understood early less understood late in a call", "0 within the interval", got, low <= 0 <= high
    )
