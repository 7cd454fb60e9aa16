"""baresip, a phone that nobody here wrote; the hotline needs none."""

import re
import subprocess
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

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
    try:
        answer = subprocess.run([found, "-h"], capture_output=True, text=True, check=False)
    except OSError as error:
        message = _("no baresip here; run '.venv/bin/python -m testkit.provision --phones'")
        raise RuntimeMissing(message) from error
    if not re.search(r"baresip v\d", answer.stdout + answer.stderr):
        message = _("baresip at {path} does not run: {reason}")
        raise RuntimeMissing(message.format(path=found, reason=(answer.stderr or answer.stdout).strip()))
    return found


def modules() -> Path:
    """Return the folder of its modules."""
    return cache_folder() / _NAME / "usr/lib/baresip/modules"


def install(progress: debian.Progress) -> Path:
    """Fetch baresip into the cache unless `program` finds it; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """

    def fetch(root: Path) -> None:
        debian.unpack(_WANTED, None, root, progress)
        if not (root / "usr/bin/baresip").is_file():
            raise RuntimeMissing(_("the package that was fetched has no baresip"))
        debian.wrap(root, root / "usr/bin/baresip")

    return found_or_fetched(_NAME, program, fetch)
