"""Measurements without calls: decisions, the command that shows a decision, and records into a database."""

import subprocess
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from ivr.records.ingest.importer import Importer
from ivr.records.store.database import Database
from ivr.records.store.schema import CALLS
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.routing import decide
from ivr.routing.calendar import CITY_TIME
from ivr.routing.plan import Live
from ivr.shipped import RECORDINGS
from testkit.hotline.running import IVR, ROOT

_SECONDS = 3.0
_LOGS = ROOT / "tests" / "records" / "logs"


def decisions() -> float:
    """Return how many plans a second one core makes, for the registry's numbers in turn."""
    registry = read(ROOT / "numbers.yaml", recorded(RECORDINGS))
    live = Live(frozenset(registry.groups), frozenset(registry.groups), False, 1, 1)
    numbers, at, plans, began = [line.number for line in registry.lines], datetime.now(CITY_TIME), 0, time.monotonic()
    while (passed := time.monotonic() - began) < _SECONDS:
        for number in numbers:
            decide.plan(registry, number, "13800000000", at, live)
        plans += len(numbers)
    return plans / passed


def command() -> float:
    """Return the seconds of one ``ivr route``, the quickest of three."""
    times = []
    for _ in range(3):
        began = time.monotonic()
        subprocess.run([IVR, "route", "12313"], cwd=ROOT, check=True, capture_output=True)
        times.append(time.monotonic() - began)
    return min(times)


def records(url: str, folder: Path, calls: int) -> float:
    """Return how many records a second an importer writes; each of the ``calls`` calls has to become a record.

    Each call has the log lines of a real call to a center, with another id and caller.
    """
    folder.mkdir()
    (folder / "cel.csv").write_text("".join(_call(number) for number in range(calls)), encoding="utf-8")
    database = Database(url)
    try:
        database.migrate()
        began = time.monotonic()
        Importer(database, folder / "cel.csv", folder / "queue_log", {}).import_new()
        seconds = time.monotonic() - began
        with database.begin() as connection:
            found = connection.scalar(select(func.count()).where(CALLS.c.outcome == "answered"))
        if found != calls:
            raise AssertionError(f"{found} records of {calls} calls in {database.name}")
        return calls / seconds
    finally:
        database.close()


def _call(number: int) -> str:
    text = (_LOGS / "center_answers.cel.csv").read_text(encoding="utf-8")
    changes = {
        "hotline-1795370149.38": f"hotline-1795370149.{1000 + 2 * number}",
        "hotline-1795370149.39": f"hotline-1795370149.{1001 + 2 * number}",
        "-0000001c": f"-{2 * number:08x}",
        "-0000001d": f"-{2 * number + 1:08x}",
        "13900001111": f"139{number:08}",
    }
    for old, new in changes.items():
        text = text.replace(old, new)
    return text
