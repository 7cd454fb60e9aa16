"""A simulated hour of a province's hotline on a cluster, with the measured costs of a call. Pure."""

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BIN = 10.0  # seconds: loads are means over so long
_HOUR = 3600.0
_BINS = np.arange(0.0, _HOUR + _BIN, _BIN)
_SIGMA = 0.8
_SMALLEST_SHARE = 0.25  # of the largest group, the smallest one's

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Province:
    """The province's calls and agents; times are means in seconds, exponentially distributed except for the talk.

    Attributes:
        to_agents: the share of callers who reach an agent; for other callers the menu is enough, or they are passed on.
        refresh: seconds between two registrations of a phone: half of the expiry that the front grants.
        phones: of an agent: the phone of the seat, and that of the seat's desk page.
        asked: seconds between two OPTIONS by which a node asks the front whether a phone is registered.
    """

    calls: int = 35_000  # an hour
    agents: int = 3_500
    groups: int = 14
    to_agents: float = 0.85
    menu: float = 25.0
    talk: float = 180.0
    wrap_up: float = 60.0
    refresh: float = 60.0
    phones: int = 2
    asked: float = 5.0


@dataclass(frozen=True, slots=True)
class Measured:
    """The measured processor seconds, for the parts that grow apart."""

    call: float  # of a node, for a call to an agent without its sound
    talk: float  # of a node, for a second of talk that it passes on
    wait: float  # of a node, for a second of music
    idle: float  # of a node, a second
    front: float  # for a call
    registration: float  # of the front
    asks: float  # of a node, for an OPTIONS to the front
    answers: float  # of the front, for it
    database: float  # for a call
    database_idle: float  # for a second of a node
    transactions: float  # for a call
    transactions_idle: float  # for a second of a node
    written: float  # bytes for a call

    @classmethod
    def of(cls, measured: Mapping[str, Any]) -> "Measured":
        """Read the figures that `make bench-cluster` wrote."""
        call, talk, idle = measured["agent_call"], measured["talk_second"], measured["idle_second"]
        nodes, passes = measured["nodes"], measured["nodes_a_talk"]
        return cls(
            call=_node(call) / passes,
            talk=_node(talk) / passes,
            wait=max(0.0, _node(measured["wait_second"])),
            idle=_node(idle) / nodes,
            front=call["front"],
            registration=measured["registration"]["front"],
            asks=max(0.0, _node(measured["option"])),
            answers=max(0.0, measured["option"]["front"]),
            database=call["database"],
            database_idle=idle["database"] / nodes,
            transactions=call["transactions"],
            transactions_idle=idle["transactions"] / nodes,
            written=call["written"],
        )


@dataclass(frozen=True, slots=True)
class HourLoad:
    """The busiest ten seconds of each part."""

    node: float  # cores of the busiest node
    node_calls: int  # at once, most at one node
    node_agents: int  # most agents at one node
    node_mbit: float  # each way
    node_asks: float  # cores of a node, within `node`, for its OPTIONS
    front: float  # cores
    front_answers: float  # cores, within `front`, for the OPTIONS of all nodes
    options: float  # a second, of all nodes
    database: float  # cores
    transactions: float  # a second
    written_mbit: float  # to the standby
    longest_wait: float  # seconds
    answered: int


def shares(groups: int) -> list[float]:
    """Return the groups' shares of calls and agents: from a largest one down to a quarter of it."""
    weights = [1 - (1 - _SMALLEST_SHARE) * at / max(1, groups - 1) for at in range(groups)]
    return [weight / sum(weights) for weight in weights]


def homes(groups: int, nodes: int) -> list[int]:
    """Return the home of each group: the largest first, each to the node that has the fewest agents.

    A hash, which the cluster uses, spreads few groups less evenly: see the row of the page that says so.
    """
    load = [0.0] * nodes
    found = []
    for share in shares(groups):
        home = min(range(nodes), key=lambda node: load[node])
        load[home] += share
        found.append(home)
    return found


@dataclass(frozen=True, slots=True)
class Hour:
    """The calls of one hour, each an element of the arrays; times in seconds.

    Attributes:
        came: the second at which each call came.
        menu: the seconds of each caller in the menu.
        group: the group of each call.
        waited: the seconds of waiting for an agent; NaN if the caller wanted no agent.
        talk: the seconds of the talk; NaN likewise.
    """

    came: Floats
    menu: Floats
    group: NDArray[np.int64]
    waited: Floats
    talk: Floats


