"""The keys of an agent in a call, and a supervisor's code: ``*1``, ``*7``, ``*9``, ``*61``."""

from dataclasses import replace
from typing import Any

import pytest

from ivr.call_events.values import PartyKind, WatchAct
from ivr.call_events.vocabulary import AgentWatched, WorkOrderMade
from ivr.registry.model import Registry
from testkit.fake_asterisk.channel import Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from tests.agi_scripts.call_in_words import call_events, in_words

CITIZEN_CALL = "1700000000.9"
IN_CALL = {"SHARED(HOTLINE_CALL)": CITIZEN_CALL, "HOTLINE_LINE": "12333"}
AGENT = "PJSIP/8001-0000001a"
SUPERVISOR = "8004"


@pytest.fixture
def registry(shipped: Registry) -> Registry:
    return replace(shipped, seats={**shipped.seats, SUPERVISOR: replace(shipped.seats[SUPERVISOR], supervisor=True)})


async def press(asterisk: FakeAsterisk, script: str, variables: dict[str, str], **behaviour: Any) -> Story:
    story = await asterisk.call(
        "", script=script, channel=AGENT, variables={**IN_CALL, **variables}, **behaviour
    )  # fmt: skip
    assert in_words(story)[-1] == "done"
    return story


def originated(story: Story) -> list[str]:
    return [run.arguments[0] for run in story.runs if run.application == "Originate"]


@pytest.mark.parametrize("script", ["guide", "work-order"])
async def test_without_a_citizen_in_the_call_the_agent_hears_that_there_is_no_call(
    asterisk: FakeAsterisk, script: str
) -> None:
    story = await press(asterisk, script, {"SHARED(HOTLINE_CALL)": ""})
    assert (story.heard, originated(story), story.call_events) == (["no-call"], [], [])


@pytest.mark.parametrize(
    ("consulted", "unit"), [("12366", "市税务局"), ("12333", "市人力资源和社会保障局"), ("12396", "市科学技术局")]
)
async def test_the_unit_consulted_last_gets_the_work_order(
    asterisk: FakeAsterisk, registry: Registry, consulted: str, unit: str
) -> None:
    peers = "PJSIP/carrier-00000001,PJSIP/carrier-00000002"
    story = await press(asterisk, "work-order", {"SHARED(HOTLINE_ASKED)": consulted, "BRIDGEPEER": peers})
    line = next(line for line in registry.lines if line.number == consulted)
    assert call_events(story) == [WorkOrderMade(f"W1700000000-9-{consulted}", consulted, line.unit)]
    assert originated(story) == ["Local/work-order-made@announce/n"] * 3, (
        "agent, citizen and consulted party hear the prompt"
    )
    again = await press(
        asterisk, "work-order", {"SHARED(HOTLINE_ASKED)": consulted, f"SHARED(HOTLINE_ORDERED_{consulted})": "yes"}
    )
    assert (again.heard, again.call_events) == (["work-order-again"], [])


@pytest.mark.parametrize("consulted", ["", "110", "8002", "99999", "12366&PJSIP/8002"])
async def test_a_line_without_a_unit_gets_no_work_order(asterisk: FakeAsterisk, consulted: str) -> None:
    story = await press(asterisk, "work-order", {"SHARED(HOTLINE_ASKED)": consulted})
    assert (story.heard, originated(story), story.call_events) == (["work-order-nobody"], [], [])


@pytest.mark.parametrize(
    ("keys", "rung"),
    [("", "8333"), ("8348", "8348"), ("12315", "8315"), ("12331", "8315"), ("12333#", "8333")],
)
async def test_the_lines_expert_or_the_named_expert_is_rung(asterisk: FakeAsterisk, keys: str, rung: str) -> None:
    members = {f"QUEUE_MEMBER_LIST(group-expert-{n})": f"PJSIP/8{n[2:]}" for n in ("12333", "12315")}
    story = await press(asterisk, "guide", members, keys=keys)
    assert story.heard == ["beep", "guide-asked"]
    (run,) = [run for run in story.runs if run.application == "Originate"]
    assert run.arguments[:5] == ("Local/s@ring-guide/n", "exten", "watch", "ready", "1")
    assert {f"__HOTLINE_WATCHED={AGENT}", f"__HOTLINE_WATCH_BY={rung}", f"__HOTLINE_WATCH_CALL={CITIZEN_CALL}"} <= set(
        run.arguments[-1].removesuffix(")").split("(", 2)[-1].split("^")
    )


