"""Reads a file of keys: numbers.yaml, orders.yaml or cluster.yaml. Reports all its problems at once. Pure."""

from collections.abc import Callable
from typing import TypeVar

from ivr.registry.fields import Fields
from ivr.registry.problems import Problems
from ivr.registry.secret_refusal import refuse_secrets
from ivr.registry.tree import Mapping, parse

T = TypeVar("T")


def read_document(text: str, file: str, read: Callable[[Fields, Problems], T], no_keys: str) -> T:
    """Return the result of ``read`` for the keys of ``text``.

    Args:
        text: the YAML text.
        file: its name, for messages.
        read: reads the keys, and adds to the problems.
        no_keys: the message for a text that has no keys.

    Raises:
        RegistryError: with every problem at once, in file order.
    """
    problems = Problems()
    root = parse(text, file, problems)
    refuse_secrets(root, problems)
    if isinstance(root, Mapping):
        document = read(Fields(root, problems), problems)
        problems.raise_if_any()
        return document
    problems.add(root.place, no_keys)
    problems.raise_if_any()
    raise AssertionError("a problem was noted")
