"""A plan as text: each step with its reason below it, wrapped at the width of the terminal."""

import shutil
import sys
from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from ivr.cli import words
from ivr.routing.explain import PlanData, StepData
from ivr.texts import _

_NARROWEST = 40  # columns
_OPENING, _CLOSING = "“（《", "，。、；：？！）”》 "  # signs that stay with the next, or the previous, character
_PIPE = 100_000  # columns, so that a program gets each paragraph as one line


def width() -> int:
    """Return the columns of the terminal. Lines are not wrapped if the output is no terminal."""
    return max(_NARROWEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _PIPE


def plan_text(plan: PlanData, typed: str, columns: int) -> Iterator[str]:
    """Yield the lines of a plan, none of them wider than ``columns``; ``typed`` is the number as the admin typed it."""
    yield from wrapped(_headline(plan, typed), columns)
    caller = _("caller {caller}, {time}").format(caller=plan["caller"] or _("withheld"), time=plan["time"])
    yield from wrapped(caller, columns)
    if plan["rings_after"] is not None:
        text = _("if the caller does nothing, the first phone rings after {seconds:.1f} s")
        yield from wrapped(text.format(seconds=plan["rings_after"]), columns)
    yield ""
    yield from _steps(plan["steps"], columns)
    for branch in plan["menu"]:
        yield ""
        text = _("key {key}: {topic}").format(key=branch["key"], topic=branch["topic"] or "–")
        if branch["rings_after"] is not None:
            text += _(", the first phone rings {seconds:.1f} s later").format(seconds=branch["rings_after"])
        yield from wrapped(text, columns)
        yield from _steps(branch["steps"], columns)


def wrapped(text: str, columns: int, indent: int = 0) -> Iterator[str]:
    """Yield ``text`` in lines of at most ``columns``, broken at a space, or between two Chinese characters."""
    margin, room = " " * indent, columns - indent
    line = ""
    for piece in _pieces(text):
        if cell_len(line + piece.rstrip()) > room and line.strip():
            yield (margin + line).rstrip()
            line = ""
        line += piece
        while cell_len(line.rstrip()) > room:  # a word that is wider than a line
            cut_line = set_cell_size(line, room)
            yield margin + cut_line
            line = line[len(cut_line) :]
    yield (margin + line).rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces that are not broken: a word with its space, a Chinese character with its punctuation."""
    piece = ""
    for sign, following in zip(text, f"{text[1:]} ", strict=True):
        piece += sign
        at_wide = cell_len(sign) > 1 or cell_len(following) > 1
        if sign == " " or (at_wide and sign not in _OPENING and following not in _CLOSING):
            yield piece
            piece = ""
    if piece:
        yield piece


def _steps(steps: list[StepData], columns: int) -> Iterator[str]:
    for count, step in enumerate(steps, start=1):
        number = f"{count}  "
        first, *further_lines = wrapped(step["text"], columns, indent=len(number))
        yield number + first[len(number) :]
        yield from further_lines
        place = f" ({step['at']})" if step["at"] else ""
        yield from wrapped(
            _("because {reason}{place}").format(reason=step["reason"], place=place), columns, len(number)
        )


def _headline(plan: PlanData, typed: str) -> str:
    if plan["gap"]:
        if not plan["dialled"]:
            return _("{typed!r} is not a number; the call goes the way of an unregistered number").format(typed=typed)
        if plan["steps"][0]["why"] == "not-in-force":
            return _("{number} is registered, but not for this day").format(number=plan["dialled"])
        return _("{number} is not registered").format(number=plan["dialled"])
    texts = [plan["dialled"], plan["name"], plan["unit"], words.mode(plan["mode"])]
    if len(plan["chain"]) > 1:
        texts.append(" → ".join(plan["chain"]))
    return "  ".join(text for text in texts if text)
