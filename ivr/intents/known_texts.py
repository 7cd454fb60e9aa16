"""All known texts of a menu: phrases of the registry, and the names that follow from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ivr.intents.names import line_names, places, unit_names
from ivr.registry.model import Line, Menu, Mode, Registry


class TargetKind(StrEnum):
    """The kind of a target."""

    CHOICE = "choice"  # a key of the menu
    LINE = "line"
    LINKAGE = "linkage"


@dataclass(frozen=True, slots=True)
class Target:
    """A target that a caller can want."""

    kind: TargetKind
    name: str  # the menu's key, or the number


class Source(StrEnum):
    """The source of a known text. If two sources have the same text, the earlier source takes it."""

    PHRASE = "phrase"  # `phrases` of a line, a service, a key or an unclear matter
    NAME = "name"  # a name of the line
    UNIT = "unit"  # a name of the unit behind the line
    PLACE = "place"  # the district, county or city that the unit governs
    MATTER = "matter"  # `matters` of a line or a service


@dataclass(frozen=True, slots=True)
class KnownText:
    """One known text, and its meaning."""

    text: str
    targets: tuple[Target, ...]  # several if the text alone does not tell which
    source: Source


def known(registry: Registry, menu: Menu, on: date) -> tuple[KnownText, ...]:
    """Return everything that leads a caller at ``menu`` somewhere on that day; no text stands there twice."""
    found: dict[str, KnownText] = {}
    for each in (*_phrases(registry, menu, on), *_names_and_matters(registry, on)):
        found.setdefault(each.text, each)
    return tuple(found.values())


def lines_on(registry: Registry, on: date) -> tuple[Line, ...]:
    """Return the entries of that day, without the hotline itself."""
    lines = (line for line in registry.lines if line.mode is not Mode.HOTLINE)
    return tuple(line for line in lines if line is registry.entry(line.number, on))


def merged(lines: Iterable[Line]) -> dict[Target, Target]:
    """Return the lines that lead on to another one of these, and that other one."""
    targets = {line.number: Target(TargetKind.LINE, line.number) for line in lines}
    return {targets[line.number]: targets[line.into] for line in lines if line.into in targets}


def _phrases(registry: Registry, menu: Menu, on: date) -> Iterator[KnownText]:
    def phrases(texts: Iterable[str], *targets: Target) -> Iterator[KnownText]:
        return (KnownText(text, targets, Source.PHRASE) for text in texts)

    for choice in menu.choices:
        yield from phrases(choice.phrases, Target(TargetKind.CHOICE, choice.key))
    for line in lines_on(registry, on):
        yield from phrases(line.phrases, Target(TargetKind.LINE, line.number))
    for service in registry.linkage.values():
        yield from phrases(service.phrases, Target(TargetKind.LINKAGE, service.number))
    for unclear in registry.unclear:
        yield from phrases(unclear.phrases, *(Target(TargetKind.LINE, number) for number in unclear.lines))


def _names_and_matters(registry: Registry, on: date) -> Iterator[KnownText]:
    lines = lines_on(registry, on)
    found: dict[Source, dict[str, list[Target]]] = {source: defaultdict(list) for source in Source}
    for line in lines:
        texts = {
            Source.NAME: line_names(line.name),
            Source.UNIT: unit_names(line.unit, registry.city.name),
            Source.PLACE: places(line.unit),
            Source.MATTER: line.matters,
        }
        _add(found, texts, Target(TargetKind.LINE, line.number))
    for service in registry.linkage.values():
        texts = {Source.NAME: line_names(service.name), Source.MATTER: service.matters}
        _add(found, texts, Target(TargetKind.LINKAGE, service.number))
    leads_to = merged(lines)
    for source, of_source in found.items():
        for text, targets in of_source.items():
            yield KnownText(text, _distinct(targets, leads_to), source)


def _add(
    found: Mapping[Source, dict[str, list[Target]]], texts: Mapping[Source, Iterable[str]], target: Target
) -> None:
    for source, of_source in texts.items():
        for text in of_source:
            found[source][text].append(target)


def _distinct(targets: list[Target], leads_to: Mapping[Target, Target]) -> tuple[Target, ...]:
    """Return the targets once each; several that lead on to the same line are that line."""
    return (targets[0],) if len(targets) == 1 else tuple(dict.fromkeys(leads_to.get(each, each) for each in targets))
