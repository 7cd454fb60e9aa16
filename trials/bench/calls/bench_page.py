"""The figures as a table, in Markdown, kept as docs/bench.md, and as JSON beside the other measurements."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from testkit.hotline.running import ROOT
from trials.bench.speech.judging.speech_bench_page import machine

_TABLE, _ROWS = ROOT / "docs" / "bench.md", ROOT / "var" / "bench.json"
_ANALYSIS = "## Where each millisecond goes\n"  # from here on the page is written by hand, and kept
_HEAD = ("measured", "ours", "bare dialplan", "ratio", "aim", "")


@dataclass(frozen=True, slots=True)
class BenchRow:
    """A row of the table: a figure, and the figure with which it is compared."""

    title: str
    ours: str
    bare: str = ""
    ratio: str = ""
    aim: str = ""
    met: bool | None = None  # None: the figure has no aim

    def cells(self) -> tuple[str, ...]:
        """Return the row's cells."""
        verdict = "" if self.met is None else "met" if self.met else "**missed**"
        return (self.title, self.ours, self.bare, self.ratio, self.aim, verdict)


def table(rows: Sequence[BenchRow]) -> str:
    """Return the rows as a Markdown table."""
    lines = [_HEAD, ["---"] * len(_HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def keep(rows: Sequence[BenchRow], introduction: str) -> None:
    """Write the page and the rows."""
    earlier_page = _TABLE.read_text(encoding="utf-8") if _TABLE.exists() else ""
    _begin, heading, analysis = earlier_page.partition(_ANALYSIS)
    _TABLE.write_text(f"{introduction}\n{table(rows)}\n\n{heading}{analysis}".rstrip() + "\n", encoding="utf-8")
    _ROWS.parent.mkdir(exist_ok=True)
    content = {"measured_on": machine(), "rows": [asdict(row) for row in rows]}
    _ROWS.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
