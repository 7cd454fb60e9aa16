"""The figures as a table, in Markdown, with what they were measured on. Pure but for `machine`."""

import math
import os
import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ivr.runtime import asterisk
from trials.bench.speech.figures import NEVER_CHOSEN_ON, Figures, Score, percentile
from trials.bench.speech.meaning import Verdict, Way
from trials.bench.speech.utterances import Group, voices

_NAMES = {
    Group.MENU: "top menu",
    Group.DEPARTMENTS: "departments",
    Group.YES_NO: "yes/no",
    Group.EMERGENCIES: "emergencies",
    Group.NO_EMERGENCIES: "no emergencies",
    Group.OUTSIDE: "outside the menu",
}


@dataclass(frozen=True, slots=True)
class Noise:
    """What was made of sound that is no speech to us."""

    name: str
    seconds: float
    ways: list[Way]
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Load:
    """Many callers at once."""

    callers: int
    figures: Figures
    deaf: int  # who were given up
    cores: float  # that the recognisers kept busy


@dataclass(slots=True)
class Results:
    """Everything that was measured."""

    machine: str
    recognizer: str = ""
    speech: Figures = field(default_factory=Figures)
    overruns: list[float] = field(default_factory=list)
    noises: list[Noise] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    seconds: float = 0.0
    beside: float = 0.0  # cores that were kept busy by anything else on the machine


@dataclass(frozen=True, slots=True)
class Aim:
    """What was aimed at, and what it came to."""

    name: str
    wanted: str
    got: str
    met: bool


def machine() -> str:
    """Say what this is measured on, and how busy it is before."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    busy = os.getloadavg()[0]
    cores = len(os.sched_getaffinity(0))
    return (
        f"{datetime.now():%Y-%m-%d %H:%M}, {cores} cores of {cpu}, load {busy:.1f} before; Asterisk "
        f"{asterisk.find().version.partition('+')[0]}, Python {platform.python_version()}"
    )


def aims(results: Results) -> list[Aim]:
    """Compare with what issue and README aim at."""
    speech = results.speech
    matters = speech.score(Group.MENU, Group.DEPARTMENTS)
    understood = matters.share(Verdict.RIGHT, Verdict.ASKED)
    wrong = matters.share(Verdict.WRONG)
    late = percentile(speech.delays, 0.95)
    stops = percentile(results.overruns, 0.95)
    most = max(results.loads, key=lambda load: load.callers, default=None)
    found = [
        Aim("top menu and departments understood", "≥ 95 %", _percent(understood), understood >= 0.95),
        Aim("wrong routes among them", "< 1 %", _percent(wrong), wrong < 0.01),
        Aim("false alarms", "0", f"{len(speech.false_alarms)} of {speech.spoken}", not speech.false_alarms),
        Aim("end of speech to decision, p95", "≤ 500 ms", _ms(late), late <= 0.5),
        Aim("decision to the end of the prompt, p95", "≤ 500 ms", _ms(stops), stops <= 0.5),
    ]
    if most:
        p95 = percentile(most.figures.delays, 0.95)
        name = f"{most.callers} callers at once: nobody given up, p95"
        found.append(Aim(name, "≤ 1000 ms", _ms(p95), not most.deaf and p95 <= 1.0))
    return found


def markdown(results: Results) -> str:
    """Return the page docs/speech-bench.md."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Results) -> Iterator[str]:
    speech = results.speech
    yield "# How well callers are heard"
    yield ""
    yield "Written by `make bench-speech`; what the figures mean, and what they do not, is in [speech.md](speech.md)."
    yield ""
    yield f"Recogniser **{results.recognizer}**. {results.machine}."
    yield ""
    yield f"{results.seconds / 60:.0f} minutes of calls. Asterisk, the phones and the bench ran on the same cores;"
    yield f"everything else on the machine kept {results.beside:.2f} cores busy meanwhile."
    yield ""
    yield from _table(
        ["aim", "wanted", "measured", ""],
        [[a.name, a.wanted, a.got, "✓" if a.met else "**missed**"] for a in aims(results)],
    )
    yield ""
    yield "## Understood, by voice"
    yield ""
    groups = list(_NAMES)
    rows = [[_marked(voice), *(_score(speech.score(group, voices=[voice])) for group in groups)] for voice in voices()]
    rows.append(["all", *(_score(speech.score(group)) for group in groups)])
    yield from _table(["voice", *_NAMES.values()], rows)
    yield ""
    yield "Right at once, + right after a question, of how many; in brackets the wrong ones. The rest came to an agent,"
    yield "or was asked again. * speaks Mandarin with an accent, and no threshold was chosen on this voice."
    yield ""
    yield "## Not speech to us"
    yield ""
    yield from _table(
        ["sound", "seconds", "taken for speech"], [[n.name, f"{n.seconds:.0f}", _ways(n)] for n in results.noises]
    )
    yield ""
    yield "## How quick"
    yield ""
    yield from _table(["", "p50", "p95", "of"], list(_times(results)))
    yield ""
    yield "## Many at once"
    yield ""
    header = ["callers", "understood", "wrong", "p50", "p95", "given up", "recognisers' cores"]
    yield from _table(header, [_load(load) for load in results.loads])
    yield ""
    yield "Each says a department every four seconds or so, more than callers do."
    yield ""
    yield "## What was not understood"
    yield ""
    rows = [[m.utterance.voice, m.utterance.text, m.heard or "nothing", m.verdict] for m in speech.misses]
    yield from _table(["voice", "said", "heard", ""], rows)


def _times(results: Results) -> Iterator[list[str]]:
    named = (
        ("end of speech to decision, understood", results.speech.delays),
        ("... all that was heard", results.speech.all_delays),
        ("decision to the end of the prompt, as the caller hears it", results.overruns),
    )
    for name, values in named:
        yield [name, _ms(percentile(values, 0.5)), _ms(percentile(values, 0.95)), str(len(values))]


def _load(load: Load) -> list[str]:
    score, delays = load.figures.score(Group.DEPARTMENTS), load.figures.delays
    return [
        str(load.callers),
        f"{_percent(score.share(Verdict.RIGHT, Verdict.ASKED))} of {score.total}",
        str(score.verdicts[Verdict.WRONG]),
        _ms(percentile(delays, 0.5)),
        _ms(percentile(delays, 0.95)),
        str(load.deaf),
        f"{load.cores:.2f}",
    ]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _marked(voice: str) -> str:
    return f"{voice} *" if voice in NEVER_CHOSEN_ON else voice


def _score(score: Score) -> str:
    right, asked, wrong = (score.verdicts[one] for one in (Verdict.RIGHT, Verdict.ASKED, Verdict.WRONG))
    return f"{right}{f' + {asked}' if asked else ''} of {score.total}{f' ({wrong})' if wrong else ''}"


def _ways(noise: Noise) -> str:
    if not noise.ways:
        return "never"
    counted = ", ".join(f"{count} × {way}" for way, count in Counter(noise.ways).items())
    return f"{counted}: {', '.join(noise.texts)}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _ms(seconds: float) -> str:
    return "not measured" if math.isnan(seconds) else f"{1000 * seconds:.0f} ms"
