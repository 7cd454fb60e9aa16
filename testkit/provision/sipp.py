"""SIPp, which places the calls of the bench; the hotline needs none."""

import re
import shutil
import subprocess
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

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

    def fetch(root: Path) -> None:
        debian.unpack(_WANTED, None, root, progress)
        if not (root / "usr/bin/sipp").is_file():
            raise RuntimeMissing(_("the package that was fetched has no SIPp"))
        _checked(debian.wrap(root, root / "usr/bin/sipp"))

    return found_or_fetched(_NAME, program, fetch)


def _checked(found: Path) -> Path:
    try:
        answer = subprocess.run([found, "-v"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise RuntimeMissing(_("no SIPp here; run '.venv/bin/python -m testkit.provision --bench'")) from error
    if not re.search(r"SIPp v\d", answer.stdout):
        raise RuntimeMissing(
            _("SIPp at {path} does not run: {reason}").format(
                path=found, reason=(answer.stderr or answer.stdout).strip().partition("\n")[0]
            )
        )
    return found
