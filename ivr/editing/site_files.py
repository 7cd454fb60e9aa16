"""The files of a site folder that an admin edits. The desk reads them, and replaces them if it may write there."""

import hashlib
import os
import pwd
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ivr.registry.load import read_text
from ivr.site.candidate import own_recordings
from ivr.texts import _

_FRESH = ".new"


class SiteClosed(Exception):
    """The desk may not write the site folder; the message has the remedy."""


@dataclass(slots=True)
class PreparedWrite:
    """New files beside the files that they will replace."""

    _renames: list[Callable[[], object]] = field(default_factory=list)
    _fresh: list[Path] = field(default_factory=list)

    def commit(self) -> None:
        """Put each new file in its place."""
        for rename in self._renames:
            rename()

    def discard(self) -> None:
        """Delete the new files that are not in their place."""
        for path in self._fresh:
            path.unlink(missing_ok=True)


class SiteFiles:
    """numbers.yaml, and the recordings beside it."""

    def __init__(self, numbers: Path) -> None:
        """``numbers`` is the registry's file."""
        self.numbers = numbers

    @property
    def recordings(self) -> Path:
        """The folder of the site's own recordings; it may be missing."""
        return own_recordings(self.numbers)

    def text(self) -> str:
        """Return the present text of the registry's file, without a byte order mark.

        Raises:
            RegistryError: the file cannot be read.
        """
        return read_text(self.numbers).removeprefix("\ufeff")

    def closed(self) -> str | None:
        """Return the advice for an admin if the desk may not write here; None if the desk may."""
        try:
            self._must_be_open()
        except SiteClosed as closed:
            return str(closed)
        return None

    def prepare(self, text: str, recordings: Path | None) -> PreparedWrite:
        """Write new files beside the present files; `PreparedWrite.commit` replaces the present files.

        Args:
            text: the registry's new text.
            recordings: the folder with the new own recordings; None leaves the present recordings.

        Raises:
            SiteClosed: the folder may not be written.
            OSError: the disk is full, or the like.
        """
        self._must_be_open()
        prepared = PreparedWrite()
        try:
            self._prepare(prepared, self.numbers, text.encode())
            if recordings is not None:
                self._prepare_recordings(prepared, recordings)
        except BaseException:
            prepared.discard()
            raise
        return prepared

    def _prepare(self, prepared: PreparedWrite, target: Path, content: bytes) -> None:
        new_file = target.with_name(target.name + _FRESH)
        prepared._fresh.append(new_file)
        with new_file.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new_file.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        prepared._renames.append(lambda: new_file.replace(target))

    def _prepare_recordings(self, prepared: PreparedWrite, new_folder: Path) -> None:
        """Copy each recording that differs; delete each recording that the new folder lacks."""
        own_folder = self.recordings
        new_names = {path.relative_to(new_folder) for path in new_folder.rglob("*") if path.is_file()}
        present_names = (
            {path.relative_to(own_folder) for path in own_folder.rglob("*") if path.is_file()}
            if own_folder.is_dir()
            else set()
        )
        for name in sorted(new_names):
            content = (new_folder / name).read_bytes()
            if name in present_names and (own_folder / name).read_bytes() == content:
                continue
            for folder in reversed((own_folder / name).parents):
                if not folder.is_dir():
                    folder.mkdir(mode=0o755)
            self._prepare(prepared, own_folder / name, content)
        for name in sorted(present_names - new_names):
            prepared._renames.append((own_folder / name).unlink)

    def _must_be_open(self) -> None:
        for path in (self.numbers.parent, self.numbers, self.recordings):
            if path.exists() and not os.access(path, os.W_OK):
                raise SiteClosed(_no_write_advice(path))


def digest(text: str) -> str:
    """Return a digest of a registry's text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def recordings_digest(recordings: Path) -> str:
    """Return a digest of a site's own recordings; a missing folder counts as empty."""
    folder_hash = hashlib.sha256()
    for path in sorted(recordings.rglob("*")) if recordings.is_dir() else ():
        if path.is_file():
            folder_hash.update(f"{path.relative_to(recordings)}\0".encode())
            folder_hash.update(hashlib.sha256(path.read_bytes()).digest())
    return folder_hash.hexdigest()[:16]


def copy_recordings(source: Path, target: Path) -> None:
    """Copy a site's own recordings, if there are any, for a draft."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True, mode=0o700)
    with suppress(FileNotFoundError):
        shutil.copytree(source, target, dirs_exist_ok=True)


def delete(folder: Path) -> None:
    """Delete a draft's copy of recordings."""
    shutil.rmtree(folder, ignore_errors=True)


def _no_write_advice(path: Path) -> str:
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        text = _(
            "the desk sees {path} read-only: let its service write the site folder (systemd: ReadWritePaths={folder}), "
            "then start the hotline again"
        )
        return text.format(path=path, folder=path if path.is_dir() else path.parent)
    text = _(
        "the desk may not write {path}, because it belongs to another user than {owner}, who runs the hotline; as "
        "root: chown -R {owner} {path}"
    )
    return text.format(path=path, owner=_own_name())


def _own_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