@pytest.mark.parametrize(
    ("line", "keys", "members", "phone", "prompt", "act"),
    [
        ("12333", "", "", "", "guide-away", WatchAct.AWAY),
        ("12333", "", "PJSIP/8333", "INUSE", "guide-busy", WatchAct.BUSY),
        ("12345", "", "", "", "guide-nobody", None),
        ("99999", "", "", "", "guide-nobody", None),
        ("12333", "8001", "", "", "guide-nobody", None),
        ("12333", "110", "", "", "guide-nobody", None),
        ("12333", "999999999999999", "", "", "guide-nobody", None),
    ],
)
async def test_without_an_expert_the_agent_hears_the_reason(
    asterisk: FakeAsterisk, line: str, keys: str, members: str, phone: str, prompt: str, act: WatchAct | None
) -> None:
    variables = {
        "HOTLINE_LINE": line,
        "QUEUE_MEMBER_LIST(group-expert-12333)": members,
        "DEVICE_STATE(PJSIP/8333)": phone,
    }
    story = await press(asterisk, "guide", variables, keys=keys)
    assert (story.heard, originated(story)) == (["beep", prompt], [])
    assert call_events(story) == (
        [AgentWatched(CITIZEN_CALL, "8001", "expert-12333", PartyKind.EXPERT, act)] if act else []
    )


@pytest.mark.parametrize(
    ("outcome", "prompt", "acts"),
    [
        ("answered", [], [WatchAct.RING]),
        ("noanswer", ["guide-silent"], [WatchAct.RING, WatchAct.SILENT]),
        ("busy", ["guide-busy"], [WatchAct.RING, WatchAct.BUSY]),
        ("chanunavail", ["guide-away"], [WatchAct.RING, WatchAct.AWAY]),
    ],
)
async def test_the_agent_hears_how_ringing_the_expert_ended(
    asterisk: FakeAsterisk, outcome: str, prompt: list[str], acts: list[WatchAct]
) -> None:
    watch = {"HOTLINE_WATCH_BY": "8333", "HOTLINE_WATCH_SEAT": "8001", "HOTLINE_WATCH_CALL": CITIZEN_CALL}
    story = await press(asterisk, "guiding", watch, dials={"PJSIP/8333": outcome})
    assert story.heard == prompt
    assert [note.act for note in call_events(story) if isinstance(note, AgentWatched)] == acts
    (dial,) = [run for run in story.runs if run.application == "Dial"]
    assert dial.variables["CALLERID(num)"] == "8001"
    assert dial.variables["CALLERID(name)"] == "请指导 8001 12333 全国人力资源和社会保障服务电话"


@pytest.mark.parametrize(("listed", "prompt"), [("PJSIP/carrier-00000003", "consult-let-go"), ("", "beeperr")])
async def test_the_consulted_party_is_dropped(asterisk: FakeAsterisk, listed: str, prompt: str) -> None:
    third = "PJSIP/carrier-00000003"
    story = await press(
        asterisk, "drop-consulted-party", {"SHARED(HOTLINE_CONSULTED)": third, f"CHANNELS({third})": listed}
    )
    assert [run.arguments for run in story.runs] == ([(third,)] if listed else [])
    assert story.heard == [prompt]


@pytest.mark.parametrize(
    ("seat", "watched", "prompt"),
    [
        (SUPERVISOR, "8001", ""),
        (SUPERVISOR, SUPERVISOR, "supervise-no-call"),
        (SUPERVISOR, "8002", "supervise-no-call"),
        (SUPERVISOR, "99999", "supervise-no-call"),
        (SUPERVISOR, "", "supervise-no-call"),
        (SUPERVISOR, "8001&8002", "supervise-no-call"),
        ("8001", "8001", "supervise-no-right"),
        ("9999", "8001", "supervise-no-right"),
    ],
)
async def test_only_a_supervisor_seat_may_listen_and_only_to_calls_of_citizens(
    asterisk: FakeAsterisk, seat: str, watched: str, prompt: str
) -> None:
    variables = {
        "CHANNELS(PJSIP/8001-)": f"Local/x@y-00000001;1 {AGENT}",
        f"SHARED(HOTLINE_CALL,{AGENT})": CITIZEN_CALL,
        f"CHANNELS(PJSIP/{SUPERVISOR}-)": f"PJSIP/{SUPERVISOR}-00000001",
        "CHANNELS(PJSIP/8002-)": "PJSIP/8002-00000001",  # in a call without a citizen
    }
    story = await asterisk.call(seat, watched, script="supervise", variables=variables)
    assert story.heard == ([prompt] if prompt else [])
    assert story.variables.get("HOTLINE_WATCHED", "") == ("" if prompt else AGENT)
    assert story.variables.get("HOTLINE_WATCH_CALL", "") == ("" if prompt else CITIZEN_CALL)
