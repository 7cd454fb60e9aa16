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


_CALLS = ("what was done", "calls up", "lost", "misrouted", "records wrong")
_TABLES = (
    Table(
        f"""# What a failure costs

Written by `make failures` on {os.cpu_count()} cores. Sixty calls are up: 12 in the menu, 12 in the queue, 6 ringing,
12 talking, 6 with a center, 3 while their agent consults, 9 leaving a message. Then one part fails, and every call is
brought to the end that its caller expects. Lost: the caller was hung up on. Misrouted: somebody's phone rang for a
caller who was not theirs, or was served before. Records wrong: missing, doubled, or other than what happened. Normal:
engine, Asterisk and records all answer. The phones signal and are silent, but for the messages; who hears whom is
tested elsewhere (tests/calls). The clock is that of all the hotline's processes, by libfaketime; these phones do not
register anew.
""",
        (*_CALLS, "s to normal", "s to a new call's answer"),
        tuple(FAULTS),
    ),
    Table(
        f"""## The recognisers

The same calls, but the {SPEAKERS} in the menu may speak: a recogniser listens to each. They press a key, one after the
other from the failure on; some before it is noticed, some after.
""",
        (*_CALLS, "s that a key took at most", "s until callers may speak again"),
        tuple(RECOGNIZER_FAULTS),
    ),
    Table(
        """## Changes under load

Calls come in at 20 a second, and the registry is changed again and again: every change alters where a number and a
menu's key lead, and some alter seats' accounts and queues. Each call must reach who takes it by the registry that was
in force when it came in; one that came in during a change, by that before or after it. Failed: nobody answered, or the
hotline hung up.
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
