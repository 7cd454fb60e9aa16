"""Staging of a registry and a site's own recordings for the engine, which may not read the site folder itself."""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ivr.runtime.layout import Home
from ivr.site.registry_history import NUMBERS, ORDERS, RECORDINGS, copy_recordings

_PREFIX = "staged-"
_NAME = re.compile(_PREFIX + r"\w+")


@dataclass(frozen=True, slots=True)
class Staged:
    """A copy in the state folder. The copy does not change."""

    folder: Path

    @property
    def name(self) -> str:
        """Return the name of the copy for the engine."""
        return self.folder.name

    @property
    def text(self) -> str:
        """Return the registry's text."""
        return (self.folder / NUMBERS).read_text(encoding="utf-8")

    @property
    def recordings(self) -> Path:
        """Return the folder of the site's own recordings."""
        return self.folder / RECORDINGS

    @property
    def orders(self) -> str | None:
        """Return the text of the site's own orders.yaml; None if the site has no such file."""
        file = self.folder / ORDERS
        return file.read_text(encoding="utf-8") if file.is_file() else None

    def discard(self) -> None:
        """Delete the copy."""
        shutil.rmtree(self.folder, ignore_errors=True)


def stage(home: Home, text: str, recordings: Path | None, orders: str | None = None) -> Staged:
    """Copy a registry's text and the site's own recordings and orders into the state folder, for its owner to read.

    Raises:
        OSError: a recording cannot be read, or the state folder belongs to another user.
    """
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home.registry))
    staged = Staged(folder)
    try:
        (folder / NUMBERS).write_text(text, encoding="utf-8")
        if orders is not None:
            (folder / ORDERS).write_text(orders, encoding="utf-8")
        copy_recordings(recordings, staged.recordings, None)
        owner = home.root.stat()
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    except BaseException:
        staged.discard()
        raise
    return staged


def staged(home: Home, name: str) -> Staged:
    """Return the files that were staged under ``name``.

    Raises:
        FileNotFoundError: nothing was staged under the name.
    """
    folder = home.registry / name
    if not _NAME.fullmatch(name) or not folder.is_dir():
        raise FileNotFoundError(name)
    return Staged(folder)
