"""The plan in words and as data, in the form that `ivr route --json` promises to programs."""

import json
from datetime import datetime
from typing import get_type_hints

import pytest

from ivr.call_events.values import Reason
from ivr.routing.calendar import CITY_TIME
from ivr.routing.decide import plan
from ivr.routing.explain import BranchData, PlanData, StepData, as_data, everybody
from ivr.routing.plan import Say
from ivr.routing.plan_wording import reason, text
from tests.routing.registry import registry

MORNING = datetime(2025, 6, 3, 10, tzinfo=CITY_TIME)


def explained(dialled: str, caller: str = "") -> PlanData:
    whole = registry()
    live = everybody(whole)
    return as_data(whole, plan(whole, dialled, caller, MORNING, live), live)


def test_the_head_of_a_merged_numbers_plan_has_number_mode_and_chain() -> None:
    data = explained("073512331", "+86 138-0000-0000")
    head = {key: value for key, value in data.items() if key != "steps"}
    assert head == {
        "dialled": "12331",
        "caller": "+8613800000000",
        "line": "12315",
        "name": "电话12331",
        "mode": "merged",
        "unit": "某局",
        "chain": ["12331", "12315"],
        "gap": False,
        "time": "2025-06-03T10:00:00+08:00",
        "rings_after": None,
        "menu": [],
    }


def test_the_steps_of_a_merged_number_in_words() -> None:
    shown = [(step["text"], step["reason"], step["at"]) for step in explained("12331")["steps"]]
    assert shown == [
        ("say merged-recorded", "the number is merged", "t.yaml:12"),
        ("ring expert-12315席 for 20 s", "the line has an expert seat", "t.yaml:15"),
        ("say expert-away", "the steps before found no agent", "t.yaml:15"),
        ("wait for an agent of general席, marked “needs expert”", "the steps before found no agent", "t.yaml:15"),
        (
            "take a message; it becomes a work order",
            "no agent is there, the queue is full, or the caller gives up waiting",
            "t.yaml:31",
        ),
    ]


def test_the_digits_of_a_spoken_number_are_written_together() -> None:
    step = Say(("emergency-alone", "phone/1", "phone/1", "phone/0"), Reason.EMERGENCY, None)
    assert text(registry(), step) == "say emergency-alone 110"


def test_the_words_of_the_prompts_stand_in_quotes_if_all_are_known() -> None:
    whole = registry()
    live = everybody(whole)
    words = {"merged-recorded": "已并入12315。"}
    data = as_data(whole, plan(whole, "12331", "", MORNING, live), live, words)
    assert data["steps"][0]["text"] == "say “已并入12315。”"
    assert data["steps"][2]["text"] == "say expert-away"


def test_the_seconds_until_a_phone_rings_are_the_sum_of_prompts_and_silence() -> None:
    whole = registry()
    live = everybody(whole)
    lengths = {"opening": 5.0, "menu-main": 6.0, "dual-recorded": 4.0, "transferring": 2.0}

    def data(number: str) -> PlanData:
        return as_data(whole, plan(whole, number, "", MORNING, live), live, lengths=lengths)

    assert data("12369")["rings_after"] == 4.0
    assert data("12345")["rings_after"] == 5.0 + 6.0 + whole.timers.menu
    assert [(branch["key"], branch["rings_after"]) for branch in data("12345")["menu"]][:1] == [("1", 2.0)]
    assert data("12336")["rings_after"] is None, "the length of the notice's recording is unknown"


def test_a_step_has_its_target_and_its_limit() -> None:
    center = explained("12366")["steps"][1]
    assert (center["do"], center["target"], center["seconds"]) == ("offer-center", "07362123366", 25)
    menu = explained("12345")["steps"][0]
    assert (menu["do"], menu["target"], menu["seconds"]) == ("ask-menu", "main", 5)
    assert menu["prompts"] == ["opening", "menu-main"]


def test_every_key_of_the_menu_is_followed() -> None:
    menu = explained("12345")["menu"]
    assert [(branch["key"], branch["topic"]) for branch in menu][:3] == [
        ("1", "反映问题"),
        ("2", "企业服务"),
        ("3", "社保"),
    ]
    assert [step["do"] for step in menu[2]["steps"]] == ["say", "offer-expert", "say", "agents", "message"]
    assert menu[1]["steps"][1]["text"] == "wait for an agent of enterprise席, else of general席, topic 企业服务"


def test_an_unregistered_number_is_a_gap_without_a_name() -> None:
    data = explained("99999")
    assert (data["gap"], data["name"], data["mode"], data["line"]) == (True, "", "", "12345")
    assert (data["steps"][0]["reason"], data["steps"][0]["at"]) == ("the number is not registered", None)


@pytest.mark.parametrize("dialled", ["12345", "2912345", "12331", "12315", "12369", "12366", "12356", "9", "x"])
def test_each_plan_has_the_same_keys_and_json_keeps_their_values(dialled: str) -> None:
    data = explained(dialled)
    assert list(data) == list(get_type_hints(PlanData))
    assert all(list(step) == list(get_type_hints(StepData)) for step in data["steps"])
    assert all(list(branch) == list(get_type_hints(BranchData)) for branch in data["menu"])
    assert json.loads(json.dumps(data)) == data


@pytest.mark.parametrize("step_reason", Reason)
def test_every_reason_has_words(step_reason: Reason) -> None:
    assert reason(Say((), step_reason, None))
