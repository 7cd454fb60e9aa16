"""``python -m trials.bench.speech``: eight minutes of calls, then the table. Exits with 1 if an aim is missed."""

import sys
import time
from datetime import date
from itertools import cycle
from pathlib import Path

import psutil

from ivr.engine import speech_service
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.site.asterisk_settings import RECORDINGS
from ivr.speech import find
from testkit.hotline.prompts import audio
from testkit.hotline.running import ROOT
from trials.bench.speech import offline, table
from trials.bench.speech.barge import overruns
from trials.bench.speech.calls import PROMPT, Bench, Caller
from trials.bench.speech.figures import Figures
from trials.bench.speech.meaning import Menu
from trials.bench.speech.noise import noises
from trials.bench.speech.options import options
from trials.bench.speech.table import Load, Noise, Results
from trials.bench.speech.utterances import Group, Speech, said_by, speech, voices
from trials.bench.speech.watch import WatchedPool

KEPT = ROOT / "docs" / "speech-bench.md"
AT_ONCE = (4, 8)  # callers, in turn
_GAP = 1.4  # seconds after an utterance: longer than it takes to decide
_CROWD_GAP = 3.0  # ... where many talk, as callers who listen to a menu do
_EACH = 10  # utterances of each of many
_STAGGER = 0.37  # seconds between their beginnings


def main() -> int:
    """Measure, print, keep."""
    given = options()
    if given.offline:
        return offline.main(given)
    began, results = time.monotonic(), Results(table.machine())
    busy = _busy()
    found = find.choose().found
    if found is None:
        print("no recogniser: make setup", file=sys.stderr)
        return 2
    registry = read(ROOT / "numbers.yaml", recorded(RECORDINGS))
    menu = Menu(registry, date.today())
    pool = WatchedPool.of(found, max(AT_ONCE))
    results.recognizer = found.name
    with Bench(pool, lambda name: speech_service.vocabulary(registry, name), menu) as bench:

        def tell(caller: Caller) -> None:
            print(f"{time.monotonic() - began:4.0f} s  {caller.name}: {len(caller.heard)} answers", file=sys.stderr)

        def finished(caller: Caller) -> None:
            tell(caller)
            results.speech.add(caller, menu)
            assert caller.phone
            results.overruns += overruns(caller.phone.heard.samples, audio(PROMPT), caller.prompted, caller.heard)

        one_by_one = [caller for voice in voices() for caller in _talks(voice)]
        bench.run(one_by_one, len(pool.processes), finished)
        sounding = [Caller(name, Speech(samples, ()), Group.MENU) for name, samples in noises().items()]
        bench.run(sounding, len(sounding), tell)
        for caller in sounding:
            texts = [heard.text for heard in caller.heard]
            ways = [menu.meaning(text, Group.MENU).way for text in texts]
            results.noises.append(Noise(caller.name, caller.speech.seconds, ways, texts))
        for count in AT_ONCE:
            figures, before, since = Figures(), _cpu(), time.monotonic()
            crowd = _crowd(count)
            bench.run(crowd, count, tell)
            for caller in crowd:
                figures.add(caller, menu)
            seconds = time.monotonic() - since
            used = (_cpu() - before) / seconds
            results.loads.append(
                Load(count, figures, sum(not caller.watch or caller.watch.deaf for caller in crowd), used)
            )
        results.seconds = time.monotonic() - began
        results.beside = max(0.0, (_busy() - busy) / results.seconds)  # while all of ours still run
    text = table.markdown(results)
    print(text)
    KEPT.write_text(text, encoding="utf-8")
    print(f"kept as {KEPT.relative_to(Path.cwd()) if KEPT.is_relative_to(Path.cwd()) else KEPT}", file=sys.stderr)
    return 0 if all(aim.met for aim in table.aims(results)) else 1


def _talks(voice: str) -> list[Caller]:
    matters = said_by(voice, *(group for group in Group if group is not Group.YES_NO))
    answers = said_by(voice, Group.YES_NO)
    return [
        Caller(f"{voice}, at the menu", speech(matters, _GAP), Group.MENU),
        Caller(f"{voice}, yes and no", speech(answers, _GAP), Group.YES_NO),
    ]


def _crowd(count: int) -> list[Caller]:
    """Callers who each say ten matters, beginning one after the other."""
    callers = []
    for number, voice in zip(range(count), cycle(voices()), strict=False):
        matters = list(said_by(voice, Group.DEPARTMENTS))
        start = number * _EACH % len(matters)
        said = (matters * 2)[start : start + _EACH]
        callers.append(Caller(f"one of {count} callers", speech(said, _CROWD_GAP, 1.5 + _STAGGER * number), Group.MENU))
    return callers


def _cpu(of: str = "ivr.speech.worker") -> float:
    """CPU seconds that the recognisers have used, or all processes of this bench whose command has another word."""
    ours = (child for child in psutil.Process().children(recursive=True) if of in " ".join(child.cmdline()))
    return sum(sum(child.cpu_times()[:2]) for child in ours)


def _busy() -> float:
    """CPU seconds that this machine has used for anything but this bench."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system) - sum(psutil.Process().cpu_times()[:2]) - _cpu("")


if __name__ == "__main__":
    sys.exit(main())
