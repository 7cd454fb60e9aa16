"""The tables of docs/interop.md and docs/interop.zh-CN.md. Pure."""

from collections.abc import Sequence
from datetime import date

from trials.interop.behaviours import Behaviour
from trials.interop.interop_report import InteropCell

_ENGLISH = """# What works with carriers and phones that nobody here wrote

`make interop` fetches each program, starts a hotline beside it, and tries one behaviour after the other, on {day}.
Each cell is from that run; an empty cell was not tried, because the behaviour is not that peer's.
"""
_CHINESE = """# 与其他运营商设备和话机的互通情况

`make interop` 下载各程序，与一台热线一起运行，逐项试验。试验日期：{day}。
每一格都来自该次运行；空格表示该项与该设备无关，没有试验。
"""


def pages(cells: Sequence[InteropCell], day: date) -> tuple[str, str]:
    """Return both documents."""
    english = _page(cells, _ENGLISH.format(day=day), "behaviour", ("works", "fails"), chinese=False)
    return english, _page(cells, _CHINESE.format(day=day), "项目", ("通过", "未通过"), chinese=True)


def _page(cells: Sequence[InteropCell], head: str, title: str, words: tuple[str, str], *, chinese: bool) -> str:
    peers = list(dict.fromkeys(cell.peer for cell in cells))
    lines = [head, f"| {title} | {' | '.join(peers)} |", "|---" * (len(peers) + 1) + "|"]
    found = {(cell.behaviour, cell.peer): words[0] if cell.works else words[1] for cell in cells}
    for behaviour in Behaviour:
        row = [found.get((behaviour, peer), "") for peer in peers]
        if any(row):
            lines.append(f"| {behaviour.chinese if chinese else behaviour.english} | {' | '.join(row)} |")
    return "\n".join(lines) + "\n"
