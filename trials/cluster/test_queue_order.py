"""Which callers count as served out of order."""

from datetime import UTC, datetime

from testkit.signalling import Port, SignallingCall
from trials.cluster.callers import ClusterCaller
from trials.cluster.queue_order import out_of_order


async def test_a_caller_who_is_served_before_an_earlier_caller_is_out_of_order() -> None:
    leg = SignallingCall(Port(), "id", "local", "remote", "target")
    came_and_taken = {"1": (0.0, 9.0), "2": (5.0, 12.0), "3": (7.0, 10.0), "4": (7.5, 9.9)}
    served = [
        ClusterCaller(number, leg, 0.0, taken=["8001"], taken_at=taken)
        for number, (_came, taken) in came_and_taken.items()
    ]
    since = {number: datetime.fromtimestamp(came, UTC) for number, (came, _taken) in came_and_taken.items()}
    faults = out_of_order(served, since)
    assert [line[0] for line in faults] == ["3", "4"]
    assert "such as 2" in faults[0]
