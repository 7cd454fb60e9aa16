"""The site folder: the files that its admin edits, and the state that its hotline writes."""

import os
from dataclasses import dataclass
from pathlib import Path

from ivr.runtime.layout import Home

VARIABLE = "HOTLINE_HOME"  # environment: the site folder, for every command
NUMBERS = "numbers.yaml"
STATE = "var"
DEFAULT = "site"


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """A site: its registry, its own recordings, and its state."""

    numbers: Path
    home: Home
    state_only: bool = False  # the named folder is the state folder of a hotline, without a registry to edit

    @property
    def recordings(self) -> Path:
        """Return the folder of the site's own recordings."""
        return self.numbers.parent / "recordings"


def site_folder(named_folder: Path | None, numbers: Path | None = None) -> SiteFolder:
    """Return the site that a command is about.

    Args:
        named_folder: the folder of ``--home`` or HOTLINE_HOME: a site, or the state folder of a hotline whose registry
            is elsewhere; None means ``site`` in the current folder, or the current folder if it is a site.
        numbers: another registry than the site's own.
    """
    folder = _default() if named_folder is None else named_folder
    if os.access(folder / NUMBERS, os.F_OK):  # False, too, for another user's folder that is closed
        return SiteFolder(numbers or folder / NUMBERS, Home(folder / STATE))
    return SiteFolder(numbers or Path(NUMBERS), Home(folder), state_only=named_folder is not None and numbers is None)


def folder_of(home: Home) -> Path:
    """Return the folder for ``--home``: the site of a state folder; the state folder itself if it is in no site."""
    site = home.root.parent
    return site if home.root.name == STATE and os.access(site / NUMBERS, os.F_OK) else home.root


def registry_of(home: Home) -> Path:
    """Return the registry that an admin edits for a state folder in which no hotline has run yet."""
    site_registry = folder_of(home) / NUMBERS
    return site_registry if site_registry.is_file() else Path(NUMBERS)


def _default() -> Path:
    current = Path()
    if not (current / DEFAULT).is_dir():
        if (current / NUMBERS).is_file() and (current / STATE).is_dir() and not (current / "ivr").is_dir():
            return current
        if (current / STATE / "hotline.json").is_file():
            return current / STATE  # the state of an earlier version of the program, beside its checkout
    return current / DEFAULT
