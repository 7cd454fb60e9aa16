"""The per-user cache of programs that set-up fetched: one for all checkouts."""

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

_UNFINISHED = ".unfinished-"


def cache_folder() -> Path:
    """Return this project's folder below ``$XDG_CACHE_HOME`` (``~/.cache`` unless given); it may not exist."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG rules: a relative path there is to be ignored.
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "hotline-12345"


def found_or_fetched(name: str, find: Callable[[], T], fetch: Callable[[Path], None]) -> T:
    """Return what ``find`` finds, after ``fetch`` has filled the folder ``name`` of the cache where it finds nothing.

    Raises:
        RuntimeMissing: it cannot be fetched, or what was fetched is not fit.
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
    """Hold the cache for one set-up; a second at the same time waits, and finds what the first fetched."""
    old_mask = os.umask(0o022)  # the service user reads what root fetched
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        with (cache_folder() / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    finally:
        os.umask(old_mask)


@contextmanager
def filling(name: str) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends without error it becomes ``cache_folder() / name``.

    Hold the cache `locked`. A set-up that is cut off leaves the old folder or none, never half of one, and the next
    clears away what it left.
    """
    cache = cache_folder()
    for left in cache.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)
    new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cache))
    new.chmod(0o755)
    try:
        yield new
        if (cache / name).exists():
            shutil.rmtree(cache / name)
        new.rename(cache / name)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
