"""The cache of programs that set-up fetched, shared by all checkouts of a user.

Root's cache is in /var/cache, because the service user may not enter root's own folder.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from ivr.runtime.errors import RuntimeMissing

T = TypeVar("T")

_NAME = "hotline-12345"
_OF_ROOT = Path("/var/cache")
_UNFINISHED = ".unfinished-"


def cache_folder() -> Path:
    """Return this project's folder below ``$XDG_CACHE_HOME`` (``~/.cache``, root's /var/cache); it may not exist."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base.startswith("/"):  # the XDG rules: a relative path there is to be ignored
        return Path(base) / _NAME
    return (_OF_ROOT if os.geteuid() == 0 else Path.home() / ".cache") / _NAME


def found_or_fetched(name: str, find: Callable[[], T], fetch: Callable[[Path], None]) -> T:
    """Return the result of ``find``; if it finds nothing, first let ``fetch`` fill the folder ``name`` of the cache.

    Raises:
        RuntimeMissing: the program cannot be fetched, or the fetched program cannot be used.
    """
    with locked():
        try:
            return find()
        except RuntimeMissing:
            with filling(name) as root:
                fetch(root)
        return find()


@contextmanager
def locked() -> Iterator[None]:
    """Hold the cache for one set-up; a second set-up at the same time waits, and finds the fetched programs."""
    old_mask = os.umask(0o022)  # the service user reads the programs that root fetched
    try:
        _take_over_earlier()
        cache_folder().mkdir(parents=True, exist_ok=True)
        with (cache_folder() / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    finally:
        os.umask(old_mask)


def _take_over_earlier() -> None:
    """Move programs that an earlier version fetched for root out of root's own folder."""
    earlier, now = Path.home() / ".cache" / _NAME, cache_folder()
    if now.is_relative_to(_OF_ROOT) and earlier.is_dir() and not earlier.is_symlink() and not now.exists():
        shutil.move(earlier, now)
        earlier.symlink_to(now)  # other checkouts, of the earlier version, go on


@contextmanager
def filling(name: str) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends without error it becomes ``cache_folder() / name``.

    Call it while the cache is `locked`. After an interrupted set-up there is the old folder or none, never half a
    folder; the next set-up deletes the remains.
    """
    cache = cache_folder()
    for remains in cache.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(remains)
    new_folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cache))
    new_folder.chmod(0o755)
    try:
        yield new_folder
        if (cache / name).exists():
            shutil.rmtree(cache / name)
        new_folder.rename(cache / name)
    except BaseException:
        shutil.rmtree(new_folder, ignore_errors=True)
        raise
