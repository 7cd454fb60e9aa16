"""The figures of the bench, as the tables of docs/desk.md and docs/desk.zh-CN.md."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trials.bench.desk.delays import percentile

_PLACE = re.compile(r"(?<=<!-- trials.bench.desk -->\n).*?(?=<!-- end -->)", re.DOTALL)
_CHINESE = {
    "a seat's phone rings": "座席振铃",
    "a seat answers": "座席接听",
    "the call is over": "通话结束",
    "all": "全部",
}


@dataclass(frozen=True, slots=True)
class DelayFigures:
    """The figures of a run."""

    delays: Mapping[str, Sequence[float]]  # ms, sorted, by Asterisk's event; "all" comes last
    pages: int
    calls_a_minute: float
    desk_cores: float  # share of a core that the desk's process used
    page_megabytes: float
    engine_cores: float
    engine_cores_without: float  # without pages
    load: float  # of the machine, over the last five minutes of the run
    day: str  # 2026-11-30

    @property
    def p95(self) -> float:
        """The 95th percentile of all delays, in ms."""
        return percentile(self.delays["all"], 0.95)


def in_english(figures: DelayFigures) -> str:
    """Return the table, and a sentence about the costs."""
    head = "| Asterisk's event | times | p50 ms | p95 ms | longest ms |"
    return (
        f"{head}\n|---|---|---|---|---|\n{_rows(figures, {})}\n"
        f"{figures.day}: {figures.pages} pages, {figures.calls_a_minute:.0f} calls a minute, load {figures.load:.1f}. "
        f"The desk's process: {figures.desk_cores:.1%} of a core, {figures.page_megabytes:.2f} MB a page. "
        f"The engine: {figures.engine_cores:.1%} of a core, {figures.engine_cores_without:.1%} without pages.\n"
    )


def in_chinese(figures: DelayFigures) -> str:
    """Return the table and the sentence in Chinese."""
    head = "| Asterisk 的事件 | 次数 | 中位数（毫秒） | 95 百分位（毫秒） | 最长（毫秒） |"
    return (
        f"{head}\n|---|---|---|---|---|\n{_rows(figures, _CHINESE)}\n"
        f"{figures.day}：{figures.pages} 个页面，每分钟 {figures.calls_a_minute:.0f} 次来电，负载 {figures.load:.1f}。"
        f"工作台进程占用一个核的 {figures.desk_cores:.1%}，每个页面 {figures.page_megabytes:.2f} MB；"
        f"引擎占用一个核的 {figures.engine_cores:.1%}，没有页面时为 {figures.engine_cores_without:.1%}。\n"
    )


def write(docs: Path, figures: DelayFigures) -> None:
    """Replace the earlier figures in both documents by the figures of a run."""
    for name, text in (("desk.md", in_english(figures)), ("desk.zh-CN.md", in_chinese(figures))):
        before = (docs / name).read_text(encoding="utf-8")
        (docs / name).write_text(_PLACE.sub(lambda _earlier, new=text: new, before), encoding="utf-8")


def _rows(figures: DelayFigures, words: Mapping[str, str]) -> str:
    lines = []
    for event_name, delays_ms in figures.delays.items():
        figures_ms = (percentile(delays_ms, 0.5), percentile(delays_ms, 0.95), delays_ms[-1])
        cells = " | ".join(f"{figure:.0f}" for figure in figures_ms)
        lines.append(f"| {words.get(event_name, event_name)} | {len(delays_ms)} | {cells} |\n")
    return "".join(lines)
