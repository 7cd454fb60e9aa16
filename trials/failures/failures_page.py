"""The tables of ``make failures``, kept as docs/failures.md; rows of earlier runs stay until they are made anew."""

import json
import os
from dataclasses import dataclass

from testkit.hotline.running import ROOT
from trials.failures.faults import FAULTS, RECOGNIZER_FAULTS, SPEAKERS

RELOADS = "reloads"
_PAGE = ROOT / "docs" / "failures.md"
_ROWS = ROOT / "var" / "failures.json"


@dataclass(frozen=True)
class Table:
    """One table of the page."""

    introduction: str
    head: tuple[str, ...]
    rows: tuple[str, ...]  # by name, in their order


_CALLS = ("failure", "calls up", "lost", "misrouted", "records wrong")
_TABLES = (
    Table(
        f"""# What a failure costs

Written by `make failures` on {os.cpu_count()} cores. Sixty calls are up: 12 in the menu, 12 in the queue, 6 ringing,
12 talking, 6 with a center, 3 while their agent consults, 9 leaving a message. Then one part fails, and every call goes
on to its expected end. Lost: the hotline hung up on the caller. Misrouted: a phone rang for a caller of another line,
or for a caller who had been served. Records wrong: missing, doubled, or not as the call went. Normal: engine, Asterisk
and records answer again. The phones signal and send no sound, except for messages; tests/calls tests the sound. The
clock is set for all processes of the hotline, by libfaketime; the phones do not register again.
""",
        (*_CALLS, "s to normal", "s to a new call's answer"),
        tuple(FAULTS),
    ),
    Table(
        f"""## The recognisers

The same calls, but the {SPEAKERS} in the menu may speak: a recogniser listens to each. They press a key, one after
another, some before the failure is noticed and some after.
""",
        (*_CALLS, "s that a key took at most", "s until callers may speak again"),
        tuple(RECOGNIZER_FAULTS),
    ),
    Table(
        """## Changes under load

Calls come in at 20 a second, and the registry changes again and again: every change alters the target of a number and
of a menu's key, and some changes alter seats' accounts and queues. Each call must reach the target of the registry that
was in force when the call came in; during a change, the target before or after the change. Failed: nobody answered, or
the hotline hung up.
""",
        ("reloads", "calls", "in s", "failed", "misrouted", "records wrong", "s that a reload took at most"),
        (RELOADS,),
    ),
)


def keep(name: str, row: list[str]) -> None:
    """Remember a row until it is made anew."""
    _ROWS.parent.mkdir(exist_ok=True)
    _ROWS.write_text(json.dumps({**_kept(), name: row}, ensure_ascii=False), encoding="utf-8")


def write() -> str:
    """Write the page of all rows that are kept, and return it."""
    page = "\n".join(filter(None, map(_text, _TABLES)))
    _PAGE.write_text(page, encoding="utf-8")
    return page


def _text(table: Table) -> str:
    kept = _kept()
    rows = [kept[name] for name in table.rows if name in kept]
    if not rows:
        return ""
    width = len(table.head)
    lines = [table.head, ["---"] * width, *([*row, *[""] * (width - len(row))] for row in rows)]
    return table.introduction + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _kept() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = json.loads(_ROWS.read_text(encoding="utf-8")) if _ROWS.exists() else {}
    return rows
