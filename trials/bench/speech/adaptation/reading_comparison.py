"""The readings of the same sounds before and after the adaptation, compared in two tables. Pure."""

from collections.abc import Callable, Iterator, Sequence

from trials.bench.speech.adaptation.judged_reading import JudgedReading
from trials.bench.speech.adaptation.misread import MisreadSyllables, misread_difference, misread_syllables
from trials.bench.speech.corpus.sets import MATTERS, SampleKind
from trials.bench.speech.judging.intervals import Share
from trials.bench.speech.judging.judge import Verdict
from trials.bench.speech.telephone.conditions import CONDITIONS, TEN, Condition

Pair = tuple[JudgedReading, JudgedReading]  # of the same sound, before and after


def markdown(pairs: Sequence[Pair]) -> str:
    """Return the tables, for each condition; the three noises at 10 dB count as one."""
    by_condition: dict[str, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: CONDITIONS.index(pair[0].captured.condition)):
        by_condition.setdefault(_condition_name(pair[0].captured.condition), []).append(pair)
    lines = [
        "Misread syllables, with the 95 % interval of the difference, over the takes of which a sound was captured:",
        "",
        "| misread syllables | before | after | takes |",
        "|---|---|---|---|",
        *(line for name, of_condition in by_condition.items() for line in _misread_lines(name, of_condition)),
        "",
        "What the decision makes of the readings, with 95 % intervals; its calibration is the product's:",
        "",
        "| | before | after |",
        "|---|---|---|",
        *(line for name, of_condition in by_condition.items() for line in _decision_lines(name, of_condition)),
    ]
    return "\n".join(lines) + "\n"


def _condition_name(condition: Condition) -> str:
    return "noise at 10 dB" if condition in TEN else condition.name


def _misread_lines(condition: str, pairs: Sequence[Pair]) -> Iterator[str]:
    captured = [pair for pair in pairs if pair[0].captured.sound is not None]
    meant = {*MATTERS, SampleKind.EMERGENCY}
    for name, is_meant in (("matters and cries", True), ("everyday sentences, hazards, stories", False)):
        group = [pair for pair in captured if (_kind(pair[0]) in meant) is is_meant]
        counts = [(_misread(before), _misread(after)) for before, after in group]
        difference = misread_difference([before for before, _after in counts], [after for _before, after in counts])
        if difference:
            yield f"| {condition}: {name} | {difference} |"


def _misread(reading: JudgedReading) -> MisreadSyllables:
    return misread_syllables(reading.captured.take.utterance.text, reading.heard.text if reading.heard else "")


def _decision_lines(condition: str, pairs: Sequence[Pair]) -> Iterator[str]:
    for name, belongs, counts in _FIGURES:
        group = [pair for pair in pairs if belongs(pair[0])]
        if group:
            before, after = (Share(sum(counts(pair[at]) for pair in group), len(group)) for at in (0, 1))
            yield f"| {condition}: {name} | {before} | {after} |"


def _kind(reading: JudgedReading) -> SampleKind:
    return reading.captured.take.utterance.kind


def _is_cry(reading: JudgedReading) -> bool:
    return _kind(reading) is SampleKind.EMERGENCY


def _has_right_answer(reading: JudgedReading) -> bool:
    return bool(reading.captured.take.utterance.right) and not _is_cry(reading)


def _has_no_line(reading: JudgedReading) -> bool:
    return not reading.captured.take.utterance.right


def _is_understood(reading: JudgedReading) -> bool:
    return reading.judgement.understood


def _is_asked_needlessly(reading: JudgedReading) -> bool:
    return reading.judgement.needless


def _is_wrong(reading: JudgedReading) -> bool:
    return reading.judgement.verdict is Verdict.WRONG


_FIGURES: tuple[tuple[str, Callable[[JudgedReading], bool], Callable[[JudgedReading], bool]], ...] = (
    ("matters: understood", _has_right_answer, _is_understood),
    ("matters: asked needlessly", _has_right_answer, _is_asked_needlessly),
    ("matters: wrong", _has_right_answer, _is_wrong),
    ("cries: served", _is_cry, _is_understood),
    ("sentences with no line: sent to one", _has_no_line, _is_wrong),
)
