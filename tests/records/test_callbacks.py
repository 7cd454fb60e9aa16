"""The call records decide which callbacks are due."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.call_events.values import CallbackResult, Reason
from ivr.call_events.vocabulary import CallbackStarted, FallbackTaken, RecordingStarted
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.call_trace import trace_of
from ivr.records.derive.callback_attempt import callback_attempt_of
from ivr.records.derive.callback_state import EXPIRES_AFTER, Attempt, ServedCall, callback_of, was_missed
from ivr.records.derive.record_parts import Callback, CallbackState, LegResult, Outcome
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.queries import calls, to_json
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLBACK_ATTEMPT_FIELDS, CALLBACK_ATTEMPTS, CALLS
from tests.records.written_call import BEGAN, CALLER, WrittenCall

AGENT, CITIZEN = "PJSIP/8001-00000001", "PJSIP/carrier-00000002"
LATER = BEGAN + timedelta(minutes=5)
SOON = BEGAN + timedelta(hours=1)


def missed(*, asked: bool = False) -> CallRecord:
    story = WrittenCall().queued("ENTERQUEUE", "", "13900001111", "1")
    if asked:
        story.notes(FallbackTaken(Reason.CALLBACK))
    return story.wait(20).hangs_up(CALLER, by="" if asked else CALLER).ends().record()


def tried(
    *,
    number: str = "13900001111",
    minutes: int = 5,
    answered: bool = False,
    ended: bool = True,
    talk: int = 30,
    said: CallbackResult | None = None,
) -> Attempt:
    begun = BEGAN + timedelta(minutes=minutes)
    ended_at = begun + timedelta(seconds=talk if answered else 0)
    return Attempt(number, begun, begun if answered else None, ended_at if ended else None, said=said)


@pytest.mark.parametrize("asked", [False, True])
def test_a_caller_who_hangs_up_while_waiting_or_asks_is_missed(asked: bool) -> None:
    record = missed(asked=asked)
    assert record.outcome is Outcome.ABANDONED
    assert was_missed(record)
    assert callback_of(record, [], [], SOON) == Callback(CallbackState.DUE, asked, 0, None)


def test_a_caller_who_waited_when_asterisk_or_its_node_ended_is_missed() -> None:
    record = WrittenCall().queued("ENTERQUEUE", "", "13900001111", "1").wait(20).record(restarted=25)
    assert record.outcome is Outcome.FAILED
    assert was_missed(record)


@pytest.mark.parametrize("caller", ["", "8001", "12345x", "110"])
def test_a_caller_without_a_number_is_not_missed(caller: str) -> None:
    assert not was_missed(replace(missed(), caller=caller))


def test_a_caller_who_did_not_wait_is_not_missed() -> None:
    assert not was_missed(WrittenCall().wait(3).hangs_up(CALLER).ends().record())


@pytest.mark.parametrize(
    ("tries", "served", "state", "count"),
    [
        ([tried()], [], "due", 1),
        ([tried(ended=False)], [], "ringing", 1),
        ([tried(), tried(answered=True)], [], "reached", 2),
        ([tried(number="+8613900001111", answered=True)], [], "reached", 1),  # in each spelling of the carrier
        ([tried(number="13900002222", answered=True)], [], "due", 0),  # another caller
        ([tried(minutes=-5, answered=True)], [], "due", 0),  # before this call
        ([tried(answered=True, talk=9)], [], "due", 1),  # perhaps answered by a voicemail
        ([tried(answered=True, talk=9, said=CallbackResult.REACHED)], [], "reached", 1),
        ([tried(answered=True, said=CallbackResult.VOICEMAIL)], [], "due", 1),
        ([tried(answered=True, said=CallbackResult.AGAIN)], [], "due", 1),
        ([tried(answered=True, said=CallbackResult.WRONG_NUMBER)], [], "wrong-number", 1),
        ([tried(answered=True, ended=False)], [], "ringing", 1),  # citizen and agent talk
        ([tried()] * 3, [], "given-up", 3),
        ([], [ServedCall("008613900001111", LATER)], "called-again", 0),
        ([], [ServedCall("13900001111", BEGAN - timedelta(minutes=1)), ServedCall("13900002222", LATER)], "due", 0),
    ],
)
def test_calls_and_attempts_decide_the_state_of_a_callback(
    tries: list[Attempt], served: list[ServedCall], state: str, count: int
) -> None:
    callback = callback_of(missed(), tries, served, SOON)
    assert (callback.state, callback.tries) == (state, count)


def test_after_three_days_no_caller_is_called_back() -> None:
    assert callback_of(missed(), [], [], BEGAN + EXPIRES_AFTER + timedelta(hours=1)).state is CallbackState.EXPIRED


def test_a_callback_attempt_is_no_call_of_a_citizen_and_is_read_back_unchanged(database: Database) -> None:
    story = WrittenCall(caller=AGENT, context="from-seat", dialled="*85")
    story.notes(CallbackStarted("hotline-1.0", "13900001111", "8001")).notes(RecordingStarted("R2.wav"))
    story.wait(1).rings(CITIZEN).wait(4)
    trace = trace_of(story.picks_up(CITIZEN).wait(30).hangs_up(CITIZEN).hangs_up(AGENT).ends().events, [], {})
    assert trace
    attempt = callback_attempt_of(trace)
    assert attempt
    assert (attempt.missed_call, attempt.result, attempt.seconds, attempt.recording) == (
        "hotline-1.0", LegResult.ANSWERED, 30.0, "R2.wav",
    )  # fmt: skip
    record = replace(missed(), call_id="missed")
    with database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, record)])
        insert(connection, CALLBACK_ATTEMPTS, [to_row(CALLBACK_ATTEMPT_FIELDS, attempt)])
    [stored] = calls(database)
    assert stored.callback
    assert stored.callback == Callback(CallbackState.REACHED, False, 1, attempt.started_at, ("R2.wav",))
    assert to_json(stored)["callback"]["recordings"] == ["R2.wav"]


def test_an_attempt_that_rang_no_phone_counts() -> None:
    story = WrittenCall(caller=AGENT, context="from-seat", dialled="*85")
    story.notes(CallbackStarted("hotline-1.0", "13900001111", "8001"))
    trace = trace_of(story.wait(1).hangs_up(AGENT).ends().events, [], {})
    assert trace
    attempt = callback_attempt_of(trace)
    assert attempt
    assert (attempt.result, attempt.answered_at, attempt.recording) == (LegResult.UNAVAILABLE, None, None)
    assert attempt.ended_at
