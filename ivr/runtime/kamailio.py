"""Kamailio, the front of a cluster. A hotline on one machine does not need it."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

_NAME = "kamailio"  # its folder in the cache
_MODULES = ("tls", "websocket")  # of packages of their own
# From the machine's own suite, so that it runs with the machine's own C library and loader.
_PACKAGE = debian.DebianPackage(
    "kamailio-tls-modules",  # it needs kamailio itself
    ("usr/sbin/kamailio", "usr/lib/*-linux-*", "lib/*-linux-*"),
    without="libc6",
    also=("kamailio-websocket-modules",),
)


@dataclass(frozen=True, slots=True)
class KamailioProgram:
    """A Kamailio that answered when asked for its version."""

    path: Path
    modules: Path  # for -L
    version: str


def program() -> KamailioProgram:
    """Return Kamailio: the machine's own, else the Kamailio that set-up fetched.

    Raises:
        RuntimeMissing: There is no Kamailio, or it does not run.
    """
    native = shutil.which("kamailio", path="/usr/sbin:/usr/bin")
    root = cache_folder() / _NAME
    return _checked(Path(native), Path("/usr/lib")) if native else _checked(root / "bin/kamailio", root / "usr/lib")


def install(progress: debian.Progress) -> KamailioProgram:
    """Fetch Kamailio into the cache unless `program` finds it; safe to repeat.

    Raises:
        RuntimeMissing: It cannot be fetched.
    """

    def fetch(root: Path) -> None:
        debian.unpack(_PACKAGE, None, root, progress)
        if not (root / "usr/sbin/kamailio").is_file():
            raise RuntimeMissing(_("the package that was fetched has no Kamailio"))
        debian.wrap(root, root / "usr/sbin/kamailio")

    return found_or_fetched(_NAME, program, fetch)


def _checked(binary: Path, libraries: Path) -> KamailioProgram:
    try:
        answer = subprocess.run([binary, "-v"], capture_output=True, text=True, check=False)
    except OSError as error:
        message = _(
            "no Kamailio here; install the packages kamailio, kamailio-tls-modules and kamailio-websocket-modules"
        )
        raise RuntimeMissing(message) from error
    version = re.search(r"kamailio (\d+\.\d+\.\d+)", answer.stdout)
    modules = next(libraries.glob("*/kamailio/modules"), None)
    if version is None or modules is None:
        raise RuntimeMissing(
            _("Kamailio at {path} does not run: {reason}").format(
                path=binary, reason=(answer.stderr or answer.stdout).strip().partition("\n")[0]
            )
        )
    if missing_modules := [name for name in _MODULES if not (modules / f"{name}.so").is_file()]:
        message = _("Kamailio at {path} has no module {modules}; install the package kamailio-{module}-modules")
        raise RuntimeMissing(message.format(path=binary, modules=", ".join(missing_modules), module=missing_modules[0]))
    return KamailioProgram(binary, modules, version[1])
