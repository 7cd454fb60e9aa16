"""The next home of a group gets the state of the group's seats."""

from ivr.cluster.signed_in_seats import SignedInSeat, leaving

PAUSED_HERE = SignedInSeat("general", "8001", "8001", is_paused=True, reason="in-call")
IN_CALL_AT_SOUTH = SignedInSeat("general", "8001", "8001", is_paused=False, reason="", busy_at="south")
READY = SignedInSeat("general", "8002", "8002", is_paused=False, reason="")


def test_a_seat_in_a_call_is_passed_on_with_the_node_of_the_call() -> None:
    (seat,) = leaving([READY], [READY], "north", ["8002"])
    assert (seat.busy_at, seat.is_paused) == ("north", False)


def test_a_queue_that_moves_twice_during_a_call_has_the_seat_ready_after_it() -> None:
    assert leaving([PAUSED_HERE, READY], [IN_CALL_AT_SOUTH, READY], "north", []) == {IN_CALL_AT_SOUTH, READY}
