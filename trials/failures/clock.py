"""A hotline whose clock can be set, by libfaketime; no other program's clock changes."""

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.runtime.privilege import as_service_user
from testkit.hotline.running import RunningHotline

_NAME = "faketime"  # its folder in the cache
_LIBRARY = "usr/lib/*/faketime/libfaketimeMT.so.1"  # the library for programs with threads
# libfaketime 0.9.10 refuses to sleep until a moment of a clock that it does not fake, which time.sleep asks for.
_SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds) and None\n"
# From the machine's own suite, like the programs that load it; the newer C library of the fetched Asterisk accepts it,
# too.
_PACKAGE = debian.DebianPackage("libfaketime", ("usr/lib/*/faketime",), without="libc6")


def library() -> Path:
    """Return libfaketime, fetched into the cache if it is not there.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """
    return found_or_fetched(_NAME, _found, lambda root: debian.unpack(_PACKAGE, None, root, lambda _step, _share: None))


def _found() -> Path:
    roots = (Path("/"), cache_folder() / _NAME)
    found = next((path for root in roots for path in root.glob(_LIBRARY)), None)
    if found is None:
        raise RuntimeMissing("the package libfaketime has no library for threads")
    return found


class OtherClock(RunningHotline):
    """A hotline whose processes have a clock of their own. Monotonic clocks do not change."""

    def __init__(self, carrier: str, numbers: dict[str, Any] | None = None, **environment: str) -> None:
        super().__init__(carrier, numbers, **environment)
        self._folder = Path(tempfile.mkdtemp(prefix="hotline-clock-"))
        self._folder.chmod(0o755)
        self._clock = self._folder / "clock"
        self._library = Path(shutil.copy(library(), self._folder))
        sleep = self._folder / "sitecustomize.py"
        sleep.write_text(_SLEEP, encoding="ascii")
        sleep.chmod(0o644)
        self.set_clock(0)

    def set_clock(self, ahead: int) -> None:
        """Set the clock to the machine's time plus ``ahead`` seconds, in all processes within a second."""
        replacement = self._clock.with_suffix(".new")  # replaced atomically, because a process may be reading the file
        replacement.write_text(f"{ahead:+d}\n", encoding="ascii")
        replacement.chmod(0o644)
        replacement.replace(self._clock)

    def command(self) -> list[str]:
        settings = {
            "LD_PRELOAD": self._library,
            "FAKETIME_TIMESTAMP_FILE": self._clock,
            "FAKETIME_CACHE_DURATION": "0",  # read once a second; each call would cost half a core
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "PYTHONPATH": self._folder,
        }
        # Not in processes of root, because they would make semaphores that the service user cannot open.
        command_with_clock = ["env", *(f"{name}={value}" for name, value in settings.items()), *super().command()]
        return as_service_user(command_with_clock, self.home, [self.numbers.parent])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        shutil.rmtree(self._folder)
