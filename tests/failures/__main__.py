"""``make failures``: what fails, with sixty calls up, and what it costs; a table, printed and kept as a file.

``python -m tests.failures [NAME]…`` does those named only; the table keeps the rows of earlier runs.
"""

import asyncio
import json
import math
import os
import sys
import tempfile

from tests.calls.conftest import quick_registry
from tests.calls.running import ROOT, RunningHotline
from tests.failures.faults import FAULTS, Fault, NotHere
from tests.failures.sip import Port
from tests.failures.sixty import Sixty, Verdict

_TABLE = ROOT / "docs" / "failures.md"
_ROWS = ROOT / "var" / "failures.json"
_INTRODUCTION = f"""# What a failure costs

Written by `make failures` on {os.cpu_count()} cores. Sixty calls are up: 12 in the menu, 12 in the queue, 6 ringing,
12 talking, 6 with a center, 3 while their agent consults, 9 leaving a message. Then one part fails, and every call is
brought to the end that its caller expects. Lost: the caller was hung up on. Misrouted: somebody's phone rang for a
caller who was not theirs, or was served before. Records wrong: missing, doubled, or other than what happened. Normal:
engine, Asterisk and records all answer. The phones signal and are silent, but for the messages; who hears whom is
tested elsewhere (tests/calls).
"""
_TIMERS = {"expert": 60, "center": 60, "seat": 60, "menu": 5, "message": 120}
_HEAD = ("what was done", "calls up", "lost", "misrouted", "records wrong", "s to normal", "s to a new call's answer")


async def _run(fault: Fault) -> Verdict:
    carrier, phones, citizens = ports = [await Port().open() for _ in range(3)]
    with fault.around() as environment:
        if folder := environment.get("SMALL_DISK"):
            tempfile.tempdir = folder
        hotline = RunningHotline(f"127.0.0.1:{carrier.number}", quick_registry(timers=_TIMERS), **environment)
        tempfile.tempdir = None
        host, _, number = hotline.server.partition(":")
        for port in ports:
            port.server = (host, int(number))
        with hotline:
            sixty = Sixty(hotline, carrier, citizens, phones)
            try:
                await sixty.set_up(print)
                return await sixty.verdict(lambda: fault.fail(hotline), print, loses=fault.loses)
            finally:
                for port in ports:
                    port.close()


def _row(fault: Fault, verdict: Verdict) -> list[str]:
    lost = "all, by its nature" if fault.loses else str(len(verdict.lost))
    seconds = (verdict.normal_after, verdict.new_call)
    figures = ["never" if math.isnan(figure) else f"{figure:.1f}" for figure in seconds]
    return [fault.what, str(verdict.up), lost, str(len(verdict.misrouted)), str(len(verdict.records)), *figures]


def main(*names: str) -> int:
    """Let each of these fail; the exit code is 1 where a call was lost or misrouted, or a record is wrong."""
    failed = False
    for name in names or FAULTS:
        fault = FAULTS[name]
        print(f"{name}: {fault.what}", flush=True)
        try:
            verdict = asyncio.run(_run(fault))
        except NotHere as reason:
            print(f"  skipped: {reason}")
            _keep(name, [fault.what, f"skipped: {reason}", *[""] * 5])
            continue
        wrong = [*([] if fault.loses else verdict.lost), *verdict.misrouted, *verdict.records]
        print("\n".join(f"  {line}" for line in wrong[:20]) or "  nothing lost", flush=True)
        failed = failed or bool(wrong)
        _keep(name, _row(fault, verdict))
    print(_table())
    return int(failed)


def _rows() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = json.loads(_ROWS.read_text(encoding="utf-8")) if _ROWS.exists() else {}
    return rows


def _keep(name: str, row: list[str]) -> None:
    _ROWS.parent.mkdir(exist_ok=True)
    _ROWS.write_text(json.dumps({**_rows(), name: row}, ensure_ascii=False), encoding="utf-8")


def _table() -> str:
    rows = _rows()
    lines = [_HEAD, ["---"] * len(_HEAD), *(rows[name] for name in FAULTS if name in rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    _TABLE.write_text(f"{_INTRODUCTION}\n{table}\n", encoding="utf-8")
    return table


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
