"""The page about the calibration: the choice, and the results of other thresholds. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ivr.intents.candidates import Candidates
from trials.bench.speech.calibration.cries import CryCalibrated, CryChoice
from trials.bench.speech.calibration.examples import right_names
from trials.bench.speech.calibration.readings import Reading
from trials.bench.speech.calibration.thresholds import Judged, ThresholdChoice
from trials.bench.speech.judging.intervals import Share

_TITLES = ("By sound and meaning", "By sound alone, without the sentence encoder")
_SHOWN = 4  # other choices are shown up to so many times the questions of the choice
_HEAD = """# Thresholds of speech recognition

Written by `python -m trials.bench.speech.calibration READINGS… --write`, from readings of the tuning set alone, as
`make bench-speech ARGS="--offline --output READINGS"` writes them. [speech.md](speech.md) says what the figures mean.

Each reading was judged by coefficients that were fitted without its topic (all texts for the same target; everyday
sentences and cries for help that are close in meaning), and by coefficients that were fitted without its voice. Small
talk that nobody spoke is learnt from, and is not counted; a sentence is not compared with the small talk of its topic.
Thresholds are chosen so that the upper end of the 95 % interval (Wilson) of each of these shares keeps to its aim, by
topic and by voice: wrong routes ≤ 1 % of clean speech and ≤ 1.5 % at 10 dB; everyday sentences sent to a line ≤ 1 %,
asked about one ≤ 5 %. Whether help is needed may be asked of 0.5 % of everything but cries for help; there the share
itself counts, because a cry that is missed costs more than a question. Among the thresholds that do, those that
understand most were taken. From the confidence “sure” on a call goes to the line; from “asked” on the caller is asked.
Intervals of few readings are wide: with none of 380 wrong, the upper end is 1 %.
"""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The choice, all other choices, and the lines of the reliability table."""

    chosen: ThresholdChoice
    choices: tuple[ThresholdChoice, ...]
    reliability: tuple[str, ...]


def reliability(judged: Judged, candidates: Candidates) -> Iterator[str]:
    """Yield a row for each range of confidence: the share of best guesses in it that were right."""
    edges = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
    for low, high in pairwise(edges):
        right = [
            candidates.leads_to(best[0].target).name in right_names(example.reading, candidates)
            for example, best in judged
            if best and low <= best[0].confidence < high + (high == 1.0)
        ]
        yield f"| {low:g} to {high:g} | {Share(sum(right), len(right))} |"


def markdown(readings: Sequence[Reading], found: Sequence[Calibrated], cries: Sequence[CryCalibrated]) -> str:
    """Return the page."""
    return "\n".join([*_lines(readings, found, cries), ""])


def _lines(readings: Sequence[Reading], found: Sequence[Calibrated], cries: Sequence[CryCalibrated]) -> Iterator[str]:
    yield _HEAD
    conditions = Counter(reading.condition for reading in readings)
    yield "Readings: " + ", ".join(f"{name} {count}" for name, count in conditions.items()) + "."
    for title, calibrated, cry in zip(_TITLES, found, cries, strict=True):
        yield f"\n## {title}\n"
        yield from _chosen(calibrated.chosen)
        yield "\n### What other thresholds come to\n"
        yield from _others(calibrated)
        yield "\n### How far a confidence is to be believed\n"
        yield from ("| confidence | right, by topic |", "|---|---|", *calibrated.reliability)
        yield "\n### Cries for help\n"
        yield from _cries(cry)


def _chosen(choice: ThresholdChoice) -> Iterator[str]:
    calibration = choice.calibration
    kept = "keeps to all aims" if not choice.excess else "no thresholds keep to all aims; these come closest"
    thresholds = f"Sure from {calibration.sure:g}, asked from {calibration.ask:g}, about two from {calibration.which:g}"
    yield f"{thresholds}: {kept}.\n"
    yield from ("| | by topic | by voice |", "|---|---|---|")
    for name, title in (
        ("wrong", "wrong, clean"),
        ("wrong_in_noise", "wrong, at 10 dB"),
        ("sent", "everyday sentences: sent to a line"),
        ("asked", "everyday sentences: asked about a line"),
        ("understood", "understood, at once or after a question"),
        ("at_once", "... at once"),
        ("needless", "asked needlessly"),
    ):
        yield f"| {title} | " + " | ".join(str(getattr(shares, name)) for shares in choice.found) + " |"


def _others(calibrated: Calibrated) -> Iterator[str]:
    chosen = calibrated.chosen.calibration
    yield "By topic; in bold what was chosen.\n"
    columns = ("wrong, clean", "wrong, 10 dB", "everyday: sent", "everyday: asked", "understood", "needlessly asked")
    yield "| sure | asked | " + " | ".join(columns) + " | keeps to the aims |"
    yield "|---" * (len(columns) + 3) + "|"
    for choice in calibrated.choices:
        calibration = choice.calibration
        if calibration.which != chosen.which or (calibration.sure != chosen.sure and calibration.ask != chosen.ask):
            continue
        shares = choice.found[0]
        figures = (shares.wrong, shares.wrong_in_noise, shares.sent, shares.asked, shares.understood, shares.needless)
        bold = "**" if calibration == chosen else ""
        row = (f"{bold}{calibration.sure:g}{bold}", f"{bold}{calibration.ask:g}{bold}", *map(_short, figures))
        yield "| " + " | ".join(row) + f" | {'yes' if not choice.excess else 'no'} |"


def _cries(calibrated: CryCalibrated) -> Iterator[str]:
    chosen = calibrated.chosen
    yield f"Asked from a likelihood of {chosen.ask:g}, or from {chosen.cried:g} nats of evidence."
    yield f"Services called without a cry: {chosen.called}.\n"
    yield "| likelihood | nats | served, by topic | served, by voice | everything else asked, by topic | by voice |"
    yield "|---|---|---|---|---|---|"
    for choice in _best_of_each(calibrated):
        bold = "**" if choice == chosen else ""
        shares = (*choice.served, *choice.asked)
        yield f"| {bold}{choice.ask:g}{bold} | {bold}{choice.cried:g}{bold} | " + " | ".join(map(str, shares)) + " |"


def _best_of_each(calibrated: CryCalibrated) -> Iterator[CryChoice]:
    """Yield the choice, and the choices that serve more cries than any other choice with as few other questions."""
    chosen, served = calibrated.chosen, -1.0
    ordered = sorted(calibrated.choices, key=lambda choice: (_most_asked(choice), -choice.value))
    for choice in ordered:
        if choice == chosen or (choice.value > served and _most_asked(choice) <= _SHOWN * (_most_asked(chosen) + 1)):
            served = max(served, choice.value)
            yield choice


def _most_asked(choice: CryChoice) -> int:
    return max(share.count for share in choice.asked)


def _short(share: Share) -> str:
    low, high = share.interval
    return f"{100 * share.value:.1f} % ({100 * low:.1f}–{100 * high:.1f})" if share.total else "–"
