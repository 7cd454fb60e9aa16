"""The simulated hour, against what is known of it without a simulation."""

from dataclasses import replace

import pytest

from trials.bench.cluster.province_hour import Measured, Province, homes, hour, load_of

_SMALL = Province(calls=4000, agents=400, groups=4)
_COSTS = Measured(call=0.02, talk=0.005, wait=0.001, idle=0.05, front=0.0005, registration=0.0002, asks=0.0001,
                  answers=0.00002, database=0.003, database_idle=0.01, transactions=6.0, transactions_idle=5.0,
                  written=8000.0)  # fmt: skip


def test_calls_up_are_those_of_littles_law() -> None:
    load = load_of(_SMALL, hour(_SMALL), _COSTS, homes(4, 1), 1)
    up = _SMALL.calls / 3600 * (_SMALL.menu + _SMALL.to_agents * _SMALL.talk)
    assert load.node_calls == pytest.approx(up, rel=0.25)  # the busiest ten seconds are above the mean
    assert load.answered == pytest.approx(_SMALL.calls * _SMALL.to_agents, rel=0.05)


def test_more_nodes_have_less_each_and_a_single_group_stays_at_its_home() -> None:
    one_node, three_nodes = (load_of(_SMALL, hour(_SMALL), _COSTS, homes(4, nodes), nodes) for nodes in (1, 3))
    assert three_nodes.node < one_node.node
    single = replace(_SMALL, groups=1)
    assert load_of(single, hour(single), _COSTS, homes(1, 3), 3).node_agents == single.agents


def test_callers_wait_if_there_are_too_few_agents() -> None:
    few = replace(_SMALL, agents=100)
    assert load_of(few, hour(few), _COSTS, homes(4, 1), 1).longest_wait > 60
