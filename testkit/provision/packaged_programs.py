"""Programs of other projects that tests and trials start, each out of one package of the distribution.

The packages are of the machine's own suite, so the programs run with the machine's own C library and loader. The
hotline needs none of them.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from testkit.provision.fetched_program import unpack_program, version_of

_LIBRARIES = ("usr/lib/*-linux-*", "lib/*-linux-*")


@dataclass(frozen=True, slots=True)
class PackagedProgram:
    """A program that is the machine's own, or is fetched into a folder of the cache."""

    name: str
    package: str
    path: str  # in the package
    version_option: str
    version_pattern: str  # of the output; the version is its group
    fetched_by: str  # the option of ``python -m testkit.provision``
    folder: str  # in the cache
    beside: tuple[str, ...] = ()  # further files of the package that the program needs
    takes_native: bool = False  # whether the machine's own program will do

    def program(self) -> Path:
        """Return the program.

        Raises:
            RuntimeMissing: There is none, or it does not run.
        """
        name, folders = Path(self.path).name, f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
        native = shutil.which(name, path=folders) if self.takes_native else None
        program = Path(native) if native else self.root() / "bin" / name
        self._version(program)
        return program

    def version(self) -> str:
        """Return the version of the program, such as 5.1.65.

        Raises:
            RuntimeMissing: as `program`.
        """
        return self._version(self.program())

    def root(self) -> Path:
        """Return the folder into which the package is unpacked."""
        return cache_folder() / self.folder

    def install(self, progress: debian.Progress) -> Path:
        """Fetch the program into the cache unless `program` finds one; safe to repeat.

        Raises:
            RuntimeMissing: It cannot be fetched.
        """
        package = debian.DebianPackage(self.package, (self.path, *self.beside, *_LIBRARIES), without="libc6")

        def fetch(root: Path) -> None:
            self._version(unpack_program(package, self.path, root, progress))

        return found_or_fetched(self.folder, self.program, fetch)

    def _version(self, program: Path) -> str:
        return version_of(program, self.version_option, self.version_pattern, self.fetched_by)


SIPP = PackagedProgram(
    "SIPp", "sip-tester", "usr/bin/sipp", "-v", r"SIPp v(\d[\w.]*)", "--bench", "sipp", takes_native=True
)
"""It places the calls of the bench."""

BARESIP = PackagedProgram(
    "baresip", "baresip-core", "usr/bin/baresip", "-h", r"baresip v(\d[\w.]*)", "--phones", "baresip",
    beside=("usr/lib/baresip", "usr/share/baresip"),
)  # fmt: skip
"""A phone for the trials of foreign phones; its modules are in ``usr/lib/baresip/modules``."""

LINPHONE = PackagedProgram(
    "linphonec", "linphone-cli", "usr/bin/linphonec", "-v", r"version: (\d+(?:\.\d+)*)", "--phones", "linphone",
    beside=("usr/share/belr", "usr/share/linphone", "usr/share/sounds/linphone"),
)  # fmt: skip
"""A phone for the trials of foreign phones. It looks for its grammars in share/belr below the working directory."""

KEEPALIVED = PackagedProgram(
    "keepalived", "keepalived", "usr/sbin/keepalived", "--version", r"Keepalived v(\d[\w.]*)", "--cluster",
    "keepalived", takes_native=True,
)  # fmt: skip
"""It moves addresses in the trials of a cluster."""
