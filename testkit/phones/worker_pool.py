"""The phones' processes, as a test controls them."""

import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

# A real phone sends its sound in time however busy the hotline is; nice takes a negative adjustment from root only.
_PUNCTUAL = ("nice", "--adjustment=-5")
SLOTS = 4  # calls that a PJSIP endpoint of the installed package can hold
_OUTPUT = "workers.log"  # output of a folder's processes, with the assertion that ended a process
_LAST_LINES = 30  # of each log, in an obituary


class PhoneWorker:
    """A process with one PJSIP endpoint, and the count of its call slots in use."""

    def __init__(self, folder: Path, log_level: int) -> None:
        ours, theirs = socket.socketpair()
        script = Path(__file__).with_name("pjsip_worker.py")
        self.taken = 0  # slots promised to accounts
        self._folder = folder
        with theirs, (folder / _OUTPUT).open("ab") as output:
            # -P: otherwise the folder of the script would come first in sys.path.
            self.process = subprocess.Popen(
                [*_PUNCTUAL, sys.executable, "-P", str(script), str(theirs.fileno()), str(folder), str(log_level)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # because a Ctrl-C is for the test, which then ends its calls in order
            )
        self.connection = Connection(ours.detach())

    def send(self, command: str, *args: object) -> None:
        """Have the process carry out `Process.do_<command>`."""
        try:
            self.connection.send((command, *args))
        except (BrokenPipeError, ConnectionResetError):
            raise AssertionError(self.obituary()) from None

    def events(self) -> list[tuple[Any, ...]]:
        """Return the events since the last call; never wait."""
        arrived: list[tuple[Any, ...]] = []
        try:
            while self.connection.poll():
                arrived.append(self.connection.recv())
        except (EOFError, ConnectionResetError):
            raise AssertionError(self.obituary()) from None
        return arrived

    def obituary(self) -> str:
        """Return how the process ended, with the last lines of its output and of PJSIP's log."""
        pid = self.process.pid
        try:
            end_of_process = f"died with {self.process.wait(1)}"
        except subprocess.TimeoutExpired:
            end_of_process = "closed its socket"
        logs = (f"{name} ends with:\n{_end_of(self._folder / name)}" for name in (_OUTPUT, f"pjsip-{pid}.log"))
        return "\n".join((f"the phones' process {pid} {end_of_process}", *logs))

    def close(self) -> None:
        """End the process."""
        self.connection.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def cpu_seconds(self) -> float:
        """CPU time of the process."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _end_of(log: Path) -> str:
    if not log.exists():
        return "  (there is no such file)"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
    return "\n".join(f"  {line}" for line in lines)
