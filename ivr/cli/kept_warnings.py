"""A cache of the warnings about lines that sound alike.

Phonetic data takes half a second to load, and most changes of a registry change no name, phrase or prompt. Therefore
the warnings are in the user's cache, and are computed again if one of their sources has changed.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path

from ivr.intents.known_texts import Target, TargetKind, known, lines_on, merged
from ivr.lazy import loaded
from ivr.registry.model import Menu, Place, Registry
from ivr.registry.problems import Problem
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.cache import cache_folder
from ivr.site.candidate import RegistryCandidate
from ivr.texts import _

_FILE = "lines-that-sound-alike.json"
_PROMPTS = ("which-1", "which-2", "which-3", "confirm-1", "confirm-2")
"""The prompts of the questions that the warnings quote."""
_PROGRAM = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class AlikeWarning:
    """A warning with the target that it concerns; the target's place in the file may change, the warning does not."""

    menu: str
    kind: str  # of `TargetKind`
    target: str
    message: str


def warnings(checked: RegistryCandidate) -> Iterator[Problem]:
    """Yield a warning for each pair of lines that sound alike."""
    registry, today = checked.registry, datetime.now(CITY_TIME).date()
    path, key = cache_folder() / _FILE, _digest(checked, today)
    pairs = _cached_warnings(path, key)
    if pairs is None:
        pairs = list(loaded("ivr.cli.collision_warnings").warnings(checked, today))
        _store(path, key, pairs)
    for warning in pairs:
        target = Target(TargetKind(warning.kind), warning.target)
        yield Problem(_place(registry, registry.menus[warning.menu], target), warning.message)


def _digest(checked: RegistryCandidate, today: date) -> str:
    """Return the digest of all sources of the warnings, the program's own files included."""
    registry = checked.registry
    known_texts = [(menu.name, known(registry, menu, today)) for menu in registry.menus.values()]
    names = [f"name/{menu.name}/{choice.key}" for menu in registry.menus.values() for choice in menu.choices]
    names += [f"name/{number}" for number in (*(line.number for line in registry.lines), *registry.linkage)]
    texts = checked.catalogue.texts((*_PROMPTS, *names))
    program = [_change_times(_PROGRAM / room) for room in ("cli", "intents", "phonetics", "registry", "routing")]
    sources = (
        known_texts,
        sorted(map(repr, merged(lines_on(registry, today)).items())),
        texts,
        program,
        _("comes to an agent"),
    )
    return blake2b(repr(sources).encode(), digest_size=16).hexdigest()


def _change_times(folder: Path) -> list[tuple[str, int]]:
    with os.scandir(folder) as entries:
        return sorted((file.name, file.stat().st_mtime_ns) for file in entries if file.name.endswith(".py"))


def _cached_warnings(path: Path, key: str) -> list[AlikeWarning] | None:
    """Return the cached warnings of the key; None if the file is missing or cannot be used."""
    try:
        cached = json.loads(path.read_text(encoding="utf-8"))
        return [AlikeWarning(*row) for row in cached["warnings"]] if cached["of"] == key else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _store(path: Path, key: str, pairs: list[AlikeWarning]) -> None:
    """Store the warnings in the cache; if it cannot be written, the next check takes longer."""
    text = json.dumps({"of": key, "warnings": [astuple(pair) for pair in pairs]}, ensure_ascii=False)
    new_file = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new_file.write_text(text, encoding="utf-8")
        new_file.replace(path)


def _place(registry: Registry, menu: Menu, target: Target) -> Place:
    places = [line.place for line in registry.lines if target.kind is TargetKind.LINE and line.number == target.name]
    if target.kind is TargetKind.LINKAGE:
        places = [registry.linkage[target.name].place]
    return places[0] if places else menu.place
