"""How long the commands take that an admin gives most often, beside a Python that does nothing, in turn."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

from testkit.hotline.running import IVR, ROOT, RunningHotline
from trials.bench.calls.bench_page import BenchRow, table

AIM = 0.25  # seconds
_ROUNDS = 15
_EMPTY = (sys.executable, "-c", "pass")


def rows(say: Callable[[str], None]) -> list[BenchRow]:
    """Measure each command with a hotline that runs and has no call, and `ivr calls` without one, too."""
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
    taken: dict[str, list[float]] = {name: [] for name in commands}
    empty = []
    for _ in range(_ROUNDS):
        empty.append(_seconds(_EMPTY))
        for name, command in commands.items():
            taken[name].append(_seconds(command))
    found = []
    for name, seconds in taken.items():
        say(f"{name}: {median(seconds):.3f} s; an empty Python: {median(empty):.3f} s")
        title = f"the command `{name}`, median of {_ROUNDS} (an empty Python: {median(empty):.2f} s)"
        found.append(BenchRow(title, f"{median(seconds):.2f} s", aim=f"≤ {AIM} s", met=median(seconds) <= AIM))
    return found


def _seconds(command: Sequence[str]) -> float:
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, cwd="/")
    return time.monotonic() - begun


if __name__ == "__main__":
    print(table(rows(print)))
