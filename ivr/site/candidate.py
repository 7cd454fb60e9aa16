"""A registry with its recordings and its orders.yaml, checked together before they are put in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.directory_reader import directory_warnings
from ivr.prompts import manifest
from ivr.prompts.check import faults_of_file
from ivr.prompts.manifest import TONES, ManifestError
from ivr.registry.checks import menu_prompts, trunks
from ivr.registry.load import load, read_text
from ivr.registry.model import Place, Registry
from ivr.registry.problems import Problem, RegistryError
from ivr.registry.quoting import shown, with_nearest
from ivr.shipped import RECORDINGS
from ivr.site import orders_in_force
from ivr.site.orders_in_force import OrdersText
from ivr.site.prompt_catalogue import LANGUAGE, PromptCatalogue, catalogue
from ivr.texts import _


@dataclass(frozen=True, slots=True)
class RegistryCandidate:
    """A checked registry that could be put in force. It has no problem, but it may have warnings."""

    text: str  # of the registry
    registry: Registry
    catalogue: PromptCatalogue
    orders: OrdersText
    directory: OrderDirectory
    warnings: tuple[Problem, ...]


def own_recordings(numbers: Path) -> Path:
    """Return the folder of a site's own recordings, ``recordings`` beside its registry."""
    return numbers.parent / "recordings"


def read(numbers: Path) -> RegistryCandidate:
    """Read and check a registry file with the recordings and the orders.yaml beside it, and the shipped recordings.

    Raises:
        RegistryError: with every problem of all files.
    """
    orders = orders_in_force.beside(numbers)
    return check(read_text(numbers), str(numbers), catalogue(RECORDINGS, own_recordings(numbers)), orders)


def check(text: str, file: str, prompts: PromptCatalogue, orders: OrdersText | None = None) -> RegistryCandidate:
    """Check a registry's text with the recordings and the orders.yaml that belong to it.

    Args:
        text: the text of the registry.
        file: the name of the registry in its problems.
        prompts: the recordings.
        orders: the site's own orders.yaml; None for the shipped file.

    Raises:
        RegistryError: with every problem; problems of orders.yaml are reported if the registry has no problem.
    """
    orders = orders or orders_in_force.shipped()
    faults = tuple(_faults(prompts))
    try:
        registry = load(text, file, prompts.prompts)
    except RegistryError as error:
        raise RegistryError((*error.problems, *faults)) from None
    try:
        directory = orders.directory(registry)
    except RegistryError as error:
        raise RegistryError((*error.problems, *faults)) from None
    if faults:
        raise RegistryError(faults)
    try:
        menu_prompt_ids = {menu_prompts.OPENING, *(menu.prompt for menu in registry.menus.values())}
        words = prompts.texts(menu_prompt_ids)
        texts = {prompt: words.get(prompt) for prompt in menu_prompt_ids}
        strangers = tuple(_never_played(registry, prompts))
    except ManifestError as error:
        raise RegistryError((Problem(Place(file, 1, 1), str(error)),)) from None
    warnings = [*menu_prompts.warnings(registry, texts), *trunks.warnings(registry), *strangers]
    if orders.own:
        warnings += directory_warnings(directory, registry, orders.file)
    return RegistryCandidate(text, registry, prompts, orders, directory, tuple(warnings))


def _faults(prompts: PromptCatalogue) -> Iterator[Problem]:
    """Find the site's own files that callers could not hear; tests check the shipped files."""
    if prompts.own is None:
        return
    for path in prompts.files.values():
        if path.is_relative_to(prompts.own):
            for fault in faults_of_file(path):
                yield Problem(Place(str(path), 0, 0), fault)


def _never_played(registry: Registry, prompts: PromptCatalogue) -> Iterator[Problem]:
    """Find the site's own recordings whose names no call uses."""
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
