"""Two nodes behind a front, on loopback: calls are spread, a node may be drained or die, and both have one registry."""

import asyncio
from collections import Counter

import pytest

from testkit.phones import Phones, SeatPhone
from tests.calls.conftest import quick_registry
from trials.cluster.callers import Callers
from trials.cluster.cluster_faults import FAULTS
from trials.cluster.loopback import Loopback
from trials.cluster.running_cluster import RunningCluster

ONE, OTHER = "north", "south"
_TIMERS = {"expert": 60, "center": 60, "seat": 60, "menu": 5, "message": 120, "rating": 0}


@pytest.mark.timeout(300)
async def test_a_node_may_be_drained_or_die_and_a_registry_is_in_force_on_both_or_on_none() -> None:
    async with RunningCluster(quick_registry(timers=_TIMERS), (ONE, OTHER), Loopback) as cluster:
        await asyncio.to_thread(phones_sign_in_through_the_front, cluster)
        callers = Callers(cluster)
        await callers.sign_in()
        up = await callers.place(f"1380000000{at}" for at in range(4))
        assert Counter(one.node for one in up) == {ONE: 2, OTHER: 2}

        numbers = cluster.nodes[ONE].numbers
        good = numbers.read_text(encoding="utf-8")
        numbers.write_text(good.replace("话务座席8001", "话务座席甲"), encoding="utf-8")
        done = await asyncio.to_thread(cluster.nodes[ONE].ivr, "reload")
        assert done.returncode == 0, done.stderr
        assert await names_of_8001(cluster) == {ONE: "话务座席甲", OTHER: "话务座席甲"}
        numbers.write_text(good.replace("话务座席8001", '"'), encoding="utf-8")
        assert (await asyncio.to_thread(cluster.nodes[ONE].ivr, "reload")).returncode == 1
        assert await names_of_8001(cluster) == {ONE: "话务座席甲", OTHER: "话务座席甲"}

        await asyncio.to_thread(FAULTS["drain"].fail, cluster)
        await asyncio.to_thread(cluster.until, "draining", OTHER, ask=ONE)
        while_drained = await callers.place(["13900000001", "13900000002", "13900000003"])
        assert {one.node for one in while_drained} == {ONE}
        assert await callers.gone(up) == [], "the drained node's calls go on"
        await asyncio.to_thread(FAULTS["drain"].undo, cluster)
        await asyncio.to_thread(cluster.until, "open", ONE, OTHER, ask=ONE)

        await asyncio.to_thread(FAULTS["kill"].fail, cluster)
        after = await callers.place(["13700000001", "13700000002", "13700000003", "13700000004"])
        assert {one.node for one in after} == {ONE}
        assert max(one.leg.answer_delay for one in after) < 2.0, "the next node answers within two seconds"
        assert {one.node for one in await callers.gone(up)} == {OTHER}
        of_living = [one for one in (*up, *while_drained, *after) if one.node == ONE]
        for one in (*up, *while_drained, *after):
            one.leg.hang_up()
        await callers.until_idle()
        assert await callers.records_wrong(of_living, ONE) == []
        assert callers.wrong == []


def phones_sign_in_through_the_front(cluster: RunningCluster) -> None:
    """Real phones, by UDP and TCP: each signs in at one node, and out at the same node; a wrong password is refused."""
    accounts = {one["seat"]: one["password"] for one in cluster.nodes[ONE].ask("seats")}
    server = f"{cluster.lan.address('front')}:5060"
    with Phones() as phones:
        stranger = SeatPhone(phones, "8023", "wrong", server)
        with pytest.raises(AssertionError, match="401"):
            stranger.register()
        agents = [
            SeatPhone(phones, seat, accounts[seat], server, transport=transport).register()
            for seat, transport in (("8021", "udp"), ("8022", "tcp"))
        ]
        for code, places in (("*81", 1), ("*80", 0)):
            calls = [agent.dial(code) for agent in agents]
            phones.until(lambda calls=calls: all(call.ended for call in calls), 20, f"the agents dialled {code}")
            assert all(call.was_connected for call in calls)
            for agent in agents:
                assert len(where_signed_in(cluster, agent.user)) == places, (code, agent.user)


def where_signed_in(cluster: RunningCluster, seat: str) -> list[str]:
    return [
        name
        for name, node in cluster.nodes.items()
        if any(one["signed_in"] for one in node.ask("status")["seats"] if one["seat"] == seat)
    ]


async def names_of_8001(cluster: RunningCluster) -> dict[str, str]:
    found = {}
    for name, node in cluster.nodes.items():
        seats = (await asyncio.to_thread(node.ask, "status"))["seats"]
        found[name] = next(str(one["name"]) for one in seats if one["seat"] == "8001")
    return found
