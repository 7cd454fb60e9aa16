"""One call's script as a process of its own, for when the engine is gone: Asterisk's ``AGI(hotline,NAME,ARG…)``.

It knows the registry in force and Asterisk's end of the call, and nothing else: no database, no password.
"""

import signal
import sys
from pathlib import Path

from ivr.lazy import loaded

_SECONDS = 2.0  # until the script's first command; after that the static dialplan is the better way


def main(home: Path, *call: str) -> None:
    """Run the script that a call asks for; without a call, only check that a script can run."""
    if call:
        signal.setitimer(signal.ITIMER_REAL, _SECONDS)  # ends this process, unless the first command lifts it
    # asyncio works without ssl, whose import takes an eighth of the time.
    sys.modules["ssl"] = None  # type: ignore[assignment]
    standalone_script = loaded("ivr.engine.standalone_script")  # takes most of the time, which the limit above covers
    services = standalone_script.services(home)
    if call:
        standalone_script.serve(services)


main(Path(sys.argv[1]), *sys.argv[2:])
