"""``make failures``: a part fails with sixty calls up; the costs are printed as tables and kept as a file.

``python -m trials.failures [NAME]…`` does those named only, or those of a part: ``calls``, ``recognisers``,
``platforms``, ``reloads``. ``platform-wrong-hour`` takes an hour, and is tried only if it is named. The tables keep the
rows of earlier runs.
"""

import asyncio
import math
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from testkit.hotline.heard_prompts import audio
from testkit.hotline.quick_registry import quick_registry
from testkit.phones.tones import RATE
from testkit.signalling import Port
from trials.failures import failures_page
from trials.failures.failures_page import RELOADS
from trials.failures.faults import FAULTS, RECOGNIZER_FAULTS, Fault, FaultNotPossible
from trials.failures.platforms import PLATFORM_FAULTS, platform_fault
from trials.failures.reloads import reloads
from trials.failures.sixty_calls import SixtyCalls, SixtyResult

Outcome = tuple[list[str], list[str]]  # the row of a table, and the faults, a line each

_TIMERS = {"expert": 60, "center": 60, "seat": 60, "menu": 5, "message": 120}
_NOTICE = ("dual-recorded",)  # prompt that a caller hears before a seat's phone rings
_HELD = 3.0  # seconds for which a failed recogniser may delay a caller


async def _fail(fault: Fault) -> SixtyResult:
    carrier, phones, citizens = ports = [await Port().open() for _ in range(3)]
    with fault.around() as environment:
        if folder := environment.get("SMALL_DISK"):
            tempfile.tempdir = folder
        hotline = fault.hotline(f"127.0.0.1:{carrier.number}", quick_registry(timers=_TIMERS), **environment)
        tempfile.tempdir = None
        for port in ports:
            port.at(hotline.server)
        with hotline:
            sixty = SixtyCalls(hotline, carrier, citizens, phones)
            try:
                await sixty.set_up(print)
                return await sixty.verdict(lambda: fault.fail(hotline), print, loses=fault.loses)
            finally:
                for port in ports:
                    port.close()


def _seconds(figure: float) -> str:
    return f"{figure:.1f}" if math.isfinite(figure) else "never"


def _row(fault: Fault, verdict: SixtyResult) -> list[str]:
    lost = "all, by its nature" if fault.loses else str(len(verdict.lost))
    return [fault.what, str(verdict.up), lost, str(len(verdict.misrouted)), str(len(verdict.records))]


def _fault(fault: Fault) -> Outcome:
    verdict = asyncio.run(_fail(fault))
    row = [*_row(fault, verdict), _seconds(verdict.normal_after), _seconds(verdict.new_call)]
    if fault.loses:
        notice = sum(len(audio(prompt)) for prompt in _NOTICE) / RATE
        row[0] += f"; a seat's phone rings for the next caller {_seconds(verdict.new_taken)} s later"
        row[0] += f", {notice:.1f} s of which are the notice"
        return row, [*verdict.misrouted, *verdict.records]
    return row, verdict.wrong


def _recognizer_fault(fault: Fault) -> Outcome:
    verdict = asyncio.run(_fail(fault))
    wrong = [*verdict.wrong, *([] if verdict.key < _HELD else [f"a key took {verdict.key:.1f} s"])]
    return [*_row(fault, verdict), _seconds(verdict.key), _seconds(verdict.heard_again)], wrong


_WORK: Mapping[str, Callable[[], Outcome]] = {
    **{name: partial(_fault, fault) for name, fault in FAULTS.items()},
    **{name: partial(_recognizer_fault, fault) for name, fault in RECOGNIZER_FAULTS.items()},
    **{name: partial(platform_fault, name) for name in PLATFORM_FAULTS},
    RELOADS: lambda: asyncio.run(reloads()),
}
_PARTS: Mapping[str, Sequence[str]] = {
    "calls": tuple(FAULTS),
    "recognisers": tuple(RECOGNIZER_FAULTS),
    "platforms": tuple(name for name in PLATFORM_FAULTS if name != "platform-wrong-hour"),
    RELOADS: (RELOADS,),
}


def main(*names: str) -> int:
    """Try the named failures; exit code 1 if a call was lost or misrouted, a record is wrong, or a trial stopped."""
    chosen = [name for each in names or _PARTS for name in _PARTS.get(each, (each,))]
    if unknown := [name for name in chosen if name not in _WORK]:
        print(f"no such failure: {', '.join(unknown)}; choose from {', '.join((*_PARTS, *_WORK))}", file=sys.stderr)
        return 2
    failed, made, began = False, {}, time.monotonic()
    for name in chosen:
        print(name, flush=True)
        since = time.monotonic()
        row, wrong = _outcome(name)
        made[name] = row
        failures_page.write(made)  # a trial that is ended keeps the rows before
        failed = failed or bool(wrong)
        print("\n".join(f"  {line}" for line in wrong[:20]) or "  nothing lost")
        print(f"  | {' | '.join(row)} |\n  in {time.monotonic() - since:.0f} s", flush=True)
    print(f"{len(chosen)} failures in {(time.monotonic() - began) / 60:.1f} minutes")
    return int(failed)


def _outcome(name: str) -> Outcome:
    """Try one failure. A trial that stopped is a row, too, and the other trials go on."""
    try:
        return _WORK[name]()
    except FaultNotPossible as reason:
        return [name, f"skipped: {reason}"], []
    except Exception as error:
        traceback.print_exc()
        return [name, f"broke off: {type(error).__name__}"], [f"the trial broke off: {error}"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
