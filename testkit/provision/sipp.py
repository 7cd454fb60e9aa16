"""SIPp, which places the calls of the bench; the hotline needs none."""

import shutil
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder
from testkit.provision.fetched_program import install_program, version_of

_NAME = "sipp"  # its folder in the cache
# The suite is the machine's own, so it runs with the machine's own C library and loader.
_WANTED = debian.DebianPackage("sip-tester", ("usr/bin/sipp", "usr/lib/*-linux-*", "lib/*-linux-*"), without="libc6")


def program() -> Path:
    """Return SIPp: the machine's own, else the one that set-up fetched.

    Raises:
        RuntimeMissing: There is none, or it does not run.
    """
    native = shutil.which("sipp")
    return _checked(Path(native) if native else cache_folder() / _NAME / "bin" / "sipp")


def install(progress: debian.Progress) -> Path:
    """Fetch SIPp into the cache unless `program` finds one; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """
    return install_program(_NAME, _WANTED, "usr/bin/sipp", program, progress, _checked)


def _checked(found: Path) -> Path:
    version_of(found, "-v", r"SIPp v(\d[\w.]*)", "--bench")
    return found
