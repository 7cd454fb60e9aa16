"""fail2ban's reader of filters, for the test of the filter that is shipped; the hotline needs none."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

_NAME = "fail2ban"  # its folder in the cache
_PROGRAM = "usr/bin/fail2ban-regex"
_PACKAGES = "usr/lib/python3/dist-packages"
_CONFIG = "etc/fail2ban"
_WANTED = debian.DebianPackage("fail2ban", (_PROGRAM, f"{_PACKAGES}/fail2ban", _CONFIG))


def regex_command() -> list[str]:
    """Return the beginning of a ``fail2ban-regex`` command line: the machine's own, else the one that set-up fetched.

    Raises:
        RuntimeMissing: There is none, or it does not run.
    """
    if native := shutil.which("fail2ban-regex"):
        return _checked([native])
    root = cache_folder() / _NAME
    if not (root / _PROGRAM).is_file():
        raise RuntimeMissing(_("no fail2ban here; run '.venv/bin/python -m testkit.provision --tests'"))
    python = ["env", f"PYTHONPATH={root / _PACKAGES}", sys.executable]  # it is Python, and ours will do
    return _checked([*python, str(root / _PROGRAM), "--config", str(root / _CONFIG)])


def install(progress: debian.Progress) -> list[str]:
    """Fetch fail2ban into the cache unless `regex_command` finds one; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """
    return found_or_fetched(_NAME, regex_command, lambda root: debian.unpack(_WANTED, None, root, progress))


def _checked(command: Sequence[str]) -> list[str]:
    answer = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    if not re.search(r"\d+\.\d+", answer.stdout):
        raise RuntimeMissing(
            _("fail2ban does not run: {reason}").format(reason=(answer.stderr or answer.stdout).strip())
        )
    return list(command)
