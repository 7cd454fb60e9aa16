"""PostgreSQL's server programs, for the tests that keep call records in a real PostgreSQL; the hotline needs none."""

import re
import subprocess
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder, found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _

OLDEST = 15
_NAME = "postgresql"  # its folder in the cache
_INSTALLED = Path("/usr/lib/postgresql")  # where Debian has them: <major>/bin
# The suite is the machine's own, so its programs run with the machine's own C library and loader.
_WANTED = debian.DebianPackage(
    "postgresql",
    ("usr/lib/postgresql", "usr/share/postgresql", "usr/lib/*-linux-*", "lib/*-linux-*"),
    without="libc6",
)
_PROGRAMS = ("initdb", "pg_ctl", "postgres", "psql")


def server_programs() -> Path:
    """Return a folder with ``initdb``, ``pg_ctl``, ``postgres`` and ``psql``. They refuse to run as root.

    Raises:
        RuntimeMissing: There are none of PostgreSQL 15 or newer.
    """
    for major in sorted((int(path.name) for path in _INSTALLED.glob("[1-9]*") if path.name.isdecimal()), reverse=True):
        programs = _INSTALLED / str(major) / "bin"
        if major >= OLDEST and all((programs / program).exists() for program in _PROGRAMS):
            return programs
    return _checked(cache_folder() / _NAME / "bin")


def install(progress: debian.Progress) -> Path:
    """Fetch the server programs into the cache unless `server_programs` finds some; safe to repeat.

    Raises:
        RuntimeMissing: They cannot be fetched.
    """

    def fetch(root: Path) -> None:
        debian.unpack(_WANTED, None, root, progress)
        _wrap(root)
        _checked(root / "bin")

    return found_or_fetched(_NAME, server_programs, fetch)


def _wrap(root: Path) -> None:
    """Put in ``root/bin`` a script for each program that starts it with the libraries beside it."""
    for name in _PROGRAMS:
        program = next(root.glob(f"usr/lib/postgresql/*/bin/{name}"), None)
        if program is None:
            raise RuntimeMissing(_("the PostgreSQL that was fetched has no {program}").format(program=name))
        debian.wrap(root, program)


def _checked(programs: Path) -> Path:
    try:
        answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise RuntimeMissing(
            _("no PostgreSQL {oldest} or newer here; run '.venv/bin/python -m testkit.provision --tests'").format(
                oldest=OLDEST
            )
        ) from error
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if version is None or int(version[1]) < OLDEST:
        raise RuntimeMissing(
            _("PostgreSQL in {path} is not fit ({reason}); {oldest} or newer is needed").format(
                path=programs, reason=(answer.stderr or answer.stdout).strip(), oldest=OLDEST
            )
        )
    return programs
