"""The failures, and how each failure ends."""

import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from ivr.runtime import hotline_facts
from ivr.runtime.errors import RuntimeMissing
from ivr.runtime.layout import Home
from ivr.speech import model_search
from testkit.hotline.processes import asterisk, desk, engine, recognizers
from testkit.hotline.running import RunningHotline
from testkit.provision.databases import running_postgres
from trials.failures import clock

SPEAKERS = 12  # callers who may speak at once if a recogniser runs: all in the menu
_OUTAGE = 8.0  # seconds of a failure that ends by itself
_HOUR = 3600  # seconds


class FaultNotPossible(Exception):
    """The failure is impossible on this machine; the message has the reason."""


Environment = Callable[[], Any]  # makes a context manager around the hotline's life, which yields its environment


@contextmanager
def _no_variables() -> Iterator[Mapping[str, str]]:
    yield {}


@dataclass(frozen=True)
class Fault:
    """One failure of a part.

    Attributes:
        title: its name in the table.
        fail: causes it.
        environment: makes a context manager around the hotline's life, which yields its environment variables.
        loses: whether calls that are up are lost by the nature of the failure.
        hotline: the class of the hotline that fails.
    """

    title: str
    fail: Callable[[RunningHotline], None]
    environment: Environment = _no_variables
    loses: bool = False
    hotline: type[RunningHotline] = RunningHotline


def _later(action: Callable[[], object], seconds: float = _OUTAGE) -> None:
    threading.Timer(seconds, action).start()


def _break_registry(hotline: RunningHotline) -> None:
    hotline.numbers.write_text("lines: [\n", encoding="utf-8")
    reload = hotline.ivr("reload", "--numbers", str(hotline.numbers))
    assert reload.returncode == 1, reload
    engine(hotline).kill()


def _lock_sqlite(hotline: RunningHotline) -> None:
    path = Home(hotline.home).call_database

    def hold() -> None:
        with sqlite3.connect(path, timeout=60) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            time.sleep(_OUTAGE)
            connection.rollback()

    threading.Thread(target=hold).start()


def _cut_ami(hotline: RunningHotline) -> None:
    port = hotline_facts.read(Home(hotline.home).hotline).ami_port
    done = subprocess.run(["ss", "-K", "dst", "127.0.0.1", "dport", "=", str(port)], capture_output=True, check=False)
    if done.returncode != 0 or str(port).encode() not in done.stdout:
        raise FaultNotPossible("this kernel cuts no connection of another process (ss -K)")


@contextmanager
def _postgres() -> Iterator[Mapping[str, str]]:
    with running_postgres() as socket:
        with psycopg.connect(host=str(socket), user="hotline", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE failures")
        yield {"HOTLINE_DATABASE": f"postgresql://hotline@/failures?host={socket}"}


def _servers(hotline: RunningHotline) -> list[psutil.Process]:
    """Return the processes of this program's PostgreSQL server."""
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if "postgres" in process.name() or any("postgres" in word for word in process.cmdline()[:1])
    ]


def _freeze_postgres(hotline: RunningHotline) -> None:
    frozen = _servers(hotline)
    assert frozen
    for process in frozen:
        process.suspend()
    _later(lambda: [process.resume() for process in frozen if process.is_running()])


def _kill_postgres(hotline: RunningHotline) -> None:
    """Kill one server process: PostgreSQL ends all other connections and recovers."""
    backends = [process for process in _servers(hotline) if any("hotline" in word for word in process.cmdline())]
    assert backends
    for process in backends[-2:]:
        with suppress(psutil.NoSuchProcess):  # PostgreSQL has ended the process already
            process.send_signal(signal.SIGKILL)


def _fill_disk(hotline: RunningHotline) -> None:
    ballast = hotline.home / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(1_000_000))
                file.flush()
        except OSError:
            pass
    _later(ballast.unlink)


