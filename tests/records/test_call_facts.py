"""The call record of each course of a call."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.logs import cel, queuelog
from ivr.asterisk.logs.cel import CelEvent, CelEventType
from ivr.asterisk.logs.queuelog import QueueEvent
from ivr.call_events.values import AnswerEnd, PartyKind, Reason, SeatKind, SpeechDecision
from ivr.call_events.vocabulary import (
    AnswerPlayed,
    ConsultStarted,
    FallbackTaken,
    KeyPressed,
    OfferStarted,
    RouteChosen,
    SpeechHeard,
)
from ivr.records.derive.derived_record import record_of_events
from ivr.records.derive.record_parts import LegKind, LegResult, Outcome
from tests.records.recorded import LOGS, NAMES, SEATS
from tests.records.written_call import BEGAN, CALLER, WrittenCall

SEAT, CENTER, CONSULT = "PJSIP/8001-00000001", "PJSIP/carrier-00000002", "Local/110@consult-00000000;2"
ROUTE = RouteChosen("12345", "13900001111", "12345", "hotline", ("12345",), gap=False)
GENERAL = OfferStarted(SeatKind.GENERAL, "general")


def answered() -> WrittenCall:
    return WrittenCall().notes(ROUTE).picks_up(CALLER)


def test_a_call_is_abandoned_if_the_caller_hangs_up_before_an_answer() -> None:
    record = answered().wait(3).hangs_up(CALLER).ends().record()
    assert (record.outcome, record.seat, record.legs) == (Outcome.ABANDONED, None, ())
    assert record.ended_at is not None
    assert 3 < (record.ended_at - record.started_at).total_seconds() < 3.1


def test_a_call_failed_if_the_hotline_ends_it_before_an_answer() -> None:
    assert answered().hangs_up(CALLER, by="dialplan/builtin").ends().record().outcome is Outcome.FAILED


def test_a_call_is_refused_if_the_hotline_never_answers_it() -> None:
    assert WrittenCall().hangs_up(CALLER, by="dialplan/builtin").ends().record().outcome is Outcome.REFUSED


def test_a_call_in_progress_has_the_outcome_in_progress() -> None:
    record = answered().notes(GENERAL).queued("ENTERQUEUE").rings(SEAT).wait(4).record()
    assert (record.outcome, record.ended_at, record.answered_at) == (Outcome.IN_PROGRESS, None, None)
    assert [(leg.result, leg.ended_at) for leg in record.legs] == [(LegResult.RINGING, None)]


def test_a_call_is_over_if_asterisk_died_during_it() -> None:
    story = answered().notes(GENERAL).queued("ENTERQUEUE").rings(SEAT).wait(5).notes(KeyPressed("main", "1", ""))
    record = story.record(restarted=10)
    assert (record.outcome, record.wait_s) == (Outcome.FAILED, 5)
    assert record.ended_at == story.events[-1].at
    assert [leg.result for leg in record.legs] == [LegResult.FAILED]


def test_ringing_and_waiting_are_counted_apart_from_talking() -> None:
    story = answered().notes(GENERAL).queued("ENTERQUEUE").wait(7).rings(SEAT).wait(2.5).picks_up(SEAT)
    story.queued("CONNECT", "9", "hotline-1.1", "2", agent="8001").wait(60)
    record = story.hangs_up(SEAT).hangs_up(CALLER, by=SEAT).ends().record()
    assert (record.wait_s, record.ring_s, record.legs[0].seconds) == (9, 2.5, 60.0)
    assert (record.seat, record.seat_kind, record.queue) == ("8001", SeatKind.GENERAL, "general")


def test_the_waiting_time_begins_with_the_first_offer() -> None:
    story = answered().wait(30).notes(OfferStarted(SeatKind.EXPERT, "expert-12348")).queued("ENTERQUEUE").wait(20)
    story.queued("EXITWITHTIMEOUT", "1", "1", "20").notes(FallbackTaken(Reason.EXPERT_SILENT)).notes(GENERAL)
    record = story.hangs_up(CALLER).ends().record()
    assert record.first_offer_at
    assert 30 < (record.first_offer_at - record.started_at).total_seconds() < 30.1
    assert answered().wait(3).hangs_up(CALLER).ends().record().first_offer_at is None


def test_without_a_script_the_waiting_time_begins_with_the_queue() -> None:
    record = WrittenCall().wait(2).queued("ENTERQUEUE").wait(5).hangs_up(CALLER).ends().record()
    assert record.first_offer_at == BEGAN + timedelta(seconds=2)


def test_the_waits_for_expert_and_agent_add_up() -> None:
    story = answered().notes(OfferStarted(SeatKind.EXPERT, "expert-12348")).queued("ENTERQUEUE").wait(20)
    story.queued("EXITWITHTIMEOUT", "1", "1", "20").notes(FallbackTaken(Reason.EXPERT_SILENT)).notes(GENERAL)
    story.queued("ENTERQUEUE").wait(5).queued("ABANDON", "1", "1", "5")
    assert story.hangs_up(CALLER).ends().record().wait_s == 25


def test_after_an_engine_death_seats_are_read_from_the_registry() -> None:
    story = answered().notes(OfferStarted(SeatKind.EXPERT, "expert-12348")).notes(FallbackTaken(Reason.TECHNICAL))
    story.rings(SEAT).wait(1).picks_up(SEAT).wait(1).hangs_up(SEAT).hangs_up(CALLER, by=SEAT).ends()
    assert story.record().seat_kind is SeatKind.GENERAL
    assert story.record({"8001": SeatKind.ENTERPRISE}).seat_kind is SeatKind.ENTERPRISE
    assert story.record().fallbacks == (Reason.TECHNICAL,)


def test_the_record_has_the_utterance_and_the_decision() -> None:
    question = SpeechHeard("main", "公积金", 0.9, "whisper-base", 213, SpeechDecision.CONFIRM, "12329", "")
    confirmed = SpeechHeard(
        "main", "公积金", 0.9, "whisper-base", 213, SpeechDecision.CONFIRMED, "12329", "12329 住房公积金"
    )
    story = answered().notes(KeyPressed("main", "*", "")).notes(question).notes(confirmed)
    record = story.hangs_up(CALLER).ends().record()
    assert (record.intent_text, record.intent_decision, record.intent_target) == (
        "公积金", SpeechDecision.CONFIRMED, "12329",
    )  # fmt: skip
    assert (record.confidence, record.recognizer, record.heard_ms) == (0.9, "whisper-base", 213)
    assert (record.path, record.topic) == ("main:*/main:speech", "12329 住房公积金")
    assert answered().notes(KeyPressed("main", "1", "")).hangs_up(CALLER).ends().record().intent_text is None


def test_a_center_that_cannot_even_be_dialled_leaves_a_leg() -> None:
    story = answered().notes(OfferStarted(SeatKind.CENTER, "12366")).notes(FallbackTaken(Reason.CENTER_UNREACHABLE))
    [leg] = story.hangs_up(CALLER).ends().record().legs
    assert (leg.kind, leg.target, leg.result, leg.seconds) == (LegKind.CENTER, "12366", LegResult.UNAVAILABLE, 0.0)


@pytest.mark.parametrize(
    ("dial_status", "result"),
    [
        ("CHANUNAVAIL", LegResult.UNAVAILABLE),
        ("BUSY", LegResult.BUSY),
        ("CANCEL", LegResult.CANCELLED),
        ("", LegResult.UNAVAILABLE),
    ],
)
def test_a_consult_that_rings_no_phone_leaves_a_leg(dial_status: str, result: LegResult) -> None:
    story = answered().notes(GENERAL).rings(SEAT).picks_up(SEAT).wait(5).rings(CONSULT)
    story.notes(ConsultStarted("8001", "110", PartyKind.LINKAGE, "110"), CONSULT).hangs_up(
        CONSULT, dial_status=dial_status
    )
    [agent, consult] = story.hangs_up(SEAT).hangs_up(CALLER, by=SEAT).ends().record().legs
    assert agent.kind is LegKind.GENERAL
    assert (consult.kind, consult.target, consult.party, consult.result) == (
        LegKind.CONSULT,
        "110",
        PartyKind.LINKAGE,
        result,
    )


@pytest.mark.parametrize(
    ("cause", "result"),
    [
        (17, LegResult.BUSY),
        (21, LegResult.BUSY),
        (19, LegResult.NO_ANSWER),
        (0, LegResult.NO_ANSWER),
        (1, LegResult.UNAVAILABLE),
        (20, LegResult.UNAVAILABLE),
        (38, LegResult.FAILED),
    ],
)
def test_the_leg_of_a_center_that_does_not_answer_has_the_reason(cause: int, result: LegResult) -> None:
    story = answered().notes(OfferStarted(SeatKind.CENTER, "12366")).rings(CENTER).wait(5).hangs_up(CENTER, cause=cause)
    story.notes(FallbackTaken(Reason.CENTER_SILENT)).wait(5).hangs_up(CALLER).ends()
    assert [leg.result for leg in story.record().legs] == [result]


def test_a_seat_stops_ringing_when_another_answers() -> None:
    answering_phone = "PJSIP/8002-00000002"
    story = (
        answered()
        .notes(GENERAL)
        .rings(SEAT)
        .rings(answering_phone)
        .wait(3)
        .picks_up(answering_phone)
        .hangs_up(SEAT, cause=26)
    )
    record = story.wait(9).hangs_up(answering_phone).hangs_up(CALLER, by=answering_phone).ends().record()
    assert [(leg.target, leg.result) for leg in record.legs] == [
        ("8001", LegResult.CANCELLED),
        ("8002", LegResult.ANSWERED),
    ]


def test_keys_and_silence_make_the_path() -> None:
    story = (
        answered()
        .notes(KeyPressed("main", "*", ""))
        .notes(KeyPressed("main", "2", "企业服务"))
        .notes(KeyPressed("main", "", ""))
    )
    record = story.hangs_up(CALLER).ends().record()
    assert (record.path, record.topic) == ("main:*/main:2/main:silence", "企业服务")


def test_an_unregistered_number_is_a_gap_without_a_mode() -> None:
    route = RouteChosen("12399", "", "12345", "", ("12399",), gap=True)
    record = WrittenCall().notes(route).hangs_up(CALLER).ends().record()
    assert (record.dialled, record.line, record.mode, record.gap, record.caller) == ("12399", "12345", None, True, "")


def test_a_call_of_a_seat_to_the_hotline_is_a_call_like_any_other() -> None:
    seat = "PJSIP/8002-00000000"
    story = WrittenCall(caller=seat, context="from-seat")
    record = (
        story.notes(RouteChosen("12345", "8002", "12345", "hotline", ("12345",), gap=False))
        .hangs_up(seat)
        .ends()
        .record()
    )
    assert (record.caller, record.outcome) == ("8002", Outcome.ABANDONED)


def test_without_a_route_only_the_digits_of_the_number_dialled_are_kept() -> None:
    record = WrittenCall(dialled="+86735\n1234'5;DROP").hangs_up(CALLER).ends().record()
    assert record.dialled == "+8673512345"


def recorded(name: str) -> tuple[list[CelEvent], list[QueueEvent]]:
    events = [cel.parse(line) for line in (LOGS / f"{name}.cel.csv").read_text().splitlines()]
    return events, [queuelog.parse(line) for line in (LOGS / f"{name}.queue_log").read_text().splitlines()]


QUIET = [name for name in NAMES if name not in {"hostile_number", "two_calls_at_once"}]


@pytest.mark.parametrize("name", QUIET)
def test_neither_order_nor_doubles_of_the_events_matter(name: str) -> None:
    events, queue = recorded(name)
    mixed = events + events[::3]
    random.Random(name).shuffle(mixed)
    assert record_of_events(mixed, queue + queue[::2], SEATS) == record_of_events(events, queue, SEATS)


@pytest.mark.parametrize("name", QUIET)
@given(data=st.data())
def test_missing_events_cause_no_error(name: str, data: st.DataObject) -> None:
    events, queue = recorded(name)
    some = data.draw(st.lists(st.sampled_from(events)))
    record = record_of_events(some, data.draw(st.lists(st.sampled_from(queue))) if queue else [], SEATS)
    if record is not None:
        assert list(record.legs) == sorted(record.legs, key=lambda leg: leg.started_at)
        assert all(leg.seconds >= 0 for leg in record.legs)


MOMENTS = st.integers(0, 100).map(lambda seconds: BEGAN + timedelta(seconds=seconds))
WORDS = st.sampled_from(["", "x", "1", "PJSIP/8001-1", "Local/1@consult-1;2", "IVR_ROUTE", "kind=center&target=1"])
EVENTS = st.builds(
    CelEvent,
    st.sampled_from(CelEventType),
    MOMENTS,
    WORDS,
    WORDS,
    WORDS,
    WORDS,
    WORDS,
    st.just("c"),
    st.text(),
    st.text(),
)


@given(st.lists(EVENTS), st.lists(st.builds(QueueEvent, MOMENTS, WORDS, WORDS, WORDS, WORDS, st.just(("9" * 9,)))))
def test_no_sequence_of_events_causes_an_error(events: list[CelEvent], queue: list[QueueEvent]) -> None:
    record_of_events(events, queue, {}, datetime(2027, 1, 1, tzinfo=UTC))


def answer_told(seconds: int, end: AnswerEnd) -> AnswerPlayed:
    return AnswerPlayed("12333-overtime", 2, "加班工资怎么算", seconds, 20, end)


def test_a_call_that_an_article_answered_is_informed_and_not_abandoned() -> None:
    record = answered().notes(answer_told(20, AnswerEnd.WHOLE)).wait(3).hangs_up(CALLER).ends().record()
    assert (record.outcome, record.answer_article, record.answer_title, record.answer_s, record.answer_end) == (
        Outcome.INFORMED, "12333-overtime", "加班工资怎么算", 20, AnswerEnd.WHOLE,
    )  # fmt: skip
    early = answered().notes(answer_told(4, AnswerEnd.HUNG_UP)).hangs_up(CALLER).ends().record()
    assert (early.outcome, early.answer_s) == (Outcome.ABANDONED, 4)


def test_a_call_is_abandoned_if_the_caller_gives_up_waiting_after_an_articles_answer() -> None:
    story = answered().notes(answer_told(20, AnswerEnd.WHOLE)).notes(GENERAL).queued("ENTERQUEUE").wait(9)
    assert story.hangs_up(CALLER).ends().record().outcome is Outcome.ABANDONED
