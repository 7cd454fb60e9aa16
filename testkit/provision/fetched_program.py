"""A program out of one package of the distribution: unpacked, and started once before it is used."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.cache import found_or_fetched
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _


def install_program(
    name: str,
    package: debian.DebianPackage,
    program: str,
    find: Callable[[], Path],
    progress: debian.Progress,
    check: Callable[[Path], object] = lambda _program: None,
) -> Path:
    """Fetch a program into the folder ``name`` of the cache unless ``find`` finds it; return its path.

    Args:
        name: the folder.
        package: the package that contains the program.
        program: the path of the program in the package.
        find: returns the path of the program, or raises RuntimeMissing.
        progress: is called with the part that is done.
        check: raises RuntimeMissing if the unpacked program cannot be used.

    Raises:
        RuntimeMissing: The program cannot be fetched.
    """

    def fetch(root: Path) -> None:
        check(unpack_program(package, program, root, progress))

    return found_or_fetched(name, find, fetch)


def unpack_program(package: debian.DebianPackage, program: str, root: Path, progress: debian.Progress) -> Path:
    """Unpack a package into ``root``; return the script that starts its ``program`` with the libraries beside it.

    Raises:
        RuntimeMissing: The package cannot be fetched, or it lacks the program.
    """
    debian.unpack(package, None, root, progress)
    if not (root / program).is_file():
        raise RuntimeMissing(_("the package that was fetched has no {program}").format(program=Path(program).name))
    return debian.wrap(root, root / program)


def version_of(program: Path, option: str, pattern: str, fetched_by: str) -> str:
    """Start a program with the ``option`` that prints its version; return the first group of ``pattern``.

    Args:
        program: its path.
        option: such as ``-v``.
        pattern: of what it prints on either output, with the version as its group.
        fetched_by: the option of ``python -m testkit.provision`` that fetches it.

    Raises:
        RuntimeMissing: There is no such program, or it does not run.
    """
    try:
        answer = subprocess.run([program, option], capture_output=True, text=True, check=False)
    except OSError as error:
        message = _("no {program} here; run '.venv/bin/python -m testkit.provision {option}'")
        raise RuntimeMissing(message.format(program=program.name, option=fetched_by)) from error
    found = re.search(pattern, answer.stdout + answer.stderr)
    if found is None:
        reason = (answer.stderr or answer.stdout).strip().partition("\n")[0]
        raise RuntimeMissing(_("{program} does not run: {reason}").format(program=program, reason=reason))
    return found[1]
