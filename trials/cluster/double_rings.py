"""Agents in several groups, and groups at each node: the registry of the trial that rings phones a thousand times."""

from collections.abc import Mapping
from typing import Any

from trials.cluster.callers import Ringing

RINGING = Ringing(0.2, 0.8, refused=10)
_GENERAL = [str(8001 + more) for more in range(12)]
_ADVISERS = _GENERAL[:4]  # are in the general group and in that of an expert line
_MARKET = [str(8401 + more) for more in range(6)]
_LABOUR = [str(8501 + more) for more in range(6)]
SEATS = (*_GENERAL, *_MARKET, *_LABOUR)
_GROUPS_OF_SEATS = {
    **dict.fromkeys(_GENERAL, ("general",)),
    **dict.fromkeys(_ADVISERS, ("general", "expert-12348")),
    **dict.fromkeys(_MARKET, ("expert-12315", "expert-12320")),
    **dict.fromkeys(_LABOUR, ("expert-12318", "expert-12333")),
}
GROUPS = tuple(dict.fromkeys(group for groups in _GROUPS_OF_SEATS.values() for group in groups))
LINES = ("12369", "12348", "12315", "12320", "12318", "12333")
"""The lines in turn. Callers of all but the first are offered to an expert; if none is free, to the general group."""


def with_more_groups(shipped: Mapping[str, Any]) -> dict[str, Any]:
    """Return the registry with these groups, each of which shares seats with another one."""
    groups = {
        name: shipped["groups"].get(name, {"title": name, "kind": "expert"})
        for name in (*GROUPS, *shipped["groups"])
    }  # fmt: skip
    lines = [
        {**line, "expert": f"expert-{line['number']}"} if f"expert-{line['number']}" in groups else line
        for line in shipped["lines"]
    ]
    ours = [{"number": seat, "name": seat, "groups": list(groups)} for seat, groups in _GROUPS_OF_SEATS.items()]
    others = [seat for seat in shipped["seats"] if seat["number"] not in _GROUPS_OF_SEATS]
    return {**shipped, "groups": groups, "lines": lines, "seats": [*ours, *others]}
