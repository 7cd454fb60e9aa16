"""A program out of one package of the distribution: unpacked, and started once before it is used."""

import re
import subprocess
from pathlib import Path

from ivr.runtime import debian
from ivr.runtime.errors import RuntimeMissing
from ivr.texts import _


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
        pattern: of the program's output, with the version as its group.
        fetched_by: the option of ``python -m testkit.provision`` that fetches it.

    Raises:
        RuntimeMissing: There is no such program, or it does not run.
    """
    try:
        answer = subprocess.run([program, option], capture_output=True, text=True, check=False)
    except OSError as error:
        message = _("no {program} here; run '.venv/bin/python -m testkit.provision {option}'")
        raise RuntimeMissing(message.format(program=program.name, option=fetched_by)) from error
    match = re.search(pattern, answer.stdout + answer.stderr)
    if match is None:
        reason = (answer.stderr or answer.stdout).strip().partition("\n")[0]
        raise RuntimeMissing(_("{program} does not run: {reason}").format(program=program, reason=reason))
    return match[1]
