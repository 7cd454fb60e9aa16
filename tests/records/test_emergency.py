"""The record of an emergency: the legs of service and agent, and the decision about the cry."""

from ivr.call_events.values import Reason, SeatKind, SpeechDecision
from ivr.call_events.vocabulary import EmergencyStarted, FallbackTaken, RouteChosen, SpeechHeard
from ivr.records.derive.record_parts import LegKind, LegResult, Outcome
from tests.records.written_call import CALLER, WrittenCall

SERVICE, SEAT = "PJSIP/carrier-00000001", "PJSIP/8001-00000002"
ROUTE = RouteChosen("12345", "13900001111", "12345", "hotline", ("12345",), gap=False)
SEATS = {"8001": SeatKind.GENERAL}


def cried(group: str = "general", decision: SpeechDecision = SpeechDecision.EMERGENCY_SURE) -> WrittenCall:
    heard = SpeechHeard("main", "着火了", 0.98, "whisper-base", 213, decision, "119", "119 火警")
    return WrittenCall().notes(ROUTE).picks_up(CALLER).notes(heard).notes(EmergencyStarted("119", group)).rings(SERVICE)


def test_service_and_agent_are_a_leg_each() -> None:
    call = cried().rings(SEAT).wait(4).picks_up(SERVICE).wait(3).picks_up(SEAT).wait(10).hangs_up(SEAT)
    record = call.wait(20).hangs_up(CALLER).hangs_up(SERVICE, by="").ends().record(SEATS)
    assert [(leg.kind, leg.target, leg.result, leg.seconds) for leg in record.legs] == [
        (LegKind.LINKAGE, "119", LegResult.ANSWERED, 33.0),
        (LegKind.GENERAL, "8001", LegResult.ANSWERED, 10.0),
    ]
    assert (record.outcome, record.seat, record.queue, record.wait_s, record.ring_s) == (
        Outcome.ANSWERED, "8001", "general", 7, 7.0,
    )  # fmt: skip
    assert record.answered_at == record.legs[0].answered_at, "119 was the first party that answered the caller"
    assert record.path == "main:speech"
    assert record.intent_decision is SpeechDecision.EMERGENCY_SURE


def test_a_call_that_the_service_alone_answered_is_answered() -> None:
    record = cried("").wait(4).picks_up(SERVICE).wait(9).hangs_up(CALLER).hangs_up(SERVICE, by="").ends().record(SEATS)
    assert (record.outcome, record.seat, record.seat_kind, record.queue, record.wait_s) == (
        Outcome.ANSWERED, None, None, None, 0,
    )  # fmt: skip


def test_the_legs_of_a_busy_service_and_of_the_agent_differ() -> None:
    call = cried().rings(SEAT).wait(1).hangs_up(SERVICE, cause=17, by="").wait(2).picks_up(SEAT)
    record = call.wait(9).hangs_up(SEAT).hangs_up(CALLER, by="").ends().record(SEATS)
    assert [(leg.kind, leg.result) for leg in record.legs] == [
        (LegKind.LINKAGE, LegResult.BUSY),
        (LegKind.GENERAL, LegResult.ANSWERED),
    ]


def test_a_service_that_could_not_be_dialled_has_a_leg_too() -> None:
    call = (
        WrittenCall()
        .notes(ROUTE)
        .picks_up(CALLER)
        .notes(EmergencyStarted("119", "general"))
        .rings(SEAT)
        .wait(2)
        .picks_up(SEAT)
    )
    record = call.wait(5).hangs_up(SEAT).hangs_up(CALLER, by="").ends().record(SEATS)
    assert {(leg.kind, leg.target, leg.result) for leg in record.legs} == {
        (LegKind.LINKAGE, "119", LegResult.UNAVAILABLE),
        (LegKind.GENERAL, "8001", LegResult.ANSWERED),
    }


def test_if_neither_service_nor_agent_came_the_call_is_abandoned() -> None:
    call = cried().wait(25).hangs_up(SERVICE, cause=0, by="").notes(FallbackTaken(Reason.NO_AGENT))
    record = call.wait(2).hangs_up(CALLER).ends().record(SEATS)
    assert (record.outcome, record.answered_at, record.fallbacks) == (Outcome.ABANDONED, None, (Reason.NO_AGENT,))
    assert record.wait_s == 27
