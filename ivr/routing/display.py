"""What the agent's phone shows of a call: the dialled line in words."""

from datetime import date

from ivr.registry.model import Registry
from ivr.routing.plan import Plan

LONGEST = 40  # characters; softphones cut what is longer
LONGEST_HINT = 12


def hint(text: str) -> str:
    """Return what a caller said as a topic, ``“路灯不亮”``: a stranger's words, so letters and digits only."""
    plain = "".join(sign for sign in text if sign.isalnum())[:LONGEST_HINT]
    return f"“{plain}”" if plain else ""


def guidance(registry: Registry, seat: str, line: str, on: date) -> str:
    """Return what the phone of an expert shows who is asked to guide: ``请指导 8001 12333 全国人力资源…``."""
    entry = registry.entry(line, on)
    return f"请指导 {seat} {line} {entry.name if entry else ''}".rstrip()[:LONGEST]


def caller_name(plan: Plan, *, needs_expert: bool, topic: str, emergency: str = "") -> str:
    """Return the caller-id name, such as ``12333 全国人力资源和社会保障服务电话 需专家``.

    The marks (紧急119 at the front, 需专家, the menu topic) are kept whole; a long line name is cut.
    """
    marks = [mark for mark in ("需专家" if needs_expert else "", topic) if mark]
    tail = "".join(f" {mark}" for mark in marks)
    number = plan.dialled or plan.line.number
    if emergency:
        number = f"紧急{emergency} {number}"
    name = plan.entry.name if plan.entry else "未登记号码"
    room = LONGEST - len(number) - 1 - len(tail)
    return f"{number} {name[: max(room, 0)]}".rstrip() + tail
