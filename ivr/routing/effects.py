"""The numbers whose calls another registry would route differently. Pure."""

from datetime import datetime

from ivr.registry.model import Registry
from ivr.routing.decide import plan
from ivr.routing.explain import as_data, everybody


def rerouted(before: Registry, after: Registry, at: datetime) -> tuple[str, ...]:
    """Return the numbers dialled, in the order of ``after``, whose calls would go another way at ``at``.

    What they hear, whom they are offered to, for how long and which keys they may press is compared, with
    everybody signed in; not the words in which a number is called.
    """
    numbers = dict.fromkeys(line.number for line in (*after.lines, *before.lines))
    return tuple(number for number in numbers if _way(before, number, at) != _way(after, number, at))


def _way(registry: Registry, number: str, at: datetime) -> list[object]:
    live = everybody(registry)
    data = as_data(registry, plan(registry, number, "", at, live), live)
    ways = [data["steps"], *(branch["steps"] for branch in data["menu"])]
    keys = [(branch["key"], branch["topic"]) for branch in data["menu"]]
    return [keys, *([(step["do"], step["target"], step["seconds"], step["prompts"]) for step in way] for way in ways)]
