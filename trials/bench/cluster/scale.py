"""``python -m trials.bench.cluster.scale``: what a province needs, in docs/scale.md, from docs/scale-measured.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from testkit.hotline.running import ROOT
from trials.bench.cluster.province_hour import HourLoad, Measured, Province, homes, hour, load_of
from trials.bench.cluster.scale_page import PAGES, page

MEASURED = ROOT / "docs" / "scale-measured.json"
PROVINCE = Province()
_CORES = (8, 16, 32)  # of a node
_CHOSEN = 16  # of the nodes of the later tables
_USED = 0.6  # the part of its cores that the busiest node may use
_MOST_NODES = 24
_FACTORS = (1.0, 1.5, 2.0, 3.0, 4.0)


@dataclass(frozen=True, slots=True)
class Sizing:
    """A cluster that is large enough with one of its nodes dead."""

    cores: int  # of a node
    nodes: int  # with the one to spare; 0 if no number of nodes is enough
    load: HourLoad  # with one node dead


def sizing(province: Province, costs: Measured, cores: int) -> Sizing:
    """Return the smallest number of nodes of so many cores."""
    calls = hour(province)
    load = load_of(province, calls, costs, homes(province.groups, 1), 1)
    for nodes in range(2, _MOST_NODES + 1):
        if load.node <= _USED * cores:
            return Sizing(cores, nodes, load)
        load = load_of(province, calls, costs, homes(province.groups, nodes), nodes)
    return Sizing(cores, 0, load)


def write(measured: Mapping[str, Any]) -> None:
    """Write the pages."""
    costs = Measured.of(measured)
    one_group = replace(PROVINCE, groups=1)
    sizes = [(sizing(PROVINCE, costs, cores), sizing(one_group, costs, cores)) for cores in _CORES]
    chosen = next(size for size, _single in sizes if size.cores == _CHOSEN)
    alive = (chosen.nodes or _MOST_NODES) - 1
    grown = []
    for factor in _FACTORS:
        more = replace(PROVINCE, calls=round(PROVINCE.calls * factor), agents=round(PROVINCE.agents * factor))
        grown.append((more, load_of(more, hour(more), costs, homes(more.groups, alive), alive)))
    for name in PAGES:
        (ROOT / "docs" / name).write_text(page(name, measured, PROVINCE, sizes, chosen, grown), encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(MEASURED.read_text(encoding="utf-8")))
