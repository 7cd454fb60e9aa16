"""Aligned tables for people, never cut at the width of the terminal; a Chinese character takes two columns."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import click
from rich.cells import cell_len

from ivr.routing.calendar import city_time


def moment(time: str) -> str:
    """Return a time of ISO 8601 as tables show it: the city's, without the year."""
    return city_time(datetime.fromisoformat(time)).strftime("%m-%d %H:%M:%S")


def show(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under their titles, each column as wide as its widest cell."""
    lines = [tuple(titles), *map(tuple, rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
