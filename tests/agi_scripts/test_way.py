"""Call flows that belong to no single number: unregistered numbers, calls that come back from a center, staffing."""

import logging
from dataclasses import replace

import pytest

from ivr.call_events.vocabulary import RouteChosen
from ivr.registry.model import Mode
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import MESSAGE, WAITS, in_words, route
from tests.routing.numbers_by_mode import ALL, EXPERT, TO_12315

MENU = ["opening", "menu-main", "listens 2 s", "chose silence", *WAITS, "waits for general", "done"]


@pytest.mark.parametrize(
    ("dialled", "number"),
    [("99999", "99999"), ("073599999", "99999"), ("+86-735-99999", "99999"), ("110", "110"), ("8001", "8001"),
     ("", ""), ("12345x", ""), ("12345&12366", ""), ("*81", ""), ("1" * 21, "")],
)  # fmt: skip
async def test_a_caller_of_an_unregistered_number_hears_so_and_gets_the_hotline(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, dialled: str, number: str
) -> None:
    story = await asterisk.call(dialled)
    assert in_words(story) == ["unregistered", *MENU]
    chain = (number, "12345") if number else ("12345",)
    assert route(story) == RouteChosen(number, "13800000000", "12345", "", chain, gap=True)
    (gap,) = log.records
    assert (gap.levelno, gap.getMessage().split(":")[0]) == (logging.WARNING, "registry gap")
    (queue,) = [run for run in story.runs if run.application == "Queue"]
    assert queue.variables["CALLERID(name)"] == f"{number or '12345'} 未登记号码"


@pytest.mark.parametrize("number", ALL)
@pytest.mark.parametrize(
    "sign",
    [{"PJSIP_HEADER(read,X-Hotline-Call)": "1700000000.9"}, {"GROUP_COUNT(13800000000@center)": "1"}],
    ids=["our header", "the caller is at a center"],
)
async def test_a_call_that_comes_back_goes_to_the_agents(
    asterisk: FakeAsterisk, number: str, sign: dict[str, str]
) -> None:
    story = await asterisk.call(number, variables=sign)
    assert in_words(story) == ["recorded", "fell back: came-back", *WAITS, "waits for general", "done"]
    assert (story.variables.get("HOTLINE_NEEDS_EXPERT") == "yes") is (number in EXPERT + TO_12315)


async def test_without_an_agent_the_caller_of_a_call_that_comes_back_leaves_a_message(asterisk: FakeAsterisk) -> None:
    sign = {"PJSIP_HEADER(read,X-Hotline-Call)": "1700000000.9"}
    story = await asterisk.call("12366", variables=sign, seats={"group-general": (0, 0)})
    assert in_words(story) == ["fell back: no-agent", *MESSAGE, "done"]


@pytest.mark.parametrize(("end", "after"), [("answered", "8613812345678"), ("busy", ""), ("noanswer", "")])
async def test_a_caller_is_marked_as_at_a_center_before_the_center_rings(
    asterisk: FakeAsterisk, end: str, after: str
) -> None:
    story = await asterisk.call("12366", caller="+8613812345678", dials={"@carrier": end})
    (dial,) = [run for run in story.runs if run.application == "Dial"]
    assert dial.variables["GROUP(center)"] == "8613812345678"
    assert story.variables["GROUP(center)"] == after, "the mark is removed if the center does not answer"


async def test_the_waiting_time_begins_with_the_first_offer(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12366", dials={"@carrier": "busy"})
    (dial,) = [run for run in story.runs if run.application == "Dial"]
    (queue,) = [run for run in story.runs if run.application == "Queue"]
    assert dial.variables["HOTLINE_SINCE"] == queue.variables["HOTLINE_SINCE"]
    assert queue.variables["HOTLINE_SINCE"].isdecimal()


async def test_experts_of_other_lines_do_not_count(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12333", seats={"group-expert-12333": (0, 0), "group-expert-12315": (1, 1)})
    assert "fell back: expert-away" in in_words(story)


async def test_a_queue_that_asterisk_does_not_have_ends_in_a_message_with_a_technical_reason(
    asterisk: FakeAsterisk,
) -> None:
    queues = {"group-expert-12333": "unknown", "group-general": "unknown"}
    story = await asterisk.call("12333", queues=queues)
    assert [step for step in in_words(story) if step.startswith("fell back")] == ["fell back: technical"] * 2
    assert in_words(story)[-len(MESSAGE) - 1 :] == [*MESSAGE, "done"]


async def test_a_hotline_without_a_menu_goes_straight_to_the_agents(
    asterisk: FakeAsterisk, services: FakeServices
) -> None:
    lines = [replace(line, menu=None) if line.mode is Mode.HOTLINE else line for line in services.registry.lines]
    services.registry = replace(services.registry, lines=tuple(lines))  # like a reload
    assert in_words(await asterisk.call("12345", keys="1")) == ["opening", *WAITS, "waits for general", "done"]
    assert in_words(await asterisk.call("2912345")) == ["merged-recorded", *WAITS, "waits for general", "done"]
