"""Linphone on the command line, a phone that nobody here wrote; the hotline needs none."""

import re
import subprocess
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

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
    found = cache_folder() / _NAME / "bin" / "linphonec"
    try:
        answer = subprocess.run([found, "-v"], capture_output=True, text=True, check=False)
    except OSError as error:
        message = _("no linphonec here; run '.venv/bin/python -m testkit.provision --phones'")
        raise RuntimeMissing(message) from error
    if not re.search(r"version: \d", answer.stdout):
        message = _("linphonec at {path} does not run: {reason}")
        raise RuntimeMissing(message.format(path=found, reason=(answer.stderr or answer.stdout).strip()))
    return found


def version() -> str:
    """Return its version, such as 5.1.65."""
    answer = subprocess.run([program(), "-v"], capture_output=True, text=True, check=True)
    found = re.search(r"version: (\d+(?:\.\d+)*)", answer.stdout)
    assert found
    return found[1]


def folder() -> Path:
    """Return the working directory with which it must run: it looks for its grammars in share/belr below it."""
    return cache_folder() / _NAME / "usr"


def install(progress: debian.Progress) -> Path:
    """Fetch linphonec into the cache unless `program` finds it; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """

    def fetch(root: Path) -> None:
        debian.unpack(_WANTED, None, root, progress)
        if not (root / "usr/bin/linphonec").is_file():
            raise RuntimeMissing(_("the package that was fetched has no linphonec"))
        debian.wrap(root, root / "usr/bin/linphonec")

    return found_or_fetched(_NAME, program, fetch)
