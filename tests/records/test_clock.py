"""If the clock is set during calls, call records, notifications and retention stay right."""

from datetime import UTC, datetime, timedelta

from ivr.call_events.values import SeatKind
from ivr.call_events.vocabulary import OfferStarted, RouteChosen
from ivr.records.derive.clock_steps import correct_clock_steps
from ivr.records.derive.derived_record import record_of_events
from ivr.records.store import outbox
from ivr.records.store.database import Database
from tests.records.outbox_receiver import expert_away, put
from tests.records.recorded import SEATS
from tests.records.written_call import CALLER, WrittenCall

SEAT = "PJSIP/8001-00000001"
ROUTE = RouteChosen("12369", "13900001111", "12369", "dual", ("12369",), gap=False)


def a_call(*, set_back: float) -> WrittenCall:
    """Return a call: 10 s of waiting, the clock is set back, 5 s later a seat answers, a talk of a minute."""
    story = WrittenCall(dialled="12369").notes(ROUTE).picks_up(CALLER).notes(OfferStarted(SeatKind.GENERAL, "general"))
    story.queued("ENTERQUEUE").wait(10).rings(SEAT).wait(-set_back).wait(5).picks_up(SEAT)
    story.queued("CONNECT", str(int(15 - set_back)), "hotline-1.1", "5", agent="8001")
    return story.wait(60).hangs_up(SEAT).hangs_up(CALLER, by=SEAT).ends()


def test_the_record_is_right_if_the_clock_is_set_back_during_the_call() -> None:
    story = a_call(set_back=3600)
    record = record_of_events(correct_clock_steps(story.events), correct_clock_steps(story.queue), SEATS)
    usual = a_call(set_back=0).record()
    assert record
    assert record.ended_at
    assert (record.outcome, record.seat, record.dialled) == (usual.outcome, usual.seat, usual.dialled)
    assert [(leg.kind, leg.target, leg.result, leg.seconds) for leg in record.legs] == [
        (leg.kind, leg.target, leg.result, leg.seconds) for leg in usual.legs
    ]
    assert record.wait_s >= 0
    assert record.ring_s == 0, "the ringing time is unknown, because the clock was set during it"
    assert 70 <= (record.ended_at - record.started_at).total_seconds() < 71


def test_events_a_little_out_of_order_keep_their_times() -> None:
    events = a_call(set_back=0).events
    swapped = [events[1], events[0], *events[2:]]
    assert correct_clock_steps(swapped) == swapped


def test_a_second_change_of_the_clock_counts_too() -> None:
    story = a_call(set_back=3600)
    later = WrittenCall().events[0]
    events = [*story.events, later]
    times = [event.at for event in correct_clock_steps(events)]
    assert times == sorted(times)


def test_a_notification_waits_no_longer_for_its_next_attempt_if_the_clock_is_set_back(database: Database) -> None:
    put(database, expert_away(over=False))
    now = datetime.now(UTC)
    [waiting] = outbox.due_notifications(database, now)
    outbox.mark_failed(database, waiting, now)
    assert not outbox.due_notifications(database, now)
    assert outbox.due_notifications(database, now - timedelta(hours=1))