def hour(province: Province, seed: int = 1) -> Hour:
    """Return an hour's calls: each group's callers wait for its agents in the order in which they came."""
    rng = np.random.default_rng(seed)
    share = shares(province.groups)
    came = np.sort(rng.uniform(0, _HOUR, province.calls))
    menu = rng.exponential(province.menu, province.calls)
    group = rng.choice(len(share), province.calls, p=share)
    talk = rng.lognormal(math.log(province.talk) - _SIGMA**2 / 2, _SIGMA, province.calls)  # the mean is province.talk
    wrap_up = rng.exponential(province.wrap_up, province.calls)
    talk[rng.random(province.calls) >= province.to_agents] = math.nan
    waited = np.full(province.calls, math.nan)
    free = [[0.0] * round(province.agents * group_share) for group_share in share]  # when each agent is free
    for at in np.argsort(came + menu):
        if not math.isnan(talk[at]):
            agents, begun = free[group[at]], came[at] + menu[at]
            waited[at] = max(0.0, agents[0] - begun)
            heapq.heapreplace(agents, begun + waited[at] + talk[at] + wrap_up[at])
    return Hour(came, menu, group, waited, talk)


def load_of(province: Province, calls: Hour, costs: Measured, home_of: Sequence[int], nodes: int) -> HourLoad:
    """Return the load of an hour's calls on so many nodes.

    Each call comes to the nodes in turn; its group's queue is at the group's home, and a talk whose call came in
    elsewhere passes through both.
    """
    came_at = np.arange(province.calls) % nodes
    home = np.array(home_of)[calls.group]
    talks = ~np.isnan(calls.talk)
    waits_from = calls.came + calls.menu
    talks_from = waits_from + np.nan_to_num(calls.waited)
    asks = province.agents * province.phones / province.asked  # OPTIONS of a node a second
    most = {"node": 0.0, "calls": 0.0, "streams": 0.0}
    for node in range(nodes):
        here, serves = came_at == node, talks & (home == node)
        menus = _seconds_in_bins(calls.came[here], calls.menu[here])
        waits = _seconds_in_bins(waits_from[serves], calls.waited[serves])
        passed = talks & (here | (home == node))
        talked = _seconds_in_bins(talks_from[passed], calls.talk[passed])
        asked = passed | (here & ~talks)
        begun = np.histogram(talks_from[asked], _BINS)[0]
        busy = (
            (costs.idle + asks * costs.asks) * _BIN
            + costs.wait * (menus + waits)
            + costs.talk * talked
            + costs.call * begun
        )
        most["node"] = max(most["node"], busy.max() / _BIN)
        most["calls"] = max(most["calls"], (menus + waits + talked).max() / _BIN)
        most["streams"] = max(most["streams"], (menus + waits + 2 * talked).max() / _BIN)
    share = shares(province.groups)
    agents = [sum(round(province.agents * part) for part, home_node in zip(share, home_of, strict=True)
                  if home_node == node)
              for node in range(nodes)]  # fmt: skip
    rate = np.histogram(calls.came, _BINS)[0].max() / _BIN
    return HourLoad(
        node=most["node"],
        node_calls=round(most["calls"]),
        node_agents=max(agents),
        node_mbit=most["streams"] * STREAM_KBIT / 1000,
        node_asks=asks * costs.asks,
        front=rate * costs.front
        + province.agents * province.phones / province.refresh * costs.registration
        + nodes * asks * costs.answers,
        front_answers=nodes * asks * costs.answers,
        options=nodes * asks,
        database=rate * costs.database + nodes * costs.database_idle,
        transactions=rate * costs.transactions + nodes * costs.transactions_idle,
        written_mbit=rate * costs.written * 8 / 1e6,
        longest_wait=float(np.nanmax(calls.waited)),
        answered=int(talks.sum()),
    )


STREAM_KBIT = 87.2
"""Of one direction of G.711 in packets of 20 ms on Ethernet: 160 + 12 + 8 + 20 + 18 bytes, 50 times a second."""


def _node(cost: Mapping[str, float]) -> float:
    return cost["asterisk"] + cost["ours"]


def _seconds_in_bins(since: Floats, seconds: Floats) -> Floats:
    """Return the seconds of these spans in each part of the hour."""
    before = np.array([np.clip(edge - since, 0.0, seconds).sum() for edge in _BINS])
    return np.diff(before)