@contextmanager
def _small_disk() -> Iterator[Mapping[str, str]]:
    """Give the hotline's folder a small file system, which no other process sees."""
    if os.geteuid() != 0:
        raise FaultNotPossible("only root may mount a small file system")
    if "HOTLINE_OWN_MOUNTS" not in os.environ:
        raise FaultNotPossible(
            "start it as: unshare --mount --propagation private env HOTLINE_OWN_MOUNTS=1 make failures"
        )
    folder = Path("/tmp/hotline-small-disk")
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160M,mode=0777", "tmpfs", folder], check=True)
    try:
        yield {"SMALL_DISK": str(folder)}
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


@contextmanager
def _recognizers() -> Iterator[Mapping[str, str]]:
    """Let the callers in the menu speak."""
    choice = model_search.choose()
    if choice.found is None:
        raise FaultNotPossible("; ".join(choice.reasons))
    yield {"HOTLINE_SPEAKERS": str(SPEAKERS)}


def _kill_recognizers(hotline: RunningHotline) -> None:
    for process in recognizers(hotline):
        process.kill()


def _freeze_recognizers(hotline: RunningHotline) -> None:
    for process in recognizers(hotline):
        process.suspend()


@contextmanager
def _libfaketime() -> Iterator[Mapping[str, str]]:
    try:
        clock.library()
    except RuntimeMissing as problem:
        raise FaultNotPossible(str(problem)) from None
    yield {}


def _set_clock(hotline: RunningHotline, ahead: int) -> None:
    assert isinstance(hotline, clock.OtherClock)
    hotline.set_clock(ahead)


class HotlineWithDesk(RunningHotline):
    """A hotline whose web process runs, too."""

    def __init__(self, carrier: str, numbers: dict[str, Any] | None = None, **environment: str) -> None:
        super().__init__(carrier, numbers, with_desk=True, **environment)


FAULTS = {
    "desk-killed": Fault("the desk's process: kill -9", lambda hotline: desk(hotline).kill(), hotline=HotlineWithDesk),
    "desk-frozen": Fault(
        "the desk's process: SIGSTOP", lambda hotline: desk(hotline).suspend(), hotline=HotlineWithDesk
    ),
    "engine-killed": Fault("engine: kill -9", lambda hotline: engine(hotline).kill()),
    "engine-frozen": Fault("engine: SIGSTOP", lambda hotline: engine(hotline).suspend()),
    "engine-restarted": Fault("engine: SIGTERM, started again", lambda hotline: engine(hotline).terminate()),
    "registry-broken": Fault("registry file broken, reload, engine killed", _break_registry),
    "sqlite-locked": Fault(f"SQLite locked by another for {_OUTAGE:g} s", _lock_sqlite),
    "postgres-killed": Fault("PostgreSQL: two of its processes kill -9", _kill_postgres, _postgres),
    "postgres-frozen": Fault(f"PostgreSQL: SIGSTOP for {_OUTAGE:g} s", _freeze_postgres, _postgres),
    "ami-cut": Fault("AMI connection cut", _cut_ami),
    "disk-full": Fault(f"disk of the state folder full for {_OUTAGE:g} s", _fill_disk, _small_disk),
    "clock-forward": Fault(
        "the clock: an hour forward", lambda hotline: _set_clock(hotline, _HOUR), _libfaketime, hotline=clock.OtherClock
    ),
    "clock-back": Fault(
        "the clock: an hour back", lambda hotline: _set_clock(hotline, -_HOUR), _libfaketime, hotline=clock.OtherClock
    ),
    "asterisk-killed": Fault("Asterisk: kill -9", lambda hotline: asterisk(hotline).kill(), loses=True),
}
RECOGNIZER_FAULTS = {
    "recognizers-killed": Fault("all recognisers: kill -9", _kill_recognizers, _recognizers),
    "recognizers-frozen": Fault("all recognisers: SIGSTOP", _freeze_recognizers, _recognizers),
}
