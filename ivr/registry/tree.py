"""YAML text as a tree of nodes that know their places.

A scalar keeps its text, because 0735 is an octal number in YAML, but digits in a registry. Anchors, aliases and tags
are refused, so that an admin can read a value where it is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from ivr.registry.input_method import quotes_over_lines, slips
from ivr.registry.model import Place
from ivr.registry.problems import Problems
from ivr.registry.quoting import shown
from ivr.texts import _

LARGEST = 1024 * 1024  # characters; a registry of thousands of numbers stays far below
_FEW = 20  # forbidden characters; a file with more is no text
_DEEPEST = 10  # levels; the deepest value of the shipped registry is at level 6
# Characters that YAML forbids, that are line breaks in YAML only, or that change the order of display.
_FORBIDDEN = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast if PyYAML was built with libyaml


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value, as text."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values; ``keys`` has the place of each key."""

    values: dict[str, "Node"]
    keys: dict[str, Place]
    place: Place


@dataclass(frozen=True, slots=True)
class RefusedValue:
    """A value whose problem is already in the list; readers skip it."""

    place: Place


Node = Scalar | Sequence | Mapping | RefusedValue


def parse(text: str, file: str, problems: Problems) -> Node:
    """Return the tree of the one document in ``text``.

    A problem after which the rest can be read goes into ``problems``; any other problem ends the reading.

    Raises:
        RegistryError: the text is no YAML, empty, too large, or nested too deep.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    start = Place(file, 1, 1)
    if len(text) > LARGEST:
        problems.add(
            start, _("the file is larger than {size} KiB: this is not a registry").format(size=LARGEST // 1024)
        )
        problems.raise_if_any()
    _refuse_forbidden(text, file, problems)
    for slip in slips(text):
        problems.add(Place(file, slip.line, slip.column), slip.message)
    problems.raise_if_any()
    try:
        return _Builder(text, file, problems).document()
    except yaml.MarkedYAMLError as error:
        problems.add(*_syntax(error, text, file))
    except yaml.YAMLError as error:
        problems.add(start, _("this is not YAML: {reason}").format(reason=error))
    problems.raise_if_any()
    raise AssertionError("a syntax error was noted")


def _refuse_forbidden(text: str, file: str, problems: Problems) -> None:
    """Add a problem for each character that YAML forbids; in a file that is no text, for the first only.

    Raises:
        RegistryError: the text has such a character.
    """
    forbidden = list(_FORBIDDEN.finditer(text))
    message = _("the invisible character {code} cannot stand here: delete it")
    if len(forbidden) > _FEW:
        message = _("this is not a text file: it holds {count} control characters, the first one, {code}, here")
    for sign in forbidden if len(forbidden) <= _FEW else forbidden[:1]:
        line, begin = text.count("\n", 0, sign.start()) + 1, text.rfind("\n", 0, sign.start())
        code = f"U+{ord(sign.group()):04X}"
        problems.add(Place(file, line, sign.start() - begin), message.format(code=code, count=len(forbidden)))
    problems.raise_if_any()


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> tuple[Place, str]:
    """Translate the message of the YAML parser for an admin."""
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    lines = text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return place, _("a tab cannot indent a line in YAML: use spaces")
    reason = error.problem or str(error)
    if error.context_mark and "end of stream" in reason:
        opening_place = Place(file, error.context_mark.line + 1, error.context_mark.column + 1)
        return opening_place, _("a quote or bracket that opens here is not closed")
    for opening_line, column, closing_line in quotes_over_lines(text):
        # A quote that is missing at the end of a value ends at the next quote, and the fault is found behind that one.
        if opening_line < place.line and closing_line in (place.line - 1, place.line):
            return Place(file, opening_line, column), _("a quote that opens here is not closed on its line")
    if "alias" in (error.context or ""):
        return place, _('a key or value that starts with * or & must stand in quotes, as in "*"')
    if error.context and error.context_mark and error.context_mark.line + 1 != place.line:
        reason += f" ({error.context}, line {error.context_mark.line + 1})"
    hint = _("look here and just above for a missing quote, colon or bracket, or a wrong indent")
    return place, _("this is not YAML: {reason}; {hint}").format(reason=reason, hint=hint)


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(self, text: str, file: str, problems: Problems) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_LOADER))
        self._file = file
        self._problems = problems

    def document(self) -> Node:
        """Return the only document of the stream."""
        next(self._events)
        first = next(self._events)
        if not isinstance(first, yaml.DocumentStartEvent):
            self._end(Place(self._file, 1, 1), _("the file is empty"))
        root = self._node(next(self._events), 0)
        next(self._events)
        next_event = next(self._events)
        if isinstance(next_event, yaml.DocumentStartEvent):
            self._end(self._place(next_event), _("a second document starts here (---): a registry is one document"))
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        place = self._place(event)
        if depth > _DEEPEST:
            self._end(place, _("nested too deep: nothing in a registry stands this far in"))
        plain = self._is_plain(event, place)
        node: Node
        if isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(place, depth)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Sequence(tuple(self._items(depth)), place)
        elif isinstance(event, yaml.ScalarEvent):
            node = Scalar(event.value, place)
        else:
            return RefusedValue(place)
        return node if plain else RefusedValue(place)

    def _is_plain(self, event: yaml.Event, place: Place) -> bool:
        """Refuse syntax that YAML allows and a registry does not."""
        if isinstance(event, yaml.AliasEvent):
            self._problems.add(place, _("an alias (*) cannot stand in a registry: write the value out; quote a real *"))
            return False
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self._problems.add(place, _("an anchor (&) cannot stand in a registry: write the value out where needed"))
            return False
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            self._problems.add(place, _("a tag (!) cannot stand in a registry: write the plain value"))
            return False
        if isinstance(event, yaml.ScalarEvent) and event.style in ("|", ">"):
            self._problems.add(
                place, _("a text block (| or >) cannot stand in a registry: write the value on one line")
            )
            return False
        return True

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _mapping(self, place: Place, depth: int) -> Mapping:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if isinstance(key, RefusedValue):
                continue
            if not isinstance(key, Scalar):
                self._problems.add(key.place, _("a key must be a single word"))
            elif key.text in keys:
                message = _("the key {key} stands here a second time; the first is on line {line}")
                self._problems.add(key.place, message.format(key=shown(key.text), line=keys[key.text].line))
            else:
                values[key.text] = value
                keys[key.text] = key.place
        return Mapping(values, keys, place)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1) if mark else Place(self._file, 1, 1)

    def _end(self, place: Place, message: str) -> None:
        self._problems.add(place, message)
        self._problems.raise_if_any()
