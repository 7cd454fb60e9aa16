"""A PostgreSQL of the tests' own: in a temporary folder, on a unix socket, gone when the tests are over."""

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

import psycopg

from testkit.provision.postgres import server_programs

SECONDS = 60  # for the server to come up on a busy machine


@contextmanager
def running_postgres(listen: str = "") -> Iterator[Path]:
    """Run a server; gives the folder of its socket.

    Args:
        listen: an IPv4 address at which it listens as well, for everybody who reaches it.

    Raises:
        RuntimeMissing: There are no server programs; set-up for the tests fetches them.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: a socket's path has 107 bytes
    user = _user()
    try:
        folder.chmod(0o755)  # a hotline of another user connects to the socket; the data stay the server's own
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        programs = _reachable(server_programs(), folder, user)
        options = ("-U", "hotline", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        _run([programs / "initdb", "-D", folder / "data", *options], folder, user)
        if listen:
            with (folder / "data" / "pg_hba.conf").open("a") as access:
                access.write("host all all 0.0.0.0/0 trust\n")
        # No fsync: what a power cut does to PostgreSQL is not what these tests ask.
        server = _start([programs / "postgres", "-D", folder / "data", "-k", folder, "-h", listen, "-F"], folder, user)
        try:
            _wait(server, folder)
            yield folder
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(SECONDS)
    finally:
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
    if process.wait(SECONDS) != 0:
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
