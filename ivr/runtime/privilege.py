"""Drops root: a hotline that root starts runs as the system user ``hotline``."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ivr.runtime.cache import cache_folder
from ivr.runtime.errors import CannotDropRoot
from ivr.runtime.layout import Home
from ivr.shipped import NUMBERS, ORDERS, RECORDINGS
from ivr.texts import _

SERVICE_USER = "hotline"
_ADMIN_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"
_READ, _ENTER = 4, 1
# Variables of root's session, which name root's folders. The service user has no session.
_NOT_PASSED_ON = ("XDG_", "SUDO_", "SSH_", "DBUS_", "TMPDIR", "TEMP", "TMP", "MAIL", "OLDPWD")


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """The system user of the hotline, which is in no group but its own."""

    name: str
    uid: int
    gid: int

    def may(self, path: Path, mode_bits: int) -> bool:
        """Tell from owner, group and mode whether the user has the ``mode_bits`` bits on ``path``."""
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return (status.st_mode >> shift) & mode_bits == mode_bits

    def closed(self, path: Path) -> Path | None:
        """Return the topmost folder, from / to ``path`` inclusive, that is closed to the user; None if all are open."""
        for checked_path in (path.absolute(), path.resolve()):
            for folder in reversed(checked_path.parents):
                if not self.may(folder, _ENTER):
                    return folder
        return path if path.is_dir() and not self.may(path, _READ | _ENTER) else None


def make_service_user() -> bool:
    """Make the system user, without login and home folder; return False if it existed. Root only.

    Raises:
        CannotDropRoot: ``useradd`` is missing or refused.
    """
    if _exists():
        return False
    command = [shutil.which("useradd", path=_ADMIN_PATH) or "useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SERVICE_USER]
    try:
        subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = error.stderr.strip() if isinstance(error, subprocess.CalledProcessError) else str(error)
        raise CannotDropRoot(
            _("cannot make the system user {user} that the hotline runs as: {reason}").format(
                user=SERVICE_USER, reason=reason
            )
        ) from error
    return True


def become_service_user(home: Path, needed: Sequence[Path] = ()) -> None:
    """Go on as the service user: start this command again, in the same process, without root. Call it first.

    Nothing is done if another user than root runs the command. The state folder ``home`` is made and given to the
    service user.

    Args:
        home: The state folder (``--home``).
        needed: Files and folders to be read that may lie outside the checkout, such as the registry of ``--numbers``.

    Raises:
        CannotDropRoot: This is not possible here, or the service user cannot reach a needed file; the message has the
            remedy. Nothing was changed.
    """
    if os.geteuid() == 0:
        _hand_over(home, needed, [sys.executable, *sys.orig_argv[1:]])


def check_program() -> None:
    """Check that the service user can reach all files of the program; root only.

    Raises:
        CannotDropRoot: the user cannot reach a file; the message has the closed folder and the remedy.
    """
    _check_reach(_service_user(), _own_files())


def as_service_user(command: Sequence[str], home: Path, needed: Sequence[Path] = ()) -> list[str]:
    """Return ``command`` so that it runs as the service user when root starts it; unchanged for any other user."""
    if os.geteuid() != 0:
        return list(command)
    return [sys.executable, "-P", "-m", __name__, str(home), *map(str, needed), "--", *command]


def _hand_over(home: Path, needed: Sequence[Path], command: list[str]) -> None:
    setpriv = shutil.which("setpriv", path=_ADMIN_PATH)
    if not _exists() or setpriv is None:
        raise CannotDropRoot(
            _("root does not run the hotline; its user {user} is missing: run 'make setup' as root first").format(
                user=SERVICE_USER
            )
        )
    user = _service_user()
    _refuse_others(home, user)
    _check_reach(user, [*_own_files(), home.absolute().parent, *needed])
    _give(home, user)
    environment = {name: text for name, text in os.environ.items() if not name.startswith(_NOT_PASSED_ON)}
    environment |= {"HOME": str(home.absolute()), "USER": SERVICE_USER, "LOGNAME": SERVICE_USER}
    environment["XDG_CACHE_HOME"] = str(cache_folder().parent)  # the programs that root fetched
    drop = [f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups", "--no-new-privs"]
    drop += ["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(setpriv, [setpriv, *drop, "--", *command], environment)


def _service_user() -> ServiceUser:
    entry = pwd.getpwnam(SERVICE_USER)
    return ServiceUser(SERVICE_USER, entry.pw_uid, entry.pw_gid)


def _exists() -> bool:
    try:
        pwd.getpwnam(SERVICE_USER)
    except KeyError:
        return False
    return True


def _own_files() -> list[Path]:
    """The folders of the program: Python, the packages, the checkout, the fetched programs; and a file of each."""
    folders = [sys.prefix, sys.base_prefix, *filter(None, sys.path)]
    files = [sys.executable, os.__file__, click.__file__, __file__]
    return [*map(Path, folders + files), Path(__file__).parents[2], RECORDINGS, NUMBERS, ORDERS, cache_folder()]


def _check_reach(user: ServiceUser, needed_paths: Iterable[Path]) -> None:
    """Refuse to start a hotline whose user could not read its own program, its registry or its state.

    Raises:
        CannotDropRoot: a folder on the way is closed, or a file may not be read.
    """
    for path in needed_paths:
        existing = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
        if (closed_folder := user.closed(existing)) is not None:
            text = _(
                "started by root, the hotline runs as the user {user}, who may not enter {closed} on the way to "
                "{path}: put it elsewhere, such as /srv or /opt, and run 'make setup' there; or start it as an "
                "ordinary user"
            )
            if path.resolve().is_relative_to(sys.base_prefix):
                text = _(
                    "started by root, the hotline runs as the user {user}, who may not enter {closed} on the way to "
                    "its Python, {path}: run 'make setup', which makes .venv of a Python that every user may run"
                )
            elif (
                closed_folder.resolve() not in _homes()
            ):  # because an admin should not open a person's home folder for this
                text = _(
                    "started by root, the hotline runs as the user {user}, who may not enter {closed} on the way to "
                    "{path}; run: chmod o+rx {closed}"
                )
            raise CannotDropRoot(text.format(user=user.name, closed=closed_folder, path=path))
        if existing.is_file() and not user.may(existing, _READ):
            raise CannotDropRoot(
                _("the user {user} may not read {path}; run: chmod -R go+rX {around}").format(
                    user=user.name, path=existing, around=existing.parent
                )
            )


def give_to_owner(home: Path, file: Path) -> None:
    """Give a file that root has just written to the owner of its state folder; do nothing if the user is not root."""
    if os.geteuid() == 0:
        owner = home.stat()
        os.chown(file, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _give(home: Path, user: ServiceUser) -> None:
    """Make ``home``, and let ``user`` own it and the hotline's files in it; other files are not changed."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    os.chown(home, user.uid, user.gid)
    for path in Home(home).parts():
        if path.is_symlink() or path.is_file():
            _give_to_user(path.name, user, os.open(home, os.O_RDONLY | os.O_DIRECTORY))
        elif path.is_dir():
            for _folder, folders, files, handle in os.fwalk(path):
                os.chown(handle, user.uid, user.gid)
                for name in (*folders, *files):
                    _give_to_user(name, user, os.dup(handle))


