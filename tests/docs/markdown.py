"""Reads the tables and the quoted words of a document."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def rows(document: str) -> list[list[str]]:
    """Return every table row of a document, as cells."""
    lines = re.findall(r"(?m)^\s*\| (.*) \|$", text(document))
    return [row.split(" | ") for row in lines]


def quoted(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


def table(document: str, title: str) -> list[list[str]]:
    """Return the rows under the row whose first cell is ``title``."""
    match = re.search(rf"(?m)^\| {re.escape(title)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text(document))
    assert match, title
    return [row.strip("| ").split(" | ") for row in match[1].splitlines()]
