"""baresip, a phone of another project, for the trials of foreign phones; the hotline needs none."""

from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder
from testkit.provision.fetched_program import install_program, version_of

_NAME = "baresip"  # its folder in the cache
_WANTED = debian.DebianPackage(
    "baresip-core",
    ("usr/bin/baresip", "usr/lib/baresip", "usr/share/baresip", "usr/lib/*-linux-*", "lib/*-linux-*"),
    without="libc6",
)


def program() -> Path:
    """Return the baresip that set-up fetched; its modules lie in `modules`.

    Raises:
        RuntimeMissing: There is none, or it does not run.
    """
    found = cache_folder() / _NAME / "bin" / "baresip"
    version_of(found, "-h", r"baresip v(\d[\w.]*)", "--phones")
    return found


def modules() -> Path:
    """Return the folder of baresip's modules."""
    return cache_folder() / _NAME / "usr/lib/baresip/modules"


def install(progress: debian.Progress) -> Path:
    """Fetch baresip into the cache unless `program` finds it; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """
    return install_program(_NAME, _WANTED, "usr/bin/baresip", program, progress)
