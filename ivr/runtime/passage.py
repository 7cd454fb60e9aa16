"""A way for the service user through folders that are closed to it, in a mount namespace of this process alone.

A checkout, its Python or its state may lie below a folder that only root enters, such as root's own home. Loosening
that folder would open it to everybody. Instead this process and its children see an empty folder in its place, with
only what the hotline needs in it, at the same paths; the rest of the machine sees no difference.
"""

import ctypes
import errno
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.runtime.errors import CannotDropRoot
from ivr.texts import _

_CLONE_NEWNS = 0x00020000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_BIND, _MS_REC, _MS_PRIVATE = 0x2, 0x4, 0x8, 0x1000, 0x4000, 0x40000
_READ, _ENTER = 4, 1
_DEEPEST = 20  # closed folders one below the other


@dataclass(frozen=True, slots=True)
class Walker:
    """Who is to get through, with no group but its own."""

    name: str
    uid: int
    gid: int

    def may(self, path: Path, wanted: int) -> bool:
        """Tell from owner, group and mode whether the walker has the ``wanted`` bits on ``path``."""
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return (status.st_mode >> shift) & wanted == wanted

    def closed(self, path: Path) -> Path | None:
        """Return the topmost folder on the real way to ``path`` that is closed, ``path`` itself among them."""
        for folder in reversed(path.parents):
            if not self.may(folder, _ENTER):
                return folder
        return path if path.is_dir() and not self.may(path, _READ | _ENTER) else None


def open_way(walker: Walker, needed: Sequence[Path]) -> None:
    """Let ``walker`` reach each of ``needed`` and the current folder, by mounts that only this process sees.

    Does nothing where all can be reached. Links on the way are kept. What is in a needed folder keeps its own modes.

    Raises:
        CannotDropRoot: This machine does not permit it, or a needed file may not be read.
    """
    here = Path.cwd()
    real: list[Path] = []
    links: dict[Path, str] = {}
    for path in needed:
        end, on_the_way = _follow(path)
        real.append(end)
        links |= on_the_way
    for depth in range(_DEEPEST):
        covers = {folder for path in (*real, here) if (folder := walker.closed(path))}
        if not covers:
            break
        if depth == 0:
            _unshare(walker, covers)
        for cover in covers:
            _cover(cover, real, here, links)
    os.chdir(here)  # the same path, no longer the folder below
    for path in real:
        if path.is_file() and not walker.may(path, _READ):
            around = min((folder for folder in real if path.is_relative_to(folder)), default=path)
            raise CannotDropRoot(
                _("the user {user} may not read {path}; run: chmod -R go+rX {around}").format(
                    user=walker.name, path=path, around=around
                )
            )


def _follow(path: Path) -> tuple[Path, dict[Path, str]]:
    """Resolve ``path`` and return, too, each link that was passed with where it points."""
    links: dict[Path, str] = {}
    real, rest = Path("/"), list(path.absolute().parts[1:])
    while rest:
        step = rest.pop(0)
        if step == "..":
            real = real.parent
        elif (real / step).is_symlink() and len(links) < 40:
            target = links[real / step] = os.readlink(real / step)  # noqa: PTH115 - Path.readlink drops a final slash
            parts = Path(target).parts
            real = Path("/") if target.startswith("/") else real
            rest[:0] = parts[1:] if target.startswith("/") else parts
        else:
            real /= step
    return real, links


def _unshare(walker: Walker, covers: Iterable[Path]) -> None:
    try:
        _call("unshare", _CLONE_NEWNS)
        _mount("none", Path("/"), _MS_REC | _MS_PRIVATE)
    except OSError as error:
        reason = _("the root of this chroot is no mount") if error.errno == errno.EINVAL else error.strerror
        raise CannotDropRoot(
            _(
                "it is to run as the user {user}, who may not enter {folders}, and this machine does not let root "
                "open a way ({reason}); put the hotline, its Python and its state elsewhere, "
                "or start it as an ordinary user"
            ).format(user=walker.name, folders=", ".join(map(str, sorted(covers))), reason=reason)
        ) from error


def _cover(cover: Path, real: Iterable[Path], here: Path, links: dict[Path, str]) -> None:
    """Lay an empty folder over ``cover``, then bring back what is needed of what was below it."""
    wanted = [path for path in real if path.is_relative_to(cover) and path != cover]
    inside = dict(links)
    if cover in real:  # closed, and itself needed: everything in it
        for child in cover.iterdir():
            if child.is_symlink():
                inside[child] = os.readlink(child)  # noqa: PTH115
            else:
                wanted.append(child)
    kept: list[tuple[Path, int]] = []
    for path in sorted(wanted):
        if not any(path.is_relative_to(other) for other, _handle in kept):
            kept.append((path, os.open(path, os.O_PATH)))
    folders = {path for path, handle in kept if path.is_dir()}
    _mount("tmpfs", cover, _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "tmpfs", "mode=0755")
    for path, handle in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if path in folders else path.touch()
        _mount(f"/proc/self/fd/{handle}", path, _MS_BIND | _MS_REC)
        os.close(handle)
    for link, target in inside.items():
        if link.is_relative_to(cover) and not os.path.lexists(link):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(target)
    if here.is_relative_to(cover):
        here.mkdir(parents=True, exist_ok=True)


def _mount(source: str, target: Path, flags: int, kind: str = "", options: str = "") -> None:
    _call("mount", source.encode(), bytes(target), kind.encode(), ctypes.c_ulong(flags), options.encode())


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc[name](*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
