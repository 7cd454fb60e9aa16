"""The queues of signed-in seats follow the registry."""

from ivr.asterisk.ami.listings import QueueMember
from ivr.engine.queue_memberships import membership_changes


def member(queue: str, seat: str, *, paused: bool = False) -> QueueMember:
    return QueueMember(queue, f"PJSIP/{seat}", seat, paused, "meal" if paused else "")


def test_a_seat_that_moves_joins_its_new_queue_with_its_pause_and_leaves_the_old_one() -> None:
    changes = membership_changes([member("group-a", "8001", paused=True)], {"8001": ["group-b"]})
    assert changes.joins == (member("group-b", "8001", paused=True),)
    assert changes.leaves == (member("group-a", "8001", paused=True),)


def test_a_seat_that_is_removed_leaves_every_queue() -> None:
    changes = membership_changes([member("group-a", "8001"), member("group-b", "8001")], {})
    assert (changes.joins, len(changes.leaves)) == ((), 2)


def test_a_signed_out_seat_joins_no_queue_and_an_unchanged_seat_stays() -> None:
    changes = membership_changes([member("group-a", "8001")], {"8001": ["group-a"], "8002": ["group-a"]})
    assert (changes.joins, changes.leaves) == ((), ())