def _give_to_user(name: str, user: ServiceUser, folder: int) -> None:
    """Give a name in an open folder to the user, without following links. A file with a second name is not given."""
    try:
        if os.stat(name, dir_fd=folder, follow_symlinks=False).st_nlink == 1:
            os.chown(name, user.uid, user.gid, dir_fd=folder, follow_symlinks=False)
    finally:
        os.close(folder)


def _refuse_others(home: Path, user: ServiceUser) -> None:
    if not home.exists() or home.stat().st_uid == user.uid or not any(home.iterdir()):
        return
    real = home.resolve()
    if real in _homes() or real.parent == Path("/"):  # the root folder is its own parent
        raise CannotDropRoot(
            _("{home} is not the hotline's alone; name a folder of its own with --home").format(home=home)
        )


def _homes() -> set[Path]:
    """Return the home folders of all users."""
    return {Path(entry.pw_dir).resolve() for entry in pwd.getpwall()}


def _main() -> None:
    """``python -m ivr.runtime.privilege HOME [NEEDED …] -- COMMAND …``: run a command as the service user."""
    split = sys.argv.index("--")
    home, *needed = map(Path, sys.argv[1:split])
    try:
        _hand_over(home, needed, sys.argv[split + 1 :])
    except CannotDropRoot as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    _main()
