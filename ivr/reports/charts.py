"""Charts as SVG elements: columns over time, and horizontal bars. Pure; every value can be read without colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil, log10
from xml.etree.ElementTree import Element, SubElement, tostring

from rich.cells import cell_len

_WIDTH = 960  # of every chart; the page scales it
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 12, 26  # room around the columns
_PLOT = 180  # height of the columns
_BAR, _GAP = 15, 8  # of horizontal bars
_TEXT = 7  # width of one column of text
_MINIMUM = 2  # of a bar whose value is not 0, so that it can be seen


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart."""

    name: str
    style: str  # class of the page's style sheet
    values: Sequence[int]


def columns(title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    """Return columns, one for each label, the series stacked from below."""
    totals = [sum(values) for values in zip(*(layer.values for layer in series), strict=True)]
    step, top = _scale(max(totals, default=0))
    chart = _chart(title, _TOP + _PLOT + _BOTTOM)
    for mark in range(0, top + 1, step):
        y = _TOP + _PLOT * (1 - mark / top)
        _line(chart, _LEFT, y, _WIDTH - _RIGHT)
        _text(chart, _LEFT - 6, y + 4, f"{mark}", "end")
    pitch = (_WIDTH - _LEFT - _RIGHT) / len(labels)
    for place, label in enumerate(labels):
        x, y = _LEFT + pitch * (place + 0.14), float(_TOP + _PLOT)
        for layer in series:
            height = _PLOT * layer.values[place] / top
            y -= height
            _bar(chart, (x, y, pitch * 0.72, height), layer.style, f"{label} · {layer.name}: {layer.values[place]}")
        _text(chart, x + pitch * 0.36, _TOP + _PLOT + 17, label, "middle")
    return tostring(chart, encoding="unicode")


def bars(title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    """Return horizontal bars, one for each label, the series stacked from the left, the sum written at the end."""
    totals = [sum(values) for values in zip(*(layer.values for layer in series), strict=True)]
    left = min(max(map(cell_len, labels), default=0) * _TEXT + 12, _WIDTH // 2)
    room = _WIDTH - left - 60
    chart = _chart(title, max(len(labels) * (_BAR + _GAP) + _GAP, 1))
    for place, label, total in zip(count(), labels, totals, strict=False):
        x, y = float(left), _GAP + place * (_BAR + _GAP)
        _text(chart, left - 8, y + 12, label, "end")
        for layer in series:
            width = room * layer.values[place] / max(*totals, 1)
            _bar(chart, (x, y, width, _BAR), layer.style, f"{label} · {layer.name}: {layer.values[place]}")
            x += width
        _text(chart, x + 6, y + 12, f"{total}", "start")
    return tostring(chart, encoding="unicode")


def _scale(highest: int) -> tuple[int, int]:
    """Return a round step and the end of an axis that begins at 0 and has at most six marks."""
    least = max(highest, 1) / 5
    power = 10 ** max(ceil(log10(least)) - 1, 0)
    step = next(round(power * factor) for factor in (1, 2, 5, 10, 20) if power * factor >= least)
    return step, step * max(ceil(highest / step), 1)


def _chart(title: str, height: float) -> Element:
    chart = Element("svg", {"viewBox": f"0 0 {_WIDTH} {height:g}", "role": "img", "aria-label": title})
    SubElement(chart, "title").text = title
    return chart


def _line(chart: Element, x: float, y: float, end_x: float) -> None:
    SubElement(chart, "path", {"class": "grid", "d": f"M{x:g} {y:.1f}H{end_x:g}"})


def _bar(chart: Element, box: tuple[float, float, float, float], style: str, hint: str) -> None:
    x, y, width, height = box
    if width > 0 and height > 0:
        size = {"width": f"{max(width, _MINIMUM):.1f}", "height": f"{max(height, _MINIMUM):.1f}"}
        bar = SubElement(chart, "rect", {"class": style, "x": f"{x:.1f}", "y": f"{y:.1f}", **size})
        SubElement(bar, "title").text = hint


def _text(chart: Element, x: float, y: float, text: str, anchor: str) -> None:
    position = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    SubElement(chart, "text", position).text = text
