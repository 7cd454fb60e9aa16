"""The numbers whose calls another registry would route differently. Pure."""

from datetime import datetime

from ivr.registry.model import Registry
from ivr.routing.decide import plan
from ivr.routing.explain import as_data, everybody


def rerouted(before: Registry, after: Registry, at: datetime) -> tuple[str, ...]:
    """Return the numbers dialled, in the order of ``after``, whose calls would be routed differently at ``at``.

    The comparison has the prompts, the targets and times of offers, and the keys, with all seats signed in. It does not
    have the names of numbers.
    """
    numbers = dict.fromkeys(line.number for line in (*after.lines, *before.lines))
    return tuple(number for number in numbers if _routing(before, number, at) != _routing(after, number, at))


def _routing(registry: Registry, number: str, at: datetime) -> list[object]:
    live = everybody(registry)
    plan_data = as_data(registry, plan(registry, number, "", at, live), live)
    branches = [plan_data["steps"], *(branch["steps"] for branch in plan_data["menu"])]
    keys = [(branch["key"], branch["topic"]) for branch in plan_data["menu"]]
    return [
        keys,
        *([(step["do"], step["target"], step["seconds"], step["prompts"]) for step in steps] for steps in branches),
    ]
