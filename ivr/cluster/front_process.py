"""Kamailio as the front of a cluster: its files, which Kamailio checks, and its process."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ivr.cluster.front_config import CONFIG, NODES
from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.kamailio import KamailioProgram
from ivr.texts import _

_SHARED_MB = "512"  # each of the connections over TCP and WebSocket has a buffer for the longest message
_PRIVATE_MB = "8"
_ALLOCATOR = "fm"  # for both memories; Kamailio's own choice, qm, looks for errors in each allocation


@dataclass(frozen=True, slots=True)
class FrontProcess:
    """Kamailio with the files in one folder."""

    program: KamailioProgram
    folder: Path

    def write(self, config: str, nodes: str) -> None:
        """Write the files, for the owner alone, and let Kamailio check them.

        Raises:
            RuntimeProblem: Kamailio refuses them.
            OSError: they cannot be written.
        """
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for name, text in ((CONFIG, config), (NODES, nodes)):
            fresh = self.folder / f"{name}.new"
            fresh.touch(mode=0o600)
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self.folder / name)
        checked = subprocess.run(
            [self.program.path, "-c", *self._words()],
            capture_output=True,
            text=True,
            env=self._environment(),
            check=False,
        )
        if checked.returncode != 0:
            errors = [line for line in checked.stderr.splitlines() if "ERROR" in line or "CRITICAL" in line]
            reason = "; ".join(errors[:3]) or checked.stderr.strip()
            message = _("Kamailio refuses {file}: {reason}")
            raise RuntimeProblem(message.format(file=self.folder / CONFIG, reason=reason))

    def run(self) -> None:
        """Replace this process by Kamailio in the foreground; its log goes to standard error."""
        command = [str(self.program.path), "-DD", "-E", *self._words()]
        os.execve(command[0], command, self._environment())

    def _words(self) -> list[str]:
        memory = ["-m", _SHARED_MB, "-M", _PRIVATE_MB, "-x", _ALLOCATOR, "-X", _ALLOCATOR]
        return ["-f", str(self.folder / CONFIG), "-Y", str(self.folder), "-w", str(self.folder), *memory]

    def _environment(self) -> dict[str, str]:
        """Return an environment in which the modules find their own libraries."""
        return {**os.environ, "LD_LIBRARY_PATH": str(self.program.modules.parent)}
