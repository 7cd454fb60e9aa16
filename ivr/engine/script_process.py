"""The script of one call as a process of its own, if the engine is down: Asterisk's ``AGI(hotline,NAME,ARG…)``.

The process has the registry in force and the AGI connection of the call, but no database and no password.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path

from ivr.lazy import loaded

_SECONDS = 2.0  # until the script's first command; if it is later, layer 3 takes the call


def main(home: Path, *call: str) -> None:
    """Run the script that a call asks for; without a call, only check that a script can run."""
    if call:
        signal.setitimer(signal.ITIMER_REAL, _SECONDS)  # ends this process, unless the first command lifts it
        with contextlib.suppress(OSError):  # Asterisk's own policy (ivr/supervisor/thread_policy.py) would delay it
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    # asyncio works without ssl; the import of ssl would take an eighth of the start.
    sys.modules["ssl"] = None  # type: ignore[assignment]
    standalone_script = loaded("ivr.engine.standalone_script")  # most of the start, so it is under the limit above
    services = standalone_script.services(home)
    if call:
        standalone_script.serve(services)


main(Path(sys.argv[1]), *sys.argv[2:])
