"""Root may start the hotline, but nothing of it goes on running as root: it becomes the system user ``hotline``."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ivr.runtime.cache import cache_folder
from ivr.runtime.errors import CannotDropRoot
from ivr.runtime.layout import Home
from ivr.runtime.passage import Walker, open_way
from ivr.texts import _

SERVICE_USER = "hotline"
_ADMIN_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"
# Of root's session; the service user has none, and these name folders that are not its own.
_NOT_PASSED_ON = ("XDG_", "SUDO_", "SSH_", "DBUS_", "TMPDIR", "TEMP", "TMP", "MAIL", "OLDPWD")


def make_service_user() -> bool:
    """Make the system user, who can neither log in nor own a home; tell whether it was made just now. Root only.

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
    """Go on as the service user: starts this command again, in the same process, without root. Call it first.

    Returns at once when not root. The state folder ``home`` is made and given to the service user.

    Args:
        home: The state folder (``--home``).
        needed: Files and folders to be read that may lie outside the checkout, as the registry given by ``--numbers``.

    Raises:
        CannotDropRoot: It is not possible here; the message says what to do.
    """
    if os.geteuid() == 0:
        _hand_over(home, needed, [sys.executable, *sys.orig_argv[1:]])


def as_service_user(command: Sequence[str], home: Path, needed: Sequence[Path] = ()) -> list[str]:
    """Return ``command`` so that it runs as the service user when root starts it; unchanged for anybody else."""
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
    entry = pwd.getpwnam(SERVICE_USER)
    user = Walker(SERVICE_USER, entry.pw_uid, entry.pw_gid)
    _give(home, user)
    open_way(user, [path for path in (*_own_files(), home, *needed) if path.exists()])
    environment = {name: text for name, text in os.environ.items() if not name.startswith(_NOT_PASSED_ON)}
    environment |= {"HOME": str(home.absolute()), "USER": SERVICE_USER, "LOGNAME": SERVICE_USER}
    environment["XDG_CACHE_HOME"] = str(cache_folder().parent)  # the programs that root fetched
    drop = [f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups", "--no-new-privs"]
    drop += ["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(setpriv, [setpriv, *drop, "--", *command], environment)


def _exists() -> bool:
    try:
        pwd.getpwnam(SERVICE_USER)
    except KeyError:
        return False
    return True


def _own_files() -> list[Path]:
    """What the hotline is made of: Python, the packages, the checkout, the fetched programs, and a file of each."""
    folders = [sys.prefix, sys.base_prefix, *filter(None, sys.path)]
    files = [sys.executable, os.__file__, click.__file__, __file__]
    return [*map(Path, folders + files), Path(__file__).parents[2], cache_folder()]


def _give(home: Path, user: Walker) -> None:
    """Make ``home`` and let ``user`` own it and the hotline's own things in it; others' files are left alone."""
    _refuse_others(home, user)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    os.chown(home, user.uid, user.gid)
    for part in Home(home).parts():
        if part.is_symlink() or part.is_file():
            _own(part.name, user, os.open(home, os.O_RDONLY | os.O_DIRECTORY))
        elif part.is_dir():
            for _folder, folders, files, handle in os.fwalk(part):
                os.chown(handle, user.uid, user.gid)
                for name in (*folders, *files):
                    _own(name, user, os.dup(handle))


def _own(name: str, user: Walker, folder: int) -> None:
    """Own one name in an open folder, following no link: a file with a second name may be somebody else's."""
    try:
        if os.stat(name, dir_fd=folder, follow_symlinks=False).st_nlink == 1:
            os.chown(name, user.uid, user.gid, dir_fd=folder, follow_symlinks=False)
    finally:
        os.close(folder)


def _refuse_others(home: Path, user: Walker) -> None:
    if not home.exists() or home.stat().st_uid == user.uid or not any(home.iterdir()):
        return
    real = home.resolve()
    people = {Path(entry.pw_dir).resolve() for entry in pwd.getpwall()}
    if real in people or real.parent == Path("/"):  # the root folder is its own parent
        raise CannotDropRoot(
            _("{home} is not the hotline's alone; name a folder of its own with --home").format(home=home)
        )


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
