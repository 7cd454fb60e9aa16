"""The destinations of keys and lines in the shipped registry. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.registry.model import ChoiceKind, Registry

_SAID_AGAIN = (ChoiceKind.REPEAT, ChoiceKind.SLOW)


@dataclass(frozen=True, slots=True)
class Destinations:
    """The part of a registry that a judgement needs."""

    merged: Mapping[str, str]
    """Numbers whose calls are led on to the seats of another number, and that number."""

    agents: frozenset[str]
    """Keys of the menu that lead to the pooled agents, or to the menu again: never a wrong route."""


def destinations(registry: Registry, menu_name: str) -> Destinations:
    """Return where the keys of a menu and the lines of a registry lead."""
    hotline, menu = registry.hotline.number, registry.menus[menu_name]
    merged = {line.number: line.into for line in registry.lines if line.into and line.into != hotline}
    agents = {
        choice.key
        for choice in menu.choices
        if choice.kind in _SAID_AGAIN or (choice.kind is not ChoiceKind.LINE and choice.target == menu.human)
    }
    return Destinations(merged, frozenset(agents))
