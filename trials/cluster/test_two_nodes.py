"""Two nodes behind a front on loopback: they share one queue and one registry, and a node may be drained or killed."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from ivr.runtime.layout import Home
from testkit.hotline.quick_registry import quick_registry
from testkit.phones import Phones, SeatPhone
from testkit.signalling import Port
from testkit.waiting_async import until as until_within
from trials.cluster.agents_elsewhere import SUPERVISOR, AgentsElsewhere
from trials.cluster.callers import GROUP, SEATS, Callers, ClusterCaller
from trials.cluster.cluster_faults import FAULTS
from trials.cluster.front_pair import ADDRESS
from trials.cluster.loopback import Loopback
from trials.cluster.running_cluster import RunningCluster
from trials.cluster.seen_over_nodes import (
    calls_are_seen_from_each_node,
    seats_are_steered_from_the_other_node,
    the_doctor_looks_at_each_node,
)

BOTH = FIRST, SECOND = "north", "south"
OVER_TLS, OVER_TCP = "8021", "8022"
until = partial(until_within, seconds=60)  # the nodes share a busy machine
_TIMERS = {"expert": 60, "center": 60, "seat": 60, "menu": 5, "message": 120, "rating": 0}


@pytest.mark.timeout(420)
async def test_callers_of_two_nodes_share_one_queue_also_when_a_node_is_drained_or_killed() -> None:
    shipped = quick_registry(timers=_TIMERS)
    special = {OVER_TLS: {"transport": "tls"}, SUPERVISOR: {"supervisor": True}}
    seats = [seat | special.get(seat["number"], {}) for seat in shipped["seats"]]
    async with (
        RunningCluster({**shipped, "seats": seats}, (FIRST, SECOND), Loopback) as cluster,
        nodes_are_shown_after_a_failure(cluster),
    ):
        await the_doctor_looks_at_each_node(cluster)
        await asyncio.to_thread(phones_sign_in_through_the_front, cluster)
        await only_nodes_hand_callers_over(cluster)
        callers = Callers(cluster)
        await callers.sign_in()
        assert await callers.home(FIRST) == SECOND, "by the hash of the nodes' names"
        await seats_are_steered_from_the_other_node(cluster, callers, SECOND)
        await AgentsElsewhere(cluster, callers, FIRST, SECOND).play()
        assert callers.wrong == []
        talking = await callers.place(f"1380000000{at}" for at in range(len(BOTH) * SEATS))
        assert Counter(call.node for call in talking) == {FIRST: SEATS, SECOND: SEATS}
        await until(lambda: all(call.taken for call in talking), "the callers of both nodes have agents of one node")
        waiting: list[ClusterCaller] = []
        for at in range(5):
            waiting += await callers.place([f"1390000000{at}"])
            await until_waiting(cluster, len(waiting))  # a wait begins after a prompt, whose end varies
        assert {call.node for call in waiting} == {FIRST, SECOND}
        await calls_are_seen_from_each_node(cluster, {caller.number for caller in (*talking, *waiting)}, SECOND)

        await a_registry_is_in_force_on_both_or_on_none(cluster)

        for served, ended in zip(waiting[:2], talking, strict=False):
            ended.leg.hang_up()
            await until(lambda served=served: served.taken, "the longest waiting is served first, of both nodes")
            assert [call.number for call in waiting if call.taken] == [
                call.number for call in waiting[: waiting.index(served) + 1]
            ]

        await asyncio.to_thread(FAULTS["drain"].fail, cluster, SECOND)
        await asyncio.to_thread(cluster.until, "draining", SECOND, ask=FIRST)
        await until_home(callers, FIRST)
        talking[2].leg.hang_up()
        await until(lambda: waiting[2].taken, "the queue moved with its callers and seats")
        assert not waiting[3].taken, (
            "the callers keep their order, although a seat was free before the last caller came"
        )
        assert await callers.gone(talking[3:]) == [], "the drained node's calls go on"
        (while_drained,) = await callers.place(["13900000009"])
        assert while_drained.node == FIRST
        await asyncio.to_thread(FAULTS["drain"].undo, cluster, SECOND)
        await asyncio.to_thread(cluster.until, "open", FIRST, SECOND, ask=FIRST)
        await until_home(callers, SECOND)

        await asyncio.to_thread(FAULTS["kill"].fail, cluster, SECOND)
        killed = asyncio.get_running_loop().time()
        await until_home(callers, FIRST)
        await until_signed_in(callers, len(BOTH) * SEATS)
        assert asyncio.get_running_loop().time() - killed < 10.0, "the seats are signed in again without an agent's act"
        (after,) = await callers.place(["13700000001"])
        assert after.leg.answer_delay < 2.0
        of_living = [call for call in (*talking[3:], *waiting, while_drained, after) if call.node == FIRST]
        assert await callers.gone(of_living) == [], "callers of the living node keep waiting"
        await until(lambda: all(call.taken for call in of_living), "callers of the living node are served")
        for call in (*talking[3:], *waiting, while_drained, after):
            call.leg.hang_up()
        await callers.until_idle()
        assert await callers.records_wrong(of_living, FIRST) == []


@asynccontextmanager
async def nodes_are_shown_after_a_failure(cluster: RunningCluster) -> AsyncIterator[None]:
    """Print the status and the log of each node after a failure, because both are deleted with the cluster."""
    try:
        yield
    except AssertionError:
        for name, node in cluster.nodes.items():
            print(name, json.dumps(await asyncio.to_thread(node.ask, "status"), ensure_ascii=False))
            print(*(Home(node.home).log / "engine.log").read_text(encoding="utf-8").splitlines()[-40:], sep="\n")
        raise


async def until_waiting(cluster: RunningCluster, callers: int) -> None:
    """Wait until this number of callers have heard the prompt and wait in the group's queue at its home."""
    async with asyncio.timeout(60):
        while True:
            queues = (await asyncio.to_thread(cluster.nodes[FIRST].ask, "status"))["queues"]
            here = (queue for queue in queues if (queue["group"], queue["node"]) == (GROUP, SECOND))
            if sum(queue["waiting"] for queue in here) == callers:
                return
            await asyncio.sleep(0.1)


