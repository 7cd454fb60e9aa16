"""The page docs/speech-bench.md. Pure but for `machine`."""

import os
import platform
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from ivr.runtime import asterisk
from trials.bench.speech.calls.calls_at_once import CallsAtOnce
from trials.bench.speech.calls.moments import MOMENTS
from trials.bench.speech.corpus.sets import MATTERS, OPEN, PROOF, TUNING, SampleKind, UtteranceForm, cast
from trials.bench.speech.judging.aims import aims, delays, in_ms, is_interrupted, matters
from trials.bench.speech.judging.intervals import percentile
from trials.bench.speech.judging.judge import Verdict
from trials.bench.speech.judging.results import Result, is_understood, is_wrong, share
from trials.bench.speech.telephone.conditions import CLEAN, CONDITIONS

_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)  # of a recogniser's score
_SHOWN = 60  # utterances that went wrong, or were not understood


@dataclass(slots=True)
class Measurements:
    """The figures of one run of the bench."""

    machine: str
    recognizer: str
    results: list[Result] = field(default_factory=list)
    one_at_a_time: list[Result] = field(default_factory=list)  # of calls that were placed one at a time
    failed: list[str] = field(default_factory=list)  # the reason of each failed call
    sample: tuple[str, int] | None = None  # if only a part of the calls is placed: the arguments, and all calls
    load: CallsAtOnce | None = None
    minutes: float = 0.0
    other_load: float = 0.0  # cores that were kept busy by anything else on the machine
    late: float = 0.0  # seconds by which the phones' packets were late, at most


def machine() -> str:
    """Return the machine of the measurement, and its load before."""
    lines = (line.partition(":") for line in Path("/proc/cpuinfo").read_text().splitlines())
    cpu = next((value.strip() for name, _colon, value in lines if name.strip() == "model name"), platform.machine())
    version = asterisk.find().version.partition("+")[0]
    return (
        f"{datetime.now():%Y-%m-%d %H:%M}, {len(os.sched_getaffinity(0))} cores of {cpu}, "
        f"load {os.getloadavg()[0]:.1f} before; Asterisk {version}, Python {platform.python_version()}"
    )


def markdown(bench: Measurements) -> str:
    """Return the page."""
    return "\n".join(_page(bench)) + "\n"


def _page(bench: Measurements) -> Iterator[str]:
    results = bench.results
    yield "# How well callers are heard"
    yield ""
    yield "Written by `make bench-speech`; what the figures mean, and what they do not, is in [speech.md](speech.md)."
    yield "**All voices, noises, rooms and lines are synthetic.** People, dialects and real lines were not measured."
    yield ""
    if bench.sample:
        arguments, all_calls = bench.sample
        command = f'`make bench-speech ARGS="{arguments}"`'
        yield f"**A sample: {command}, a part of the bench's {all_calls} calls.**"
        yield "The intervals say how little a sample settles."
        yield ""
    yield f"Recogniser **{bench.recognizer}**. {bench.machine}."
    yield ""
    yield f"{len(results)} calls in {bench.minutes:.0f} minutes. Asterisk, recognisers, phones and bench"
    yield "shared the cores."
    yield f"Everything else on the machine kept {bench.other_load:.2f} cores busy."
    if load := bench.load:
        yield f"Calls at once: {load.first} at first, {load.at_once} at the end. Calls placed again, because"
        yield f"the machine was too slow for them: {load.again}."
    yield f"The phones' packets were {1000 * bench.late:.0f} ms late at most."
    yield ""
    yield "Shares stand with their 95 % intervals (Wilson)."
    yield ""
    compared = aims(results, bench.one_at_a_time, len(bench.failed))
    yield f"**Aims missed: {sum(not aim.met for aim in compared)} of {len(compared)}.** The reasons are in"
    yield "[speech.md](speech.md#aims-that-are-missed)."
    yield ""
    yield from _table(
        ["aim", "wanted", "measured", ""],
        [[aim.name, aim.limit, aim.measured, "✓" if aim.met else "**missed**"] for aim in compared],
    )
    yield from _section("Proof beside tuning: what was learnt by heart", _beside(results))
    proof = _of(results, PROOF)
    clean = [call for call in proof if call.trial.condition == CLEAN]
    columns = ["", "understood", "at once", "wrong", "asked needlessly"]
    yield from _section("By condition", _table(columns, _rows(
        matters(proof), [c.name for c in CONDITIONS], lambda call: call.trial.condition.name
    )))  # fmt: skip
    yield from _section("By moment of the call, clean", _table(columns, _rows(
        matters(clean), [str(moment) for moment in MOMENTS], lambda call: str(call.trial.moment)
    )))  # fmt: skip
    yield from _section("By voice, clean", _table(columns, _rows(
        matters(clean), [voice.name for voice in cast(PROOF)], lambda call: call.trial.take.voice.name
    )))  # fmt: skip
    yield "cast.yaml says what each voice is made of. ling and de are of a synthesizer that the tuning set never used."
    yield from _section("By form and speed, clean", _table(columns, [
        *_rows(matters(clean), [str(form) for form in UtteranceForm], lambda call: str(call.utterance.form)),
        *_rows(matters(clean), ["0.85", "1.0", "1.2"], lambda call: str(call.trial.take.speed)),
    ]))  # fmt: skip
    yield from _section("Cries for help, hazards, answers, clean", _table(
        ["", "right", "wrong"],
        [[str(kind), str(share(of, is_understood)), str(share(of, is_wrong))] for kind in SampleKind
         if kind not in MATTERS and (of := [call for call in clean if call.utterance.kind is kind])],
    ))  # fmt: skip
    yield from _section("Everyday sentences", _table(
        ["", "sent to a line", "asked about a line"],
        [[name, str(share(of, lambda call: call.is_sent)), str(share(of, lambda call: call.judgement.asked))]
         for name in [c.name for c in CONDITIONS]
         if (of := [call for call in _of(results, OPEN) if call.trial.condition.name == name])],
    ))  # fmt: skip
    yield from _section("How far a confidence is to be believed", _reliability(matters(proof)))
    yield from _section("How quick", _quick(results, bench.one_at_a_time))
    yield from _section("Calls that failed", _failed(bench.failed))
    learnt = [call for call in _of(results, TUNING) if call.trial.condition == CLEAN]
    yield from _section("What went wrong, and what was not understood, of the tuning set", _misses(learnt))


