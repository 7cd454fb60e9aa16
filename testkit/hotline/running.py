"""A hotline on free ports, started as an admin starts it."""

import contextlib
import functools
import json
import os
import pickle
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

import yaml

from ivr.control import control_client
from ivr.runtime.layout import Home

ROOT = Path(__file__).parent.parent.parent
IVR = Path(sys.executable).parent / "ivr"
_BOOT = 60.0
_END = 30.0


def free_udp_port() -> int:
    """Return a free UDP port of loopback, outside the range from which the kernel gives ports to programs.

    Each worker of pytest-xdist chooses from ports of its own, so that no other worker takes the port meanwhile.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ports_of_worker = 4900 // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        port = 5100 + worker * ports_of_worker + random.randrange(ports_of_worker)
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", port))
            return port


def run_ivr(*words: str, reads: str = "", program: Path = IVR, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run an ``ivr`` command to its end; ``reads`` is its standard input."""
    environment = {**os.environ, "LANG": "C.UTF-8", **environment}
    return subprocess.run(
        [program, *words], input=reads, capture_output=True, text=True, env=environment, timeout=150, check=False
    )


class _Loader(yaml.CSafeLoader):
    """Reads `yes` and `no` as text, as the registry's reader does; only true and false are booleans."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [pair for pair in pairs if first in "tTfF" or not pair[0].endswith(":bool")]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@functools.cache
def _shipped() -> bytes:
    """Return the shipped registry, pickled, because to unpickle it takes a twentieth of the time of its YAML."""
    return pickle.dumps(yaml.load((ROOT / "numbers.yaml").read_text(encoding="utf-8"), _Loader))


def registry(**changes: Any) -> dict[str, Any]:
    """Return the shipped registry as data; ``changes`` replace whole top-level keys."""
    shipped: dict[str, Any] = pickle.loads(_shipped())
    return {**shipped, **changes}


class RunningHotline:
    """``ivr up`` in a temporary folder. The context manager starts it, and waits for its line ``ready:``.

    Attributes:
        program: ``ivr`` of the version that runs; another program holds from the next start on.
    """

    program = IVR

    def __init__(
        self,
        carrier: str | None,
        numbers: dict[str, Any] | None = None,
        *,
        with_desk: bool = False,
        **environment: str,
    ) -> None:
        folder = Path(tempfile.mkdtemp(prefix="hotline-test-"))
        folder.chmod(0o755)  # because a hotline that root starts runs as the user hotline
        self.home = folder / "热线 1"  # non-ASCII and a space, because a folder of an admin may have both
        self.server = f"127.0.0.1:{free_udp_port()}"
        self.carrier = carrier
        self.desk = (
            f"127.0.0.1:{free_udp_port()}" if with_desk else ""
        )  # no program of the tests takes the TCP port of the same number
        self.numbers = ROOT / "numbers.yaml"
        if numbers is not None:
            self.numbers = self.home.parent / "numbers.yaml"
            self.write_numbers(numbers)
        self.environment = {"HOTLINE_SPEAKERS": "0", **os.environ, "LANG": "C.UTF-8", **environment}
        self.printed = self.home.parent / "printed.txt"

    def write_numbers(self, numbers: dict[str, Any]) -> None:
        """Write the registry's file; `ivr reload` puts the registry in force."""
        text = yaml.dump(numbers, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        self.numbers.write_text(text, encoding="utf-8")

    def command(self) -> list[str]:
        """Return the command that starts the hotline; a subclass may replace it."""
        options = {"--home": self.home, "--numbers": self.numbers, "--sip": self.server, "--web": self.desk or "none"}
        options |= {"--carrier": self.carrier} if self.carrier else {}
        return [str(self.program), "up", *(str(word) for option in options.items() for word in option)]

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        """Start the hotline, also after its end, and wait until it is ready."""
        with self.printed.open("wb") as output:
            self.process = subprocess.Popen(self.command(), stdout=output, stderr=output, env=self.environment)
        deadline = time.monotonic() + _BOOT
        while "ready:" not in self.printed.read_text(encoding="utf-8"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"the hotline did not start:\n{self.printed.read_text(encoding='utf-8')}")
            time.sleep(0.02)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if kind is None and "KEEP_HOTLINE" not in os.environ:
            shutil.rmtree(self.home.parent)

    def stop(self) -> int:
        """End the hotline at once, also during calls; return its exit code."""
        deadline = time.monotonic() + _END
        while time.monotonic() < deadline:
            self.process.send_signal(signal.SIGTERM)  # the second signal ends calls; two signals at once count as one
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self.process.wait(0.2)
        raise AssertionError(f"the hotline did not end:\n{self.printed.read_text(encoding='utf-8')}")

    def ivr(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run an ``ivr`` command against this hotline."""
        return run_ivr(*words, "--home", str(self.home), program=self.program, **self.environment)

    def ivr_reads(self, text: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run an ``ivr`` command that reads ``text`` from its standard input."""
        return run_ivr(*words, "--home", str(self.home), reads=text, program=self.program, **self.environment)

    def json(self, *words: str) -> Any:
        """Return the output of an ``ivr … --json`` command."""
        result = self.ivr(*words, "--json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def ask(self, action: str, **arguments: object) -> Any:
        """Return the engine's answer on the control socket; quicker than a command."""
        return control_client.ask(Home(self.home), action, **arguments)

    def calls(self) -> list[dict[str, Any]]:
        """Return the records of all calls, also of those that are up, the earliest first."""
        calls: list[dict[str, Any]] = self.ask("calls")
        return calls

    def records(self, count: int) -> list[dict[str, Any]]:
        """Return the records of finished calls; none while there are fewer than ``count``; for `Phones.until`."""
        finished = [call for call in self.calls() if call["outcome"] != "in-progress"]
        return finished if len(finished) >= count else []

    def password(self, seat: str) -> str:
        """Return the password of a seat."""
        return next(str(account["password"]) for account in self.ask("seats") if account["seat"] == seat)
