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

PEOPLE = 4  # persons who work at once
_REPORT_INTERVAL = 60.0  # seconds
_AGENT = {"name": "wang", "role": "agent"}
_SUPERVISOR = {"name": "li", "role": "supervisor"}
_UNIT = {"name": "zhang", "role": "unit", "unit": "市人社局"}
_STEPS: tuple[tuple[str, dict[str, str], dict[str, Any]], ...] = (
    ("open", _AGENT, {"title": "工资没发", "content": "公司三个月没有发工资，员工多次反映没有结果。" * 3}),
    ("receive", _AGENT, {"kind": "help", "class": "labour"}),
    ("dispatch", _AGENT, {"unit": "市人社局"}),
    ("accept", _UNIT, {}),
    ("answer", _UNIT, {"answer": "已责成公司补发工资。"}),
    ("approve", _SUPERVISOR, {}),
    ("follow-up", _AGENT, {"solved": True, "satisfaction": 1}),
)
ACTS = len(_STEPS)  # of each work order


@dataclass
class MadeOrders:
    """The work orders that were made, and how long each request took."""

    seconds: float = 0.0
    closed: int = 0
    acts: list[float] = field(default_factory=list)  # milliseconds
    lists: list[float] = field(default_factory=list)  # milliseconds: a unit's list, and one work order with its acts
    refused: list[str] = field(default_factory=list)  # the reasons


def make_orders(home: Path, count: int, seconds: float) -> MadeOrders:
    """Take ``count`` work orders from the record to the end, evenly in ``seconds``, or as fast as the hotline answers.

    Each work order gets its seven acts; the unit reads its list and the work order once.
    """
    result, began = MadeOrders(), time.monotonic()
    people = [
        threading.Thread(target=_work, args=(Home(home), result, range(first, count, PEOPLE), began, seconds / count))
        for first in range(PEOPLE)
    ]
    for person in people:
        person.start()
    last_report = began
    while any(person.is_alive() for person in people):
        time.sleep(0.2)
        if time.monotonic() > last_report + _REPORT_INTERVAL:
            last_report = time.monotonic()
            print(
                f"{last_report - began:5.0f} s  {result.closed} of {count} work orders settled",
                file=sys.stderr,
                flush=True,
            )
    result.seconds = time.monotonic() - began
    return result


def _work(home: Home, result: MadeOrders, numbers: range, began: float, interval: float) -> None:
    for number in numbers:
        time.sleep(max(0.0, began + number * interval - time.monotonic()))
        try:
            _handle_order(home, result, number)
            result.closed += 1
        except RequestRefused as refusal:
            result.refused.append(str(refusal))


def _handle_order(home: Home, result: MadeOrders, number: int) -> None:
    order = ""
    caller = f"138{random.Random(number).randrange(10**8):08}"
    for act, actor, fields in _STEPS:
        sent = fields | {"caller": caller} if act == "open" else fields
        answer = _timed(result.acts, home, "order-act", actor=actor, order=order, act=act, fields=sent)
        order = answer["order"]
        if act == "accept":
            _timed(result.lists, home, "orders", actor=_UNIT, wanted={"state": "open", "unit": _UNIT["unit"]}, limit=50)
            _timed(result.lists, home, "order", actor=_UNIT, order=order)


def _timed(times: list[float], home: Home, action: str, **arguments: object) -> Any:
    began = time.perf_counter()
    answer = control_client.ask(home, action, **arguments)
    times.append(1000 * (time.perf_counter() - began))
    return answer
