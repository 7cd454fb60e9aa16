"""The registry in force, read back from the state folder and checked again."""

from ivr.registry.load import load
from ivr.registry.model import Registry
from ivr.runtime.layout import Home
from ivr.shipped import RECORDINGS
from ivr.site import candidate, orders_in_force, registry_history
from ivr.site.candidate import RegistryCandidate
from ivr.site.prompt_catalogue import catalogue


def registry(home: Home, file: str) -> Registry:
    """Return the registry in force; ``file`` is its name in problems.

    A prompt may be in force or shipped, because a program that was upgraded under a running hotline may need new
    prompts, and its engine has to start with the old registry.

    Raises:
        FileNotFoundError: no hotline ever ran in this home.
        RegistryError: it has problems, because this version of the program checks more than the version that ran.
    """
    prompts = catalogue(home.prompts).prompts | catalogue(RECORDINGS).prompts
    return load(registry_history.current(home), file, prompts)


def version(home: Home, file: str) -> RegistryCandidate:
    """Return the registry in force and the site's own recordings in force, as if they were put in force now.

    Raises:
        FileNotFoundError: no hotline ever ran in this home.
        RegistryError: it has problems, because this version of the program checks more than the version that ran.
    """
    in_force = registry_history.in_force(home)
    orders = orders_in_force.orders_of(in_force.orders)
    return candidate.check(in_force.text, file, catalogue(RECORDINGS, in_force.recordings), orders)
