"""Merges two people's changes of a text line by line, if they changed different lines. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff


@dataclass(frozen=True, slots=True)
class _Change:
    first: int  # line of the base
    end: int  # the line after the last
    lines: tuple[str, ...]  # the new lines


def merged(base: str, mine: str, theirs: str) -> str | None:
    """Return ``base`` with the changes of both; None if both changed the same lines in different ways."""
    lines = base.splitlines(keepends=True)
    changes = {*_changes(lines, mine), *_changes(lines, theirs)}
    merged_lines: list[str] = []
    next_line, last_changed = 0, -1
    for change in sorted(changes, key=lambda change: (change.first, change.end)):
        if change.first < next_line or change.first == last_changed:
            return None
        merged_lines += [*lines[next_line : change.first], *change.lines]
        next_line, last_changed = change.end, change.first
    return "".join([*merged_lines, *lines[next_line:]])


def difference(before: str, after: str) -> str:
    """Return the changed lines with three lines around them, each with a sign: " ", "-", "+"; "" if nothing differs."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return "\n".join(list(lines)[2:])


def _changes(base: Sequence[str], text: str) -> Iterator[_Change]:
    text_lines = text.splitlines(keepends=True)
    for kind, first, end, new_first, new_end in SequenceMatcher(None, base, text_lines, autojunk=False).get_opcodes():
        if kind != "equal":
            yield _Change(first, end, tuple(text_lines[new_first:new_end]))
