"""Reads the keys of one mapping, and adds each problem to a list."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import TypeVar

from ivr.registry.field_types import RefusedError
from ivr.registry.model import Place
from ivr.registry.problems import Problems
from ivr.registry.quoting import shown, with_nearest
from ivr.registry.secret_refusal import is_secret
from ivr.registry.tree import Mapping, Node, RefusedValue, Scalar, Sequence
from ivr.texts import _

T = TypeVar("T")

_DASHES = str.maketrans("—–~−", "----")


class Fields:
    """One mapping of the file. Read its keys, then call `done`, which reports the keys that nobody read."""

    def __init__(self, node: Mapping, problems: Problems) -> None:
        """Read ``node``, and add its problems to ``problems``."""
        self.place = node.place
        self._node = node
        self._problems = problems
        self._read: list[str] = []
        self._sound = True

    def has(self, key: str) -> bool:
        """Tell whether the mapping has the key, with any value."""
        return key in self._node.keys

    def at(self, key: str) -> Place:
        """The place of the key's value, or of the whole mapping if there is no such key."""
        value = self._node.values.get(key)
        return value.place if value else self.place

    def at_key(self, key: str) -> Place:
        """The place of the key itself."""
        return self._node.keys.get(key, self.place)

    def length(self, key: str) -> int | None:
        """Return the number of items of the list under a key; None if there is no list."""
        node = self._node.values.get(key)
        return len(node.items) if isinstance(node, Sequence) else None

    def refuse(self, place: Place, message: str) -> None:
        """Add a problem that makes this entry unusable."""
        self._problems.add(place, message)
        self._sound = False

    def refuse_quietly(self) -> None:
        """Make this entry unusable, because a mapping below it has a problem."""
        self._sound = False

    def need(self, key: str, kind: Callable[[str], T]) -> T | None:
        """Read a key that must be there; None, and a problem, if it is missing or wrong."""
        self._miss(key)
        return self.maybe(key, kind)

    def maybe(self, key: str, kind: Callable[[str], T]) -> T | None:
        """Read a key that may be left out; None if it is left out; None, and a problem, if it is wrong."""
        self._read.append(key)
        node = self._node.values.get(key)
        return self._scalar(key, node, kind) if node else None

    def texts(self, key: str, kind: Callable[[str], T]) -> list[tuple[T, Place]]:
        """Read a list of values, each with its place. A wrong value is left out, and is a problem."""
        self._read.append(key)
        values = []
        for node in self._list(key, _("must be a list of values, as in [a, b]")):
            value = self._scalar(key, node, kind)
            if value is not None:
                values.append((value, node.place))
        return values

    def names(self, key: str) -> tuple[str, ...]:
        """Return the names of the mapping under a key, also of entries with a problem."""
        node = self._node.values.get(key)
        return tuple(node.values) if isinstance(node, Mapping) else ()

    def section(self, key: str) -> "Fields | None":
        """Read the mapping under a key; None if there is none."""
        self._read.append(key)
        node = self._node.values.get(key)
        return self._mapping(key, node) if node else None

    def named(self, key: str, kind: Callable[[str], str]) -> Iterator[tuple[str, Place, "Fields"]]:
        """Read a mapping of names to mappings: each name, its place and its mapping."""
        section = self.section(key)
        for name in self.names(key):
            if section is None or is_secret(name):
                continue
            place = section.at_key(name)
            fields = section.section(name)
            checked_name = section._scalar(key, Scalar(name, place), kind)
            if fields is not None:
                fields._sound = checked_name is not None
                yield name, place, fields

    def entries(self, key: str) -> Iterator["Fields"]:
        """Read a list of mappings."""
        self._read.append(key)
        for node in self._list(key, _("must be a list: each entry starts with a dash")):
            entry = self._mapping(key, node)
            if entry is not None:
                yield entry

    def values_or_entries(
        self, key: str, kind: Callable[[str], T], message: str
    ) -> "Iterator[tuple[T, Place] | Fields]":
        """Read a list of values, each with its place, and of mappings. A wrong value is left out, and is a problem."""
        self._read.append(key)
        for node in self._list(key, message):
            if isinstance(node, Mapping):
                yield Fields(node, self._problems)
            elif (value := self._scalar(key, node, kind)) is not None:
                yield value, node.place

    def require(self, *keys: str) -> None:
        """Add a problem for each missing key."""
        for key in keys:
            self._miss(key)

    def done(self) -> bool:
        """Add a problem for each key that was not read; tell whether the mapping has no problem."""
        for key, place in self._node.keys.items():
            if key not in self._read and not is_secret(key):
                message = _("the key {key} is unknown here").format(key=shown(key))
                self.refuse(place, with_nearest(message, key, self._read))
        return self._sound

    def _miss(self, key: str) -> None:
        if not self.has(key):
            self.refuse(self.place, _("the key {key} is missing").format(key=shown(key)))

    def _scalar(self, key: str, node: Node, kind: Callable[[str], T]) -> T | None:
        if not isinstance(node, Scalar):
            self._wrong(key, node, _("must be a single value"))
            return None
        try:
            return kind(node.text)
        except RefusedError as error:
            self.refuse(node.place, f"{key}: {_half_width(node.text, kind) or error}")
            return None

    def _list(self, key: str, message: str) -> tuple[Node, ...]:
        node = self._node.values.get(key)
        if node is None or isinstance(node, Sequence):
            return node.items if node else ()
        self._wrong(key, node, message)
        return ()

    def _mapping(self, key: str, node: Node) -> "Fields | None":
        if isinstance(node, Mapping):
            return Fields(node, self._problems)
        self._wrong(key, node, _("must hold keys with values, as in name: general"))
        return None

    def _wrong(self, key: str, node: Node, message: str) -> None:
        self._sound = False
        if not isinstance(node, RefusedValue):
            name = (
                key if key.isascii() and key.isprintable() else shown(key)
            )  # because the key may be a name from the file
            self.refuse(node.place, f"{name}: {message}")


def _half_width(text: str, kind: Callable[[str], object]) -> str | None:
    """Return the advice if only full-width characters make ``text`` wrong; None otherwise."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    try:
        kind(plain)
    except RefusedError:
        return None
    if plain == text:
        return None
    return _("{value} holds full-width characters; write {plain}").format(value=shown(text), plain=shown(plain))
