"""The start time of the commands that an admin uses most, in turn with an empty Python program."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

from testkit.hotline.running import IVR, ROOT, RunningHotline
from trials.bench.calls.bench_page import BenchRow, table

AIM = 0.25  # seconds
_ROUNDS = 15
_EMPTY = (sys.executable, "-c", "pass")


def rows(say: Callable[[str], None]) -> list[BenchRow]:
    """Measure each command with a running hotline without calls, and `ivr calls` also without a hotline."""
    hotline = RunningHotline(None)
    home = ("--home", str(hotline.home))
    commands = {
        "ivr status": (str(IVR), "status", *home),
        "ivr calls": (str(IVR), "calls", *home),
        "ivr check": (str(IVR), "check", str(ROOT / "numbers.yaml")),
    }
    with hotline:
        found = _rows(commands, say)
        hotline.stop()
        return found + _rows({"ivr calls, without a running hotline": commands["ivr calls"]}, say)


def _rows(commands: dict[str, tuple[str, ...]], say: Callable[[str], None]) -> list[BenchRow]:
    times_of: dict[str, list[CommandTime]] = {name: [] for name in commands}
    empty = []
    for _ in range(_ROUNDS):
        empty.append(_time_of(_EMPTY))
        for name, command in commands.items():
            times_of[name].append(_time_of(command))
    found = []
    for name, times in times_of.items():
        passed, used = (median(time[place] for time in times) for place in (0, 1))
        bare, bare_used = (median(time[place] for time in empty) for place in (0, 1))
        say(f"{name}: {passed:.3f} s, {used:.3f} s of a processor; an empty Python: {bare:.3f} s, {bare_used:.3f} s")
        title = f"the command `{name}`, median of {_ROUNDS} (an empty Python: {bare:.2f} s)"
        figure = f"{passed:.2f} s, {used:.2f} s of a processor"
        found.append(BenchRow(title, figure, aim=f"≤ {AIM} s", met=passed <= AIM))
    return found


class CommandTime(NamedTuple):
    """The elapsed seconds and the processor seconds of a command."""

    passed: float
    used: float


def _time_of(command: Sequence[str]) -> CommandTime:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, capture_output=True, cwd="/")
    passed, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return CommandTime(passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    print(table(rows(print)))
