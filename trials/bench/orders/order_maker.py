"""Work orders at a steady pace by several people, in a process of their own beside the callers."""

import random
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.control import control_client
from ivr.control.control_client import RequestRefused
from ivr.runtime.layout import Home

PEOPLE = 4  # who work at once
_SAID_EACH = 60.0  # seconds
_AGENT = {"name": "wang", "role": "agent"}
_SUPERVISOR = {"name": "li", "role": "supervisor"}
_UNIT = {"name": "zhang", "role": "unit", "unit": "市人社局"}
_WAY: tuple[tuple[str, dict[str, str], dict[str, Any]], ...] = (
    ("open", _AGENT, {"title": "工资没发", "content": "公司三个月没有发工资，员工多次反映没有结果。" * 3}),
    ("receive", _AGENT, {"kind": "help", "class": "labour"}),
    ("dispatch", _AGENT, {"unit": "市人社局"}),
    ("accept", _UNIT, {}),
    ("answer", _UNIT, {"answer": "已责成公司补发工资。"}),
    ("approve", _SUPERVISOR, {}),
    ("follow-up", _AGENT, {"solved": True, "satisfaction": 1}),
)
ACTS = len(_WAY)  # of each work order


@dataclass
class MadeOrders:
    """The work orders that were made, and how long each request took."""

    seconds: float = 0.0
    closed: int = 0
    acts: list[float] = field(default_factory=list)  # milliseconds
    looks: list[float] = field(default_factory=list)  # milliseconds: a unit's list, and one work order with its acts
    refused: list[str] = field(default_factory=list)  # the reasons


def make_orders(home: Path, count: int, seconds: float) -> MadeOrders:
    """Take ``count`` work orders from the record to the end, evenly in ``seconds``, or as fast as the hotline answers.

    Each has its seven acts, and the unit looks at its list and at the work order once.
    """
    made, begun = MadeOrders(), time.monotonic()
    people = [
        threading.Thread(target=_work, args=(Home(home), made, range(first, count, PEOPLE), begun, seconds / count))
        for first in range(PEOPLE)
    ]
    for person in people:
        person.start()
    said = begun
    while any(person.is_alive() for person in people):
        time.sleep(0.2)
        if time.monotonic() > said + _SAID_EACH:
            said = time.monotonic()
            print(f"{said - begun:5.0f} s  {made.closed} of {count} work orders settled", file=sys.stderr, flush=True)
    made.seconds = time.monotonic() - begun
    return made


def _work(home: Home, made: MadeOrders, numbers: range, begun: float, each: float) -> None:
    for number in numbers:
        time.sleep(max(0.0, begun + number * each - time.monotonic()))
        try:
            _take_through(home, made, number)
            made.closed += 1
        except RequestRefused as refusal:
            made.refused.append(str(refusal))


def _take_through(home: Home, made: MadeOrders, number: int) -> None:
    order = ""
    caller = f"138{random.Random(number).randrange(10**8):08}"
    for act, actor, fields in _WAY:
        given = fields | {"caller": caller} if act == "open" else fields
        answer = _timed(made.acts, home, "order-act", actor=actor, order=order, act=act, fields=given)
        order = answer["order"]
        if act == "accept":
            _timed(made.looks, home, "orders", actor=_UNIT, wanted={"state": "open", "unit": _UNIT["unit"]}, limit=50)
            _timed(made.looks, home, "order", actor=_UNIT, order=order)


def _timed(into: list[float], home: Home, action: str, **arguments: object) -> Any:
    begun = time.perf_counter()
    answer = control_client.ask(home, action, **arguments)
    into.append(1000 * (time.perf_counter() - begun))
    return answer
