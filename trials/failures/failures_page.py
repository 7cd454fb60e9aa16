"""The tables of ``make failures``, docs/failures.md: a row of an earlier run stays until it is measured again."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from testkit.hotline.running import ROOT
from trials.failures.faults import FAULTS, RECOGNIZER_FAULTS, SPEAKERS
from trials.failures.platforms import PLATFORM_FAULTS

RELOADS = "reloads"
_PAGE = ROOT / "docs" / "failures.md"


@dataclass(frozen=True)
class Table:
    """One table of the page."""

    introduction: str
    head: tuple[str, ...]
    rows: Mapping[str, str]  # the name of each row and the beginning of its first cell, in order


_CALLS = ("failure", "calls up", "lost", "misrouted", "records wrong")
_TABLES = (
    Table(
        f"""# The cost of a failure

Written by `make failures` on {os.cpu_count()} cores. Sixty calls are up: 12 in the menu, 12 in the queue, 6 ringing,
12 talking, 6 with a center, 3 while their agent consults, 9 leaving a message. Then one part fails, and every call goes
on to its expected end. Lost: the hotline hung up on the caller. Misrouted: a phone rang for a caller of another line,
or for a caller who had been served. Records wrong: missing, doubled, or not as the call went. Normal: engine, Asterisk
and records answer again. The phones signal and send no sound, except for messages; tests/calls tests the sound. The
clock is set for all processes of the hotline, by libfaketime; the phones do not register again.
""",
        (*_CALLS, "s to normal", "s to a new call's answer"),
        {name: fault.title for name, fault in FAULTS.items()},
    ),
    Table(
        f"""## The recognisers

The same calls, but the {SPEAKERS} in the menu may speak: a recogniser listens to each. They press a key, one after
another, some before the failure is noticed and some after.
""",
        (*_CALLS, "s that a key took at most", "s until callers may speak again"),
        {name: fault.title for name, fault in RECOGNIZER_FAULTS.items()},
    ),
    Table(
        """## A platform

Work orders are opened, received and dispatched before, during and after the failure. The platform of the trial is as
strict as those of provinces: it refuses a message without a signature, a message that it has already, and a message
out of its order.
""",
        ("failure", "acts", "lost", "doubled", "orders out of order", "s until all messages were there"),
        {name: fault.title for name, fault in PLATFORM_FAULTS.items()},
    ),
    Table(
        """## Changes under load

Calls come in at 20 a second, and the registry changes again and again: every change alters the target of a number and
of a menu's key, and some changes alter seats' accounts and queues. Each call must reach the target of the registry that
was in force when the call came in; during a change, the target before or after the change. Failed: no phone answered,
or the hotline hung up.
""",
        ("reloads", "calls", "in s", "failed", "misrouted", "records wrong", "s that a reload took at most"),
        {RELOADS: ""},
    ),
)


def write(new_rows: Mapping[str, list[str]]) -> str:
    """Write the page with the new rows and the other, earlier rows; return the page."""
    page = "\n".join(filter(None, (_text(table, {**_earlier_rows(table), **new_rows}) for table in _TABLES)))
    _PAGE.write_text(page, encoding="utf-8")
    return page


def _text(table: Table, rows_by_name: Mapping[str, list[str]]) -> str:
    rows = [rows_by_name[name] for name in table.rows if name in rows_by_name]
    if not rows:
        return ""
    width = len(table.head)
    lines = [table.head, ["---"] * width, *([*row, *[""] * (width - len(row))] for row in rows)]
    return table.introduction + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _earlier_rows(table: Table) -> dict[str, list[str]]:
    """Return the rows of a table as the page has them; a row that was skipped begins with its name."""
    head = f"| {' | '.join(table.head)} |\n"
    _before, _head, table_text = _PAGE.read_text(encoding="utf-8").partition(head)
    rows = {}
    for line in table_text.splitlines()[1:]:
        if not line.startswith("|"):
            break
        row = [cell.strip() for cell in line.strip("|").split(" | ")]
        name = next((name for name, title in table.rows.items() if row[0].startswith((title, name))), None)
        if name is not None:
            rows[name] = row
    return rows