def _of(results: Sequence[Result], name: str) -> list[Result]:
    return [call for call in results if call.trial.set_name == name]


def _beside(results: Sequence[Result]) -> Iterator[str]:
    columns = [[call for call in _of(results, name) if call.trial.condition == CLEAN] for name in (PROOF, TUNING)]
    rows: list[list[str]] = []
    for name, has_property in (
        ("understood", is_understood),
        ("... at once", _at_once),
        ("wrong", is_wrong),
        ("asked needlessly", _is_needless),
    ):
        rows.append([name, *(str(share(matters(column), has_property)) for column in columns)])
    cries = [[call for call in column if call.utterance.kind is SampleKind.EMERGENCY] for column in columns]
    rows.append(["cries for help served", *(str(share(column, is_understood)) for column in cries)])
    yield from _table(["clean", "proof", "tuning"], rows)


def _rows(results: Sequence[Result], names: Sequence[str], name_of: Callable[[Result], str]) -> Iterator[list[str]]:
    for name in names:
        if found := [call for call in results if name_of(call) == name]:
            measured = (
                share(found, has_property) for has_property in (is_understood, _at_once, is_wrong, _is_needless)
            )
            yield [name, *(str(figure) for figure in measured)]


def _at_once(call: Result) -> bool:
    return call.judgement.verdict is Verdict.AT_ONCE


def _is_needless(call: Result) -> bool:
    return call.judgement.needless


def _reliability(results: Sequence[Result]) -> Iterator[str]:
    rows = []
    for low, high in pairwise(_BINS):
        found = [call for call in results if call.text and low <= call.score and (call.score < high or high == 1.0)]
        went = [call for call in found if call.goes]
        right = share(went, lambda call: not is_wrong(call))
        rows.append([f"{low:g} to {high:g}", str(len(found)), str(right)])
    yield from _table(["confidence", "heard", "right, of those who were led somewhere"], rows)


def _quick(results: Sequence[Result], one_at_a_time: Sequence[Result]) -> Iterator[str]:
    groups = [("one call at a time", list(one_at_a_time)), ("many calls at once", list(results))]
    groups += [
        (f"... {verdict}", [call for call in results if call.judgement.verdict is verdict]) for verdict in Verdict
    ]
    rows = [
        [name, in_ms(percentile(delays(found), 0.5)), in_ms(percentile(delays(found), 0.95)), str(len(delays(found)))]
        for name, found in groups
    ]
    yield from _table(["end of speech to decision", "p50", "p95", "of"], rows)
    yield ""
    yield "One call at a time: callers of the tuning set, in the opening. A recogniser has one thread, so that the"
    yield "caller has one core. Many calls at once: Asterisk, recognisers, phones and bench share the cores."
    yield "Only utterances beside which no other utterance was being decided, and that were heard to their end."
    yield f"Decided before the caller had finished: {share(results, is_interrupted)}."


def _failed(failed: Sequence[str]) -> Iterator[str]:
    yield ", ".join(f"{reason}: {count}" for reason, count in Counter(failed).items()) or "None."


def _misses(clean: Sequence[Result]) -> Iterator[str]:
    """Yield single failures: of the tuning set alone, because nothing may be learnt from those of the others."""
    wrong = [call for call in clean if is_wrong(call)]
    missed = [call for call in clean if call.judgement.verdict is Verdict.NOT_UNDERSTOOD]
    counted = Counter("nothing heard" if not call.text else "heard, not understood" for call in missed)
    yield ", ".join(f"{name}: {count}" for name, count in counted.items()) or "Nothing."
    yield ""
    rows = [
        [call.trial.take.voice.name, call.utterance.text, _plain(call.text) or "nothing", str(call.judgement.verdict),
         " ".join(call.goes)]
        for call in (*wrong, *missed)
    ][:_SHOWN]  # fmt: skip
    yield from _table(["voice", "said", "heard", "", "led to"], rows)


def _section(title: str, content: Iterator[str]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield from content
    yield ""


def _table(header: Sequence[str], rows: Iterator[list[str]] | Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _plain(text: str) -> str:
    return text.replace("|", " ").replace("\n", " ")
