"""A registry's text as a table: each entry with its values as written, and the value at each place. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ivr.registry.problems import Problem, Problems, RegistryError
from ivr.registry.tree import Mapping, Node, Scalar, Sequence, parse

Path = tuple[str | int, ...]
_ENTRY = 2  # steps to an entry: ("lines", 3)


@dataclass(frozen=True, slots=True)
class LocatedProblem:
    """A problem or warning, and the value of the file to which it belongs."""

    line: int  # 0: the file as a whole, or another file
    column: int
    message: str
    path: Path  # () if it belongs to no value

    def to_json(self) -> dict[str, Any]:
        """Return the problem as REST shows it."""
        return {"line": self.line, "column": self.column, "message": self.message, "path": list(self.path)}


class RegistryOutline:
    """The entries of a text, and the places of its values; empty if the text is not YAML."""

    def __init__(self, text: str) -> None:
        """Read ``text`` without a check of its problems."""
        self._places: dict[tuple[int, int], Path] = {}
        self._lines: dict[Path, int] = {}
        try:
            root = parse(text, "", Problems())
        except RegistryError:
            root = None
        self._root = root if isinstance(root, Mapping) else None
        if self._root is not None:
            for path, line, column in _placed(self._root, ()):
                self._places.setdefault((line, column), path)
                self._lines.setdefault(path, line)

    @property
    def readable(self) -> bool:
        """Whether the text is a mapping in YAML, so that it can be edited in forms."""
        return self._root is not None

    def located(self, problem: Problem, file: str) -> LocatedProblem:
        """Return a problem of ``file`` with the path of the value at its place, or of the last value before it."""
        place = problem.place
        if place.file != file or not place.line:
            return LocatedProblem(0, 0, str(problem), ())
        problem_place = (place.line, place.column)
        path = self._places.get(problem_place)
        if path is None:
            places_before = [value_place for value_place in self._places if value_place <= problem_place]
            path = self._places[max(places_before)] if places_before else ()
        return LocatedProblem(place.line, place.column, problem.message, path)

    def to_json(self) -> dict[str, Any]:
        """Return each section: a list of entries, or the values themselves if the section is one entry.

        An entry is ``{"path": …, "line": …, "values": …}``; its values are texts, lists and mappings.
        """
        if self._root is None:
            return {}
        return {key: self._section(key, node) for key, node in self._root.values.items()}

    def _section(self, key: str, node: Node) -> list[dict[str, Any]] | dict[str, Any]:
        steps: list[tuple[str | int, Node]] = []
        if isinstance(node, Sequence):
            steps = list(enumerate(node.items))
        elif isinstance(node, Mapping) and all(isinstance(entry, Mapping) for entry in node.values.values()):
            steps = list(node.values.items())
        else:
            return {"path": [key], "line": self._lines[(key,)], "values": _data(node)}
        return [
            {"path": [key, step], "line": self._lines.get((key, step), 0), "values": _data(below)}
            for step, below in steps
        ]


def _placed(node: Node, path: Path) -> Iterator[tuple[Path, int, int]]:
    """Yield each value's path with its place; a value also has the place of its key."""
    if isinstance(node, Mapping):
        for key, value in node.values.items():
            key_place = node.keys[key]
            if len(path) >= _ENTRY and (key_place.line, key_place.column) == (node.place.line, node.place.column):
                yield path, key_place.line, key_place.column  # an entry begins with its first key
            yield (*path, key), key_place.line, key_place.column
            yield from _placed(value, (*path, key))
    elif isinstance(node, Sequence):
        for position, element in enumerate(node.items):
            yield from _placed(element, (*path, position))
    yield path, node.place.line, node.place.column


def _data(node: Node) -> Any:  # noqa: ANN401 - JSON
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [_data(element) for element in node.items]
        case Mapping():
            return {key: _data(value) for key, value in node.values.items()}
    return None
