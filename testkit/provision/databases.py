"""A PostgreSQL of the tests' own: in a temporary folder, on a unix socket, gone when the tests are over."""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from testkit.provision.postgres import server_programs

SECONDS = 60  # for the server to come up on a busy machine


class PostgresServer:
    """A server in a folder of its own: made, or copied from another as its standby; started, killed, promoted.

    Attributes:
        folder: with its data and its socket.
    """

    def __init__(self, listen: str = "") -> None:
        """``listen``: a second IPv4 address at which the server listens, open to every host that reaches it.

        Raises:
            RuntimeMissing: There are no server programs; set-up for the tests fetches them.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: a socket's path has 107 bytes
        self._listen, self._user = listen, _user()
        self._server: subprocess.Popen[bytes] | None = None
        try:
            self.folder.chmod(0o755)  # a hotline of another user connects to the socket; the data stay the server's own
            if self._user:
                os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
            self._programs = _reachable(server_programs(), self.folder, self._user)
        except BaseException:
            shutil.rmtree(self.folder)
            raise

    def make(self) -> None:
        """Make it new and empty."""
        options = ("-U", "hotline", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self._run("initdb", "-D", self._data, *options)
        if self._listen:
            with (self._data / "pg_hba.conf").open("a") as access:
                access.write("host all all 0.0.0.0/0 trust\nhost replication all 0.0.0.0/0 trust\n")

    def copy(self, host: str) -> None:
        """Make this server the standby of the server at another address; its earlier data are deleted."""
        shutil.rmtree(self._data, ignore_errors=True)
        self._run("pg_basebackup", "-h", host, "-U", "hotline", "-D", self._data, "-R", "-c", "fast", "--no-sync")

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        # No fsync, because these tests do not test a power cut.
        options = ("-D", self._data, "-k", self.folder, "-h", self._listen, "-F")
        self._server = _start([self._programs / "postgres", *options], self.folder, self._user)
        _wait(self._server, self.folder)

    def promote(self) -> None:
        """Let the standby take writes."""
        self._run("pg_ctl", "promote", "-D", self._data)

    def kill(self) -> None:
        """End all its processes at once, as a power cut does."""
        assert self._server
        running = psutil.Process(self._server.pid)
        for process in (running, *running.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._server.wait(SECONDS)

    def close(self) -> None:
        """End the server, and remove its files."""
        if self._server and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(SECONDS)
        shutil.rmtree(self.folder)

    @property
    def processes(self) -> list[psutil.Process]:
        """Its processes, to weigh."""
        assert self._server
        running = psutil.Process(self._server.pid)
        return [running, *running.children()]

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *words: str | Path) -> None:
        _run([self._programs / program, *words], self.folder, self._user)


@contextmanager
def running_postgres(listen: str = "") -> Iterator[Path]:
    """Run a new server; gives the folder of its socket. ``listen`` and errors are those of `PostgresServer`."""
    server = PostgresServer(listen)
    try:
        server.make()
        server.start()
        yield server.folder
    finally:
        server.close()


@contextmanager
def shared_postgres(common: Path) -> Iterator[Path]:
    """Use one server together with other processes: the first process starts it, the last one ends it.

    Args:
        common: a folder that these processes share.

    Raises:
        RuntimeMissing: as `PostgresServer`.
    """
    running = common / "postgres"  # a link to the server's folder, while the server runs
    with (common / "postgres.lock").open("w") as lock:
        while True:
            fcntl.flock(lock, fcntl.LOCK_SH)  # by each process that uses the server
            if running.exists():
                break
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not running.exists():
                running.symlink_to(_started().folder)
        folder = running.readlink()
        try:
            yield folder
        finally:
            with contextlib.suppress(BlockingIOError):  # another process uses the server
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                running.unlink()
                _end(folder)


_servers: list[PostgresServer] = []
"""The servers that this process started for all processes; the last process that uses a server ends the server."""


def _started() -> PostgresServer:
    server = PostgresServer()
    try:
        server.make()
        server.start()
    except BaseException:
        server.close()
        raise
    _servers.append(server)
    return server


def _end(folder: Path) -> None:
    """End a server that another process may have started."""
    pid_file = folder / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    deadline = time.monotonic() + SECONDS
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(folder)


@contextmanager
def new_database(socket: Path, template: str = "template0") -> Iterator[str]:
    """Make a database in a running server, empty or as another one is; gives its URL."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(host=str(socket), user="hotline", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield f"postgresql://hotline@/{name}?host={socket}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _user() -> pwd.struct_passwd | None:
    """Return whom to run the server as; it refuses root."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


def _reachable(programs: Path, folder: Path, user: pwd.struct_passwd | None) -> Path:
    """Return the programs, or a copy if the server's user cannot enter the folder that they are in."""
    if user is None:
        return programs
    try:
        _run([programs / "postgres", "--version"], folder, user)
    except PermissionError:
        shutil.copytree(programs.parent, folder / "programs", symlinks=True)
        return folder / "programs" / programs.name
    return programs


def _run(command: Sequence[str | Path], folder: Path, user: pwd.struct_passwd | None) -> None:
    process = _start(command, folder, user)
    try:
        code = process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # else it writes on while `close` removes the folder, and that error hides this one
        process.wait()
        raise RuntimeError(f"{command[0]} did not end within {SECONDS} s:\n{(folder / 'log').read_text()}") from None
    if code != 0:
        raise RuntimeError(f"{command[0]} failed:\n{(folder / 'log').read_text()}")


def _start(command: Sequence[str | Path], folder: Path, user: pwd.struct_passwd | None) -> "subprocess.Popen[bytes]":
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=() if user else None,
        )


def _wait(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="hotline", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from None
            time.sleep(0.05)
