"""linphonec, the phone of the Linphone project, for the trials of foreign phones; the hotline needs none."""

from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder
from testkit.provision.fetched_program import install_program, version_of

_NAME = "linphone"  # its folder in the cache
_WANTED = debian.DebianPackage(
    "linphone-cli",
    (
        "usr/bin/linphonec",
        "usr/share/belr",
        "usr/share/linphone",
        "usr/share/sounds/linphone",
        "usr/lib/*-linux-*",
        "lib/*-linux-*",
    ),
    without="libc6",
)


def program() -> Path:
    """Return the linphonec that set-up fetched. Start it in `folder`.

    Raises:
        RuntimeMissing: There is none, or it does not run.
    """
    version()
    return _program()


def version() -> str:
    """Return the version of linphonec, such as 5.1.65.

    Raises:
        RuntimeMissing: as `program`.
    """
    return version_of(_program(), "-v", r"version: (\d+(?:\.\d+)*)", "--phones")


def folder() -> Path:
    """Return the working directory of linphonec, which looks for its grammars in share/belr below it."""
    return cache_folder() / _NAME / "usr"


def install(progress: debian.Progress) -> Path:
    """Fetch linphonec into the cache unless `program` finds it; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """
    return install_program(_NAME, _WANTED, "usr/bin/linphonec", program, progress)


def _program() -> Path:
    return cache_folder() / _NAME / "bin" / "linphonec"
