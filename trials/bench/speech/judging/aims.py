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
    limit: str
    measured: str
    met: bool


def aims(results: Sequence[Result], one_at_a_time: Sequence[Result] = (), failed: int = 0) -> list[Aim]:
    """Compare the results with the aims, on the proof and the open set only.

    An aim without calls is left out.

    Args:
        results: the results of all calls, many of them at once.
        one_at_a_time: the results of calls that were placed one at a time.
        failed: the number of failed calls.
    """
    proof = [call for call in results if call.trial.set_name == PROOF]
    everyday = [call for call in results if call.trial.set_name == OPEN]
    clean = [call for call in proof if call.trial.condition == CLEAN]
    noisy = matters(call for call in proof if call.trial.condition in TEN)
    cries = [call for call in clean if call.utterance.kind is SampleKind.EMERGENCY]
    rest = [call for call in (*proof, *everyday) if call.utterance.kind is not SampleKind.EMERGENCY]
    by_call = share(rest, lambda call: call.judgement.false_alarm is AlarmWay.CALL)
    by_question = share(rest, lambda call: call.judgement.false_alarm is AlarmWay.QUESTION)
    late = percentile(delays(one_at_a_time), 0.95)
    compared = [
        _at_least("proof, clean: understood, at once or after a question", share(matters(clean), is_understood), 0.9),
        _at_most("proof, clean: led to something else", share(matters(clean), is_wrong), 0.01),
        _at_most("proof, clean: asked needlessly", share(matters(clean), lambda call: call.judgement.needless), 0.1),
        _at_least("proof, noise at 10 dB: understood", share(noisy, is_understood), 0.8),
        _at_most("proof, noise at 10 dB: led to something else", share(noisy, is_wrong), 0.015),
        _evenly(matters(clean)),
        _at_most("open: sent to a line", share(everyday, lambda call: call.is_sent), 0.01),
        _at_most("open: asked about a line", share(everyday, lambda call: call.judgement.asked), 0.05),
        _at_least("proof, clean: cries for help served", share(cries, is_understood), 0.95),
        _at_most("false alarms by call, of everything else", by_call, 0.0),
        _at_most("false alarms by question, of everything else", by_question, 0.005),
        None if math.isnan(late) else Aim(
            "end of speech to decision, one call at a time, p95", "≤ 600 ms", in_ms(late), late <= 0.6
        ),
        _at_most("calls that failed: no packet, or no recogniser", Share(failed, failed + len(results)), 0.01),
    ]  # fmt: skip
    return [aim for aim in compared if aim is not None]


def matters(results: Iterable[Result]) -> list[Result]:
    """Return the results of utterances that name a target of the menu."""
    return [call for call in results if call.utterance.kind in MATTERS]


def delays(results: Iterable[Result]) -> list[float]:
    """Return the seconds from the end of speech to the decision, if nothing else was being decided.

    Hands-free phones are left out, because the room goes on sounding.
    """
    known = [call for call in results if call.is_alone and not call.trial.condition.hands_free]
    return [call.delay for call in known if call.delay is not None and call.delay >= 0]


def in_ms(seconds: float) -> str:
    """Return seconds as text; nan if nothing was measured."""
    return "–" if math.isnan(seconds) else f"{1000 * seconds:.0f} ms"


def is_interrupted(call: Result) -> bool:
    """Return whether the decision came before the caller had finished."""
    return call.delay is not None and call.delay < 0


def _at_least(name: str, measured: Share, limit: float) -> Aim | None:
    return Aim(name, f"≥ {100 * limit:g} %", str(measured), measured.value >= limit) if measured.total else None


def _at_most(name: str, measured: Share, limit: float) -> Aim | None:
    return (
        Aim(name, f"≤ {100 * limit:g} %" if limit else "0", str(measured), measured.value <= limit)
        if measured.total
        else None
    )


def _evenly(results: Sequence[Result]) -> Aim | None:
    early = share((call for call in results if call.trial.moment in EARLY), is_understood)
    late = share((call for call in results if call.trial.moment not in EARLY), is_understood)
    if not (early.total and late.total):
        return None
    low, high = difference(early, late)
    measured = f"{100 * (early.value - late.value):+.1f} % ({100 * low:+.1f} to {100 * high:+.1f})"
    return Aim(
        "proof, clean: understood early less understood late in a call",
        "0 within the interval",
        measured,
        low <= 0 <= high,
    )
