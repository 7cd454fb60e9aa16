"""The aids for an agent in a call to a number: script, checklist, and results to choose from. Pure."""

from dataclasses import dataclass
from datetime import date

from ivr.registry.model import Registry

USUAL_RESULTS = ("已解答", "已派单", "已转接", "需回访", "无效来电", "其他")
"""How a call can end, if numbers.yaml does not say it."""


@dataclass(frozen=True, slots=True)
class AgentsAids:
    """Texts of numbers.yaml for agents."""

    script: tuple[str, ...]
    checklist: tuple[str, ...]
    results: tuple[str, ...]


def agents_aids(registry: Registry, number: str, today: date) -> AgentsAids:
    """Return the aids for a call to ``number``. An aid that its line lacks comes from the line 12345."""
    hotline = registry.hotline
    line = registry.entry(number, today) or hotline
    return AgentsAids(
        line.script or hotline.script,
        line.checklist or hotline.checklist,
        line.results or hotline.results or USUAL_RESULTS,
    )
