"""Which phones and callers count as rung twice."""

from types import SimpleNamespace
from typing import cast

from testkit.signalling import Port, SignallingCall, SignallingMessage
from trials.cluster.callers import LINE, Callers, ClusterCaller, Ringing
from trials.cluster.running_cluster import RunningCluster

_RINGS_LONG = Ringing(60.0, 60.0, refused=10)


def _ring(port: Port, seat: str, caller: str) -> SignallingCall:
    lines = (f"INVITE sip:{seat}@phone SIP/2.0", f"From: <sip:{caller}@node>", f"X-Hotline-Line: {LINE}", "", "")
    return SignallingCall(port, f"{seat}-{caller}", "local", "remote", "target", SignallingMessage("\r\n".join(lines)))


async def test_a_second_ring_of_a_phone_or_for_a_caller_counts_as_a_fault_until_the_first_has_ended() -> None:
    port = Port()
    cluster = SimpleNamespace(names=("north",), phones=port)
    callers = Callers(cast("RunningCluster", cluster), ringing=_RINGS_LONG)
    for number in ("1", "2"):
        callers.all[number] = ClusterCaller(number, SignallingCall(port, number, "local", "remote", "target"), 0.0)
    first = _ring(port, "8001", "1")
    port.on_invite(first)
    assert callers.wrong == []
    port.on_invite(_ring(port, "8001", "2"))
    assert callers.wrong == ["8001 rang twice, for 2 while it was in a call"]
    port.on_invite(_ring(port, "8002", "1"))
    assert callers.wrong[1:] == ["8002 rang for 1 while another phone did"]
    first.ended = True
    port.on_invite(_ring(port, "8003", "3"))
    assert callers.wrong[2:] == [f"8003 rang for 3 ({LINE})"], "no caller has this number"
    assert callers.offers == 4
