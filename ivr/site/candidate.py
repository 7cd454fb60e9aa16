"""A registry with the recordings that belong to it, checked together before either can be put in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.prompts import manifest
from ivr.prompts.check import faults_of_file
from ivr.prompts.manifest import TONES, ManifestError
from ivr.registry.checks import menu_prompts
from ivr.registry.load import load, read_text
from ivr.registry.model import Place, Registry
from ivr.registry.problems import Problem, RegistryError
from ivr.registry.quoting import shown, with_nearest
from ivr.shipped import RECORDINGS
from ivr.site.prompt_catalogue import LANGUAGE, PromptCatalogue, catalogue
from ivr.texts import _


@dataclass(frozen=True, slots=True)
class RegistryCandidate:
    """A checked registry that could be put in force. It has no problem, but it may have warnings."""

    text: str  # of the registry
    registry: Registry
    catalogue: PromptCatalogue
    warnings: tuple[Problem, ...]


def own_recordings(numbers: Path) -> Path:
    """Return where a site's own recordings lie: in the folder ``recordings`` beside its registry."""
    return numbers.parent / "recordings"


def read(numbers: Path) -> RegistryCandidate:
    """Read and check a registry file with the recordings beside it and the shipped ones.

    Raises:
        RegistryError: with every problem of both.
    """
    return check(read_text(numbers), str(numbers), catalogue(RECORDINGS, own_recordings(numbers)))


def check(text: str, file: str, prompts: PromptCatalogue) -> RegistryCandidate:
    """Check a registry's text with the recordings that belong to it; ``file`` is the name that its problems carry.

    Raises:
        RegistryError: with every problem of both.
    """
    faults = tuple(_faults(prompts))
    try:
        registry = load(text, file, prompts.prompts)
    except RegistryError as error:
        raise RegistryError((*error.problems, *faults)) from None
    if faults:
        raise RegistryError(faults)
    try:
        heard = {menu_prompts.OPENING, *(menu.prompt for menu in registry.menus.values())}
        texts = {prompt: prompts.text(prompt) for prompt in heard}
        strangers = tuple(_never_played(registry, prompts))
    except ManifestError as error:
        raise RegistryError((Problem(Place(file, 1, 1), str(error)),)) from None
    return RegistryCandidate(text, registry, prompts, (*menu_prompts.warnings(registry, texts), *strangers))


def _faults(prompts: PromptCatalogue) -> Iterator[Problem]:
    """Find the site's own files that callers could not hear; the shipped ones are checked by their tests."""
    if prompts.own is None:
        return
    for path in prompts.files.values():
        if path.is_relative_to(prompts.own):
            for fault in faults_of_file(path):
                yield Problem(Place(str(path), 0, 0), fault)


def _never_played(registry: Registry, prompts: PromptCatalogue) -> Iterator[Problem]:
    """Find the site's own recordings under names that no call asks for."""
    if prompts.own is None or not prompts.own_prompts:
        return
    played = {*manifest.load(prompts.shipped).prompts, *TONES}
    played |= {menu.prompt for menu in registry.menus.values()}
    played |= {f"name/{menu.name}/{choice.key}" for menu in registry.menus.values() for choice in menu.choices}
    played |= {f"name/{line.number}" for line in registry.lines} | {f"name/{number}" for number in registry.linkage}
    played |= {f"emergency/{number}" for number in registry.emergencies}
    for prompt in sorted(prompts.own_prompts - played):
        message = _("no call plays a prompt of the name {prompt}").format(prompt=shown(prompt))
        place = Place(str(prompts.own / LANGUAGE / f"{prompt}.wav"), 0, 0)
        yield Problem(place, with_nearest(message, prompt, sorted(played)))
