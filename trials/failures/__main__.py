"""``make failures``: a part fails with sixty calls up; the results are printed, and written to docs/failures.md.

``python -m trials.failures [NAME]…`` tries only the named failures, or the failures of a group: ``calls``,
``recognisers``, ``platforms``, ``reloads``. ``platform-wrong-hour`` takes an hour, and is tried only if it is named.
The tables keep the rows of earlier runs.
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

RowAndFaults = tuple[list[str], list[str]]  # the row of a table, and the faults, a line each

_TIMERS = {"expert": 60, "center": 60, "seat": 60, "menu": 5, "message": 120}
_NOTICE = ("dual-recorded",)  # prompt that a caller hears before a seat's phone rings
_LONGEST_KEY = 3.0  # seconds for which a failed recogniser may delay a caller


async def _fail(fault: Fault) -> SixtyResult:
    carrier, phones, citizens = ports = [await Port().open() for _ in range(3)]
    with fault.environment() as variables:
        if folder := variables.get("SMALL_DISK"):
            tempfile.tempdir = folder
        hotline = fault.hotline(f"127.0.0.1:{carrier.number}", quick_registry(timers=_TIMERS), **variables)
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
    return [fault.title, str(verdict.up), lost, str(len(verdict.misrouted)), str(len(verdict.records))]


def _fault(fault: Fault) -> RowAndFaults:
    verdict = asyncio.run(_fail(fault))
    row = [*_row(fault, verdict), _seconds(verdict.normal_after), _seconds(verdict.new_call)]
    if fault.loses:
        notice = sum(len(audio(prompt)) for prompt in _NOTICE) / RATE
        row[0] += f"; a seat's phone rings for the next caller {_seconds(verdict.new_call_rang)} s later"
        row[0] += f", {notice:.1f} s of which are the notice"
        return row, [*verdict.misrouted, *verdict.records]
    return row, verdict.faults


def _recognizer_fault(fault: Fault) -> RowAndFaults:
    verdict = asyncio.run(_fail(fault))
    faults = [*verdict.faults, *([] if verdict.key < _LONGEST_KEY else [f"a key took {verdict.key:.1f} s"])]
    return [*_row(fault, verdict), _seconds(verdict.key), _seconds(verdict.speech_back)], faults


_TRIALS: Mapping[str, Callable[[], RowAndFaults]] = {
    **{name: partial(_fault, fault) for name, fault in FAULTS.items()},
    **{name: partial(_recognizer_fault, fault) for name, fault in RECOGNIZER_FAULTS.items()},
    **{name: partial(platform_fault, name) for name in PLATFORM_FAULTS},
    RELOADS: lambda: asyncio.run(reloads()),
}
_GROUPS: Mapping[str, Sequence[str]] = {
    "calls": tuple(FAULTS),
    "recognisers": tuple(RECOGNIZER_FAULTS),
    "platforms": tuple(name for name in PLATFORM_FAULTS if name != "platform-wrong-hour"),
    RELOADS: (RELOADS,),
}


def main(*names: str) -> int:
    """Try the named failures; exit code 1 if a call was lost or misrouted, a record is wrong, or a trial stopped."""
    chosen = [name for given in names or _GROUPS for name in _GROUPS.get(given, (given,))]
    if unknown := [name for name in chosen if name not in _TRIALS]:
        print(f"no such failure: {', '.join(unknown)}; choose from {', '.join((*_GROUPS, *_TRIALS))}", file=sys.stderr)
        return 2
    failed, new_rows, began = False, {}, time.monotonic()
    for name in chosen:
        print(name, flush=True)
        since = time.monotonic()
        row, faults = _row_and_faults(name)
        new_rows[name] = row
        failures_page.write(new_rows)  # a trial that is ended keeps the rows before
        failed = failed or bool(faults)
        print("\n".join(f"  {line}" for line in faults[:20]) or "  nothing lost")
        print(f"  | {' | '.join(row)} |\n  in {time.monotonic() - since:.0f} s", flush=True)
    print(f"{len(chosen)} failures in {(time.monotonic() - began) / 60:.1f} minutes")
    return int(failed)


def _row_and_faults(name: str) -> RowAndFaults:
    """Try one failure. A trial that stopped is a row, too, and the other trials go on."""
    try:
        return _TRIALS[name]()
    except FaultNotPossible as reason:
        return [name, f"skipped: {reason}"], []
    except Exception as error:
        traceback.print_exc()
        return [name, f"broke off: {type(error).__name__}"], [f"the trial broke off: {error}"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
