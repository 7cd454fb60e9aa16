"""The table of ``make cluster``, docs/cluster-failures.md: a row of an earlier run stays until it is measured
again."""

import os
from collections.abc import Mapping

from testkit.hotline.running import ROOT
from trials.cluster.cluster_faults import FAULTS

_PAGE = ROOT / "docs" / "cluster-failures.md"
_HEAD = (
    "failure", "calls up", "lost at the node that failed", "lost elsewhere", "misrouted", "records wrong",
    "s to a new call's answer, at most",
)  # fmt: skip
_INTRODUCTION = f"""# What a failure costs a cluster

Written by `make cluster` on {os.cpu_count()} cores: PostgreSQL, a front and three nodes, each in a network
namespace of its own. 24 calls are up, half of them talking and half of them waiting. Then something fails, and a new
caller calls every 0.4 s. Lost: no node has the call any more, and the caller did not hang up. Misrouted: a phone rang
for a caller of another line, or for a caller who had been served. Records wrong: missing, doubled, at another node, or
not as the call went. The phones signal and send no sound.
"""


def write(made: Mapping[str, list[str]]) -> str:
    """Write the page with these rows and those of earlier runs; return it."""
    earlier = _PAGE.read_text(encoding="utf-8").splitlines() if _PAGE.exists() else []
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD))]
    for name, fault in FAULTS.items():
        if name in made:
            lines.append(_line(made[name]))
        else:
            lines += [line for line in earlier if line.startswith(f"| {fault.what}")]
    page = "\n".join([_INTRODUCTION, *lines]) + "\n"
    _PAGE.write_text(page, encoding="utf-8")
    return page


def _line(cells: "list[str] | tuple[str, ...]") -> str:
    return f"| {' | '.join(cells)} |"
