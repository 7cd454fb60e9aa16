"""A call that a node leaves to the next node has one record."""

from ivr.asterisk.logs.cel import CelEventType
from ivr.records.derive.derived_record import record_of_events
from tests.records.written_call import CALLER, WrittenCall


def test_a_node_that_does_not_take_a_call_makes_no_record_of_it() -> None:
    call = WrittenCall().hangs_up(CALLER, cause=34).ends()
    assert record_of_events(call.events, call.queue, {}) is not None, "a refused call has a record"
    left_to_next_node = [
        event._replace(context="next-node") if event.type is CelEventType.HANGUP else event for event in call.events
    ]
    assert record_of_events(left_to_next_node, call.queue, {}) is None
