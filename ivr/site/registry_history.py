"""The history of registries in force, each with the site's own recordings of that time.

A version is a folder such as ``var/registry/20261122-183000-000000`` with ``numbers.yaml``, ``recordings/``,
``version.json``, and ``orders.yaml`` if the site has one. The link ``in-force`` names the version in force. An
unchanged recording is a second name of the earlier version's file, so that a version takes disk space for changes only.
"""

import filecmp
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ivr.call_events.values import SeatKind
from ivr.registry.model import Registry
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home

NUMBERS = "numbers.yaml"
ORDERS = "orders.yaml"
RECORDINGS = "recordings"
_NOTE = "version.json"
_IN_FORCE = "in-force"
_STAMP = "%Y%m%d-%H%M%S-%f"
_NOT_IN_A_NAME = re.compile(r"[^\w.@-]")  # because a user's name is shown on terminals and written into JSON
_TEXT_ONLY_IN_FORCE = "applied.yaml"  # kept by earlier versions of the program, without recordings


@dataclass(frozen=True, slots=True)
class RegistryVersion:
    """A registry that was put in force, with the site's own recordings of that time."""

    path: Path  # of its text
    at: datetime  # when it came into force; the city's time
    by: str  # the operating system's user who put it in force; "" if the name was not kept
    recordings: Path | None  # the site's own; None if an earlier version of the program kept none

    @property
    def text(self) -> str:
        """Return the registry's text."""
        return self.path.read_text(encoding="utf-8")

    @property
    def orders(self) -> str | None:
        """Return the text of the site's own orders.yaml of that time; None if the site had none."""
        file = self.path.with_name(ORDERS)
        return file.read_text(encoding="utf-8") if self.path.name == NUMBERS and file.is_file() else None


def keep(
    home: Home, text: str, at: datetime, by: str = "", recordings: Path | None = None, orders: str | None = None
) -> None:
    """Put a registry in force and keep it, with the user's name, the site's own recordings and its orders.yaml.

    If the clock was set back, the time of the version is just after the last version's, because rollbacks need order.
    """
    earlier = history(home)[:1]
    if earlier:
        at = max(at, earlier[0].at + timedelta(milliseconds=1))
    new_folder = Path(tempfile.mkdtemp(prefix="new-", dir=home.registry))
    (new_folder / NUMBERS).write_text(text, encoding="utf-8")
    if orders is not None:
        (new_folder / ORDERS).write_text(orders, encoding="utf-8")
    (new_folder / _NOTE).write_text(json.dumps({"by": _NOT_IN_A_NAME.sub("?", by)[:64]}), encoding="utf-8")
    copy_recordings(recordings, new_folder / RECORDINGS, earlier[0].recordings if earlier else None)
    version = home.registry / f"{at.astimezone(CITY_TIME):{_STAMP}}"
    new_folder.rename(version)
    point(home.registry / _IN_FORCE, version.name)


def history(home: Home) -> list[RegistryVersion]:
    """Return every registry that was in force, newest first; the first is in force now."""
    versions = []
    for path in home.registry.glob("2*"):
        try:
            in_force_from = datetime.strptime(path.name.removesuffix(".yaml"), _STAMP).replace(tzinfo=CITY_TIME)
        except ValueError:
            continue  # no version, but a note beside a version, or an admin's file
        if path.is_dir():
            versions.append(RegistryVersion(path / NUMBERS, in_force_from, _user_of(path / _NOTE), path / RECORDINGS))
        else:
            versions.append(RegistryVersion(path, in_force_from, _user_of(path.with_suffix(".json")), None))
    return sorted(versions, key=lambda version: version.at, reverse=True)


def in_force(home: Home) -> RegistryVersion:
    """Return the version in force.

    Raises:
        FileNotFoundError: no hotline ever ran in this home.
    """
    link = home.registry / _IN_FORCE
    if link.is_symlink() or not (home.registry / _TEXT_ONLY_IN_FORCE).exists():
        name = os.readlink(link)  # noqa: PTH115 - Path.readlink would make a path of it
        version = home.registry / name
        in_force_from = datetime.strptime(name, _STAMP).replace(tzinfo=CITY_TIME)
        return RegistryVersion(version / NUMBERS, in_force_from, _user_of(version / _NOTE), version / RECORDINGS)
    versions = history(home)
    path = home.registry / _TEXT_ONLY_IN_FORCE
    return RegistryVersion(path, versions[0].at if versions else datetime.fromtimestamp(0, CITY_TIME), "", None)


def current(home: Home) -> str:
    """Return the text of the registry in force.

    Raises:
        FileNotFoundError: no hotline ever ran in this home.
    """
    return in_force(home).text


def version_id(version: RegistryVersion) -> str:
    """Return the unique name of a version."""
    return version.path.parent.name if version.path.name == NUMBERS else version.path.stem


def copy_recordings(source: Path | None, target: Path, earlier: Path | None) -> None:
    """Copy a site's own recordings; a file that ``before`` has, too, gets a second name instead of a copy."""
    target.mkdir(parents=True)
    if source is None or not source.is_dir():
        return
    for path in sorted(source.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(source)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(path, target / name, earlier / name if earlier else None)


def link_or_copy(source: Path, target: Path, earlier: Path | None) -> None:
    """Make ``target`` the content of ``source``: by a second name of ``before`` if that has it already."""
    if earlier and earlier.is_file() and filecmp.cmp(source, earlier, shallow=False):
        os.link(earlier, target)
    else:
        shutil.copyfile(source, target)


def point(link: Path, name: str) -> None:
    """Let a link point to its neighbour ``name``, in one step."""
    new_link = link.with_suffix(".new")
    new_link.unlink(missing_ok=True)
    new_link.symlink_to(name)
    new_link.replace(link)


def seat_kinds(registry: Registry) -> Mapping[str, SeatKind]:
    """Return each seat's kind, by seat number: the kind of the first group that the seat serves."""
    return {seat.number: SeatKind(registry.groups[seat.groups[0]].kind) for seat in registry.seats.values()}


def _user_of(note: Path) -> str:
    try:
        return str(json.loads(note.read_text(encoding="utf-8"))["by"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # damaged, or of an earlier version of the program; the registry can still be used


def same_recordings(first: Path, second: Path) -> bool:
    """Tell whether two folders of a site's own recordings have equal content; a missing folder is empty."""
    return _digests(first) == _digests(second)


def _digests(recordings: Path) -> dict[str, str]:
    files = (path for path in recordings.rglob("*") if path.is_file())
    return {str(path.relative_to(recordings)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
