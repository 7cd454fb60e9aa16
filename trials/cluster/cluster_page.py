"""The tables of ``make cluster`` in docs/cluster-failures.md. A row of an earlier run stays until its next run."""

import os
from collections.abc import Mapping, Sequence

from testkit.hotline.running import ROOT
from trials.cluster.cluster_faults import FAULTS
from trials.cluster.cluster_trial import AT_ONCE, UP
from trials.cluster.queue_order import QUEUE_TRIALS

_PAGE = ROOT / "docs" / "cluster-failures.md"
_HEAD = (
    "failure", "calls up", "lost at the node that failed", "lost elsewhere", "misrouted", "records wrong",
    "s to a new call's answer, at most", "s until the seats were signed in again",
    "s until the waiting callers were on the callback list", "load",
)  # fmt: skip
_QUEUE_HEAD = ("trial", "callers", "offers", "out of order", "rung twice", "not served", "records wrong", "load")
_MISSED = "## What is missed, and why\n"  # written by hand; it stays
_INTRODUCTION = f"""# What a failure costs a cluster

Written by `make cluster` on {os.cpu_count()} cores; `make cluster ARGS=NAME` makes one row. PostgreSQL with a
standby, a front of two machines, three nodes, a carrier and phones are hosts of their own: network namespaces. {UP}
calls are up, as many talking as seats are signed in, the others waiting. Then something fails. In that moment {AT_ONCE}
new callers call, and then one every 0.4 s until all is well again. A talk at a node that is silent ends after 3 s,
because both parties hang up.

Lost: the caller did not hang up, and no node has the call any more; or the talk was silent. Misrouted: a phone rang for
a caller of another line, for a caller who had been served, or while it was in a call. Records wrong: missing, doubled,
at another node, not as the call went, or with more or fewer work orders than agents made. The phones signal and send no
sound. "never" means not until the failure was undone; an empty cell means that it was not asked. Load: the load average
of the machine in the last minute of the row, other programs included.
"""


def write(new_rows: Mapping[str, Sequence[str]]) -> str:
    """Write the page with these rows, by name of failure or trial, and the earlier other rows; return the page."""
    before = _PAGE.read_text(encoding="utf-8") if _PAGE.exists() else ""
    _tables, heading, missed = before.partition(_MISSED)
    earlier = before.splitlines()
    tables = [
        _table(_HEAD, {name: fault.title for name, fault in FAULTS.items()}, new_rows, earlier),
        _table(_QUEUE_HEAD, {name: trial.title for name, trial in QUEUE_TRIALS.items()}, new_rows, earlier),
    ]
    page = "\n".join([_INTRODUCTION, *tables[0], "", "## One queue over all nodes", "", *tables[1]]) + "\n"
    page += f"\n{heading}{missed}" if heading else ""
    _PAGE.write_text(page, encoding="utf-8")
    return page


def _table(
    head: Sequence[str], names: Mapping[str, str], new_rows: Mapping[str, Sequence[str]], earlier: list[str]
) -> list[str]:
    lines = [_line(head), _line(["---"] * len(head))]
    for name, title in names.items():
        if name in new_rows:
            lines.append(_line([f"`{name}`: {title}", *new_rows[name]]))
        else:
            lines += [_as_wide(line, head) for line in earlier if line.startswith(f"| `{name}`: ")]
    return lines


def _as_wide(line: str, head: Sequence[str]) -> str:
    """Return a row of an earlier run with empty cells for columns that the table did not have."""
    return line + "  |" * (len(head) - line.count(" |"))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
