"""docs/scale.md and docs/scale.zh-CN.md, from figures; the texts are the templates beside this file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trials.bench.cluster.province_hour import STREAM_KBIT, HourLoad, Province

if TYPE_CHECKING:
    from trials.bench.cluster.scale import Sizing

PAGES = ("scale.md", "scale.zh-CN.md")
_FRONT_CORES, _DATABASE_CORES = 4, 8  # of the machines that the last table assumes
_SOUND_MB_AN_HOUR = 57.6  # a recording of 8000 samples of 16 bits a second
_COSTS = ("agent_call", "talk_second", "wait_second", "registration", "option", "idle_second")


def page(
    name: str,
    measured: Mapping[str, Any],
    province: Province,
    sizes: "Sequence[tuple[Sizing, Sizing]]",
    chosen: "Sizing",
    grown: Sequence[tuple[Province, HourLoad]],
) -> str:
    """Return one of `PAGES`.

    Args:
        name: which.
        measured: what the bench wrote.
        province: what the province does.
        sizes: for each kind of node, the sizing with the province's groups, and with one group.
        chosen: the sizing of the last two tables.
        grown: the province with more calls and agents, and the load of the chosen cluster.
    """
    nodes = {count: cost["asterisk"] + cost["ours"] for count, cost in measured["center_call"].items()}
    load = chosen.load
    full = _used(grown[0][1], chosen.cores)
    first = max(full, key=lambda part: full[part])
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # not HTML
    )
    return templates.get_template(f"{name}.j2").render(
        machine=measured["measured_on"],
        measured_cores=measured["cores"],
        passes=measured["nodes_a_talk"],
        centers=[(count, _cells(cost)) for count, cost in measured["center_call"].items()],
        **{cost: _cells(measured[cost]) for cost in _COSTS},
        two=nodes["2"] / nodes["1"] - 1,
        three=nodes["3"] / nodes["1"] - 1,
        front_ms=1000 * max(cost["front"] for cost in measured["center_call"].values()),
        bare_ms=1000 * measured["bare_front_call"],
        province=asdict(province),
        sizes=sizes,
        chosen=chosen,
        load=load,
        recordings=load.answered * province.talk / 3600 * _SOUND_MB_AN_HOUR / 1000,
        stream=STREAM_KBIT,
        front_cores=_FRONT_CORES,
        database_cores=_DATABASE_CORES,
        grown=[(more, its, _used(its, chosen.cores)) for more, its in grown],
        first=first,
        first_calls=province.calls / full[first],
    )


def _used(load: HourLoad, cores: int) -> dict[str, float]:
    """Return the part of its cores that each part of the cluster uses."""
    return {"node": load.node / cores, "front": load.front / _FRONT_CORES, "database": load.database / _DATABASE_CORES}


def _cells(cost: Mapping[str, float]) -> str:
    times = (f"{1000 * max(0.0, cost[part]):.2f} ms" for part in ("asterisk", "ours", "front", "database"))
    return " | ".join([*times, f"{max(0.0, cost['transactions']):.1f}", f"{max(0.0, cost['written']) / 1000:.1f} kB"])
