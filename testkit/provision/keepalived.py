"""keepalived, which moves addresses in the trials of a cluster; a test needs none."""

import shutil
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder
from testkit.provision.fetched_program import install_program, version_of

_NAME = "keepalived"  # its folder in the cache
# The suite is the machine's own, so it runs with the machine's own C library and loader.
_WANTED = debian.DebianPackage(
    "keepalived", ("usr/sbin/keepalived", "usr/lib/*-linux-*", "lib/*-linux-*"), without="libc6"
)


def program() -> Path:
    """Return keepalived: the machine's own, else the one that set-up fetched.

    Raises:
        RuntimeMissing: There is none, or it does not run.
    """
    native = shutil.which("keepalived", path="/usr/sbin:/usr/bin")
    return _checked(Path(native) if native else cache_folder() / _NAME / "bin" / "keepalived")


def install(progress: debian.Progress) -> Path:
    """Fetch keepalived into the cache unless `program` finds one; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """
    return install_program(_NAME, _WANTED, "usr/sbin/keepalived", program, progress, _checked)


def _checked(found: Path) -> Path:
    version_of(found, "--version", r"Keepalived v(\d[\w.]*)", "--cluster")
    return found
