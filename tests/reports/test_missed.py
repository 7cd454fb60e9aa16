"""Utterances that no menu understood: similar texts are one row, with the acts of agents."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.call_events.values import PartyKind, SpeechDecision
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import Leg, LegKind, LegResult, Utterance, WorkOrder
from ivr.reports.missed import AgentAction, AgentChoice, missed_texts, to_json
from tests.reports.made import at, call

NINE = at("2026-11-22T09:00")


def said(text: str, decision: str = "unknown", *, minutes: int = 0, menu: str = "main") -> Utterance:
    return Utterance(NINE + timedelta(minutes=minutes), menu, text, SpeechDecision(decision), "", 0.4)


def with_said(
    name: str, *utterances: Utterance, consults: tuple[tuple[str, str], ...] = (), orders: tuple[WorkOrder, ...] = ()
) -> CallRecord:
    legs = tuple(
        Leg(LegKind.CONSULT, target, PartyKind(party), LegResult.ANSWERED, 1.0, NINE, NINE, NINE)
        for target, party in consults
    )
    return replace(call(), call_id=name, utterances=utterances, legs=legs, work_orders=orders)


def order(number: str, unit: str, recording: str = "") -> WorkOrder:
    return WorkOrder(f"W-{number}", "x", "", number, unit, recording, 0, NINE)


def texts(*records: CallRecord, **wanted: object) -> list[tuple[str, int]]:
    return [(text.text, text.count) for text in missed_texts(records, **wanted)]  # type: ignore[arg-type]


def test_texts_that_sound_the_same_without_filler_words_are_one_row() -> None:
    records = (
        with_said("1", said("路灯坏了")),
        with_said("2", said("我想问一下路灯坏了", minutes=1)),
        with_said("3", said("路灯坏了", minutes=2)),
        with_said("4", said("陆登坏了", minutes=3)),  # the same syllables with other characters
        with_said("5", said("井盖丢了", minutes=4)),
    )
    lamp, cover = missed_texts(records)
    assert (lamp.text, lamp.count, lamp.last_at) == ("路灯坏了", 4, NINE + timedelta(minutes=3))
    assert set(lamp.readings) == {"路灯坏了", "我想问一下路灯坏了", "陆登坏了"}
    assert (cover.text, cover.count) == ("井盖丢了", 1)


@pytest.mark.parametrize(
    ("decision", "missed"),
    [
        ("unknown", True), ("denied", True), ("which", True),
        ("sure", False), ("confirmed", False), ("chosen", False), ("confirm", False),
        ("emergency", False), ("emergency-sure", False), ("emergency-unanswered", False),
    ],
)  # fmt: skip
def test_a_text_is_missed_if_it_led_to_an_agent_or_the_caller_did_not_confirm_it(decision: str, missed: bool) -> None:
    assert texts(with_said("1", said("路灯坏了", decision))) == ([("路灯坏了", 1)] if missed else [])


def test_a_row_has_the_line_that_agents_consulted_and_the_unit_of_the_work_order() -> None:
    records = (
        with_said("1", said("路灯坏了"), consults=(("12319", "line"),)),
        with_said("2", said("路灯坏了"), consults=(("12319", "line"), ("12319", "line"))),
        with_said("3", said("路灯坏了"), orders=(order("12319", "市城管局"),)),
        with_said("4", said("路灯坏了")),
    )
    (text,) = missed_texts(records)
    assert text.choices == {
        AgentChoice(AgentAction.CONSULT, "12319", ""): 2,
        AgentChoice(AgentAction.WORK_ORDER, "12319", "市城管局"): 1,
    }
    assert text.unsettled == 1


def test_consults_of_colleagues_and_callers_messages_do_not_count() -> None:
    record = with_said(
        "1",
        said("路灯坏了"),
        consults=(("8002", "seat"), ("8001", "supervisor")),
        orders=(order("12345", "市政府办公室", recording="W1.wav"),),
    )
    (text,) = missed_texts([record])
    assert (dict(text.choices), text.unsettled) == ({}, 1)


def test_only_texts_of_the_given_time_and_menu_are_listed() -> None:
    record = with_said("1", said("一早"), said("中午", minutes=60), said("别处", minutes=61, menu="other"))
    assert texts(record, since=NINE + timedelta(minutes=1)) == [("别处", 1), ("中午", 1)]
    assert texts(record, until=NINE + timedelta(minutes=1)) == [("一早", 1)]
    assert texts(record, menu="other") == [("别处", 1)]


@pytest.mark.parametrize("text", ["", "……", "hello", "我想问一下", "😀", "***"])
def test_any_text_is_listed(text: str) -> None:
    assert texts(with_said("1", said(text))) == [(text, 1)]


def test_the_json_of_a_missed_text_has_every_key() -> None:
    record = with_said("1", said("路灯坏了"), consults=(("12319", "line"),))
    assert to_json(missed_texts([record])[0]) == {
        "text": "路灯坏了",
        "readings": ["路灯坏了"],
        "count": 1,
        "last_at": "2026-11-22T09:00:00.000+08:00",
        "menus": ["main"],
        "made_of": [{"by": "consult", "number": "12319", "unit": None, "count": 1}],
        "unsettled": 0,
    }