async def until_home(callers: Callers, node: str) -> None:
    async with asyncio.timeout(60):
        while True:
            if await callers.home(FIRST) == node:
                return
            await asyncio.sleep(0.1)


async def until_signed_in(callers: Callers, seats: int) -> None:
    async with asyncio.timeout(60):
        while True:
            if len(await callers.signed_in()) == seats:
                return
            await asyncio.sleep(0.1)


async def a_registry_is_in_force_on_both_or_on_none(cluster: RunningCluster) -> None:
    numbers = cluster.nodes[FIRST].numbers
    valid = numbers.read_text(encoding="utf-8")
    numbers.write_text(valid.replace("话务座席8001", "话务座席甲"), encoding="utf-8")
    done = await asyncio.to_thread(cluster.nodes[FIRST].ivr, "reload")
    assert done.returncode == 0, done.stderr
    assert await names_of_8001(cluster) == {FIRST: "话务座席甲", SECOND: "话务座席甲"}
    numbers.write_text(valid.replace("话务座席8001", '"'), encoding="utf-8")
    assert (await asyncio.to_thread(cluster.nodes[FIRST].ivr, "reload")).returncode == 1
    assert await names_of_8001(cluster) == {FIRST: "话务座席甲", SECOND: "话务座席甲"}


def phones_sign_in_through_the_front(cluster: RunningCluster) -> None:
    """Real phones, by TLS and TCP: each signs in at one node, and out at the same node; a wrong password is refused."""
    accounts = {seat["seat"]: seat["password"] for seat in cluster.nodes[FIRST].ask("seats")}
    front = cluster.lan.address(ADDRESS)
    server, certificate = f"{front}:5060", Home(cluster.front.active.site / "var").tls / "certificate.pem"
    with Phones() as phones:
        stranger = SeatPhone(phones, "8023", "wrong", server)
        with pytest.raises(AssertionError, match="401"):
            stranger.register()
        agents = [
            SeatPhone(phones, OVER_TLS, accounts[OVER_TLS], f"{front}:5061", transport="tls", trusts=certificate),
            SeatPhone(phones, OVER_TCP, accounts[OVER_TCP], server, transport="tcp"),
        ]
        for agent in agents:
            agent.register()
        for code, places in (("*81", 1), ("*80", 0)):
            calls = [agent.dial(code) for agent in agents]
            phones.until(lambda calls=calls: all(call.ended for call in calls), 20, f"the agents dialled {code}")
            assert all(call.was_connected for call in calls)
            for agent in agents:  # a node sees the seats of the other half a second later
                seen = partial(is_signed_in_at, cluster, agent.user, places)
                phones.until(seen, 20, f"{agent.user} dialled {code}")


async def only_nodes_hand_callers_over(cluster: RunningCluster) -> None:
    """A node takes a caller over from the front only, and the front believes neither a carrier nor a stranger."""
    address = cluster.lan.address
    handed = ("X-Hotline-Call: north-1.1", "X-Hotline-Line: l12345", "X-Hotline-Place: 1/0////////zh")
    for own, server in (("citizens", SECOND), ("base", ADDRESS)):
        port = await Port(address(own)).open()
        port.at(f"{address(server)}:5060")
        leg = port.call("group-general", "13800000000", "X-Hotline-Node: north", *handed)
        await until(lambda leg=leg: leg.ended, f"a call from {own} to {server} is refused")
        port.close()
        assert leg.code in (401, 407)
    for header in ("X-Hotline-Node: north", "x-hotline-node : north"):
        leg = cluster.citizens.call("group-general", "13800000000", header, *handed)
        await until(lambda leg=leg: leg.answered, "the call counts as a carrier's")
        leg.hang_up()
    events = "".join((Home(node.home).cel / "cel.csv").read_text(encoding="utf-8") for node in cluster.nodes.values())
    assert '"from-carrier"' in events
    assert '"handed-over"' not in events


def is_signed_in_at(cluster: RunningCluster, seat: str, places: int) -> bool:
    """Return whether both nodes show a seat as signed in at this number of nodes, 0 or 1."""
    found = [node.ask("status")["seats"] for node in cluster.nodes.values()]
    at = [{row["node"] for row in rows if row["seat"] == seat and row["signed_in"]} for rows in found]
    return all(len(names) == places for names in at) and len(set().union(*at)) == places


async def names_of_8001(cluster: RunningCluster) -> dict[str, str]:
    found = {}
    for name, node in cluster.nodes.items():
        seats = (await asyncio.to_thread(node.ask, "status"))["seats"]
        found[name] = next(str(seat["name"]) for seat in seats if seat["seat"] == "8001")
    return found
