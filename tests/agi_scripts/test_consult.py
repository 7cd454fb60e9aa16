"""``*2 NUMBER``: the party that an agent reaches, and the prompt that the agent hears if no party answers."""

from dataclasses import replace
from typing import Any

import pytest

from ivr.call_events.values import PartyKind
from ivr.call_events.vocabulary import ConsultStarted
from ivr.registry.model import Registry
from testkit.fake_asterisk.channel import Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import call_events, in_words

PARTIES = {  # by the digits that the agent at 8001 dials: the party, the number reached, and the dialled channel
    **{
        number: (PartyKind.CENTER, number, f"dials PJSIP/{number}@carrier 25 s")
        for number in ("12360", "12366", "12313", "12367", "12305", "12329")
    },
    **{
        number: (PartyKind.LINKAGE, number, f"dials PJSIP/{number}@carrier 25 s")
        for number in ("110", "119", "120", "122", "95598", "9601", "9602")
    },
    **{number: (PartyKind.SEAT, number, f"dials PJSIP/{number} 20 s") for number in ("8002", "8003", "8004", "8101")},
    **{number: (PartyKind.EXPERT, number, f"dials PJSIP/{number} 20 s") for number in ("8348", "8333", "8320", "8315")},
    **{
        number: (PartyKind.EXPERT, f"expert-{number}", f"rings expert-{number} 20 s")
        for number in ("12348", "12333", "12320", "12315")
    },
    **{
        number: (PartyKind.EXPERT, "expert-12315", "rings expert-12315 20 s")
        for number in ("12330", "12331", "12358", "12365")
    },
    **{number: (PartyKind.LINE, "general", "rings general 20 s") for number in ("12345", "12369", "2912345", "12336")},
}
FAILURES = [
    ("12366", {"dials": {"@carrier": "busy"}}, "consult-busy"),
    ("12366", {"dials": {"@carrier": "noanswer"}}, "consult-silent"),
    ("12366", {"dials": {"@carrier": "congestion"}}, "consult-away"),
    ("12366", {"dials": {"@carrier": "chanunavail"}}, "consult-away"),
    ("119", {"dials": {"@carrier": "busy"}}, "consult-busy"),
    ("119", {"dials": {"@carrier": "noanswer"}}, "consult-silent"),
    ("8002", {"dials": {"PJSIP/8002": "busy"}}, "consult-busy"),
    ("8002", {"dials": {"PJSIP/8002": "noanswer"}}, "consult-silent"),
    ("8002", {"dials": {"PJSIP/8002": "chanunavail"}}, "consult-away"),
    ("8002", {"variables": {"DEVICE_STATE(PJSIP/8002)": "INUSE"}}, "consult-busy"),  # and no phone rings
    ("8002", {"variables": {"DEVICE_STATE(PJSIP/8002)": "RINGING"}}, "consult-busy"),
    ("12333", {"seats": {"group-expert-12333": (0, 0)}}, "consult-away"),
    ("12333", {"seats": {"group-expert-12333": (1, 0)}}, "consult-busy"),
    ("12333", {"queues": {"group-expert-12333": "timeout"}}, "consult-silent"),
    ("12331", {"queues": {"group-expert-12315": "joinempty"}}, "consult-silent"),
    ("12369", {"seats": {"group-general": (3, 0)}}, "consult-busy"),
]


async def consult(asterisk: FakeAsterisk, number: str, seat: str = "8001", **behaviour: Any) -> Story:
    story = await asterisk.call(number, f"PJSIP/{seat}-0000001a", script="consult", **behaviour)
    assert in_words(story)[-1] == "done"
    return story


@pytest.mark.parametrize("number", PARTIES)
async def test_a_registered_party_is_rung(asterisk: FakeAsterisk, number: str) -> None:
    kind, reach, rung = PARTIES[number]
    story = await consult(asterisk, number)
    assert in_words(story) == [rung, "beeperr", "done"]
    assert call_events(story) == [ConsultStarted("8001", number, kind, reach)]


def test_every_number_that_an_agent_may_dial_reaches_a_party(registry: Registry) -> None:
    lines_and_own_seat = {"8001"} | {line.number for line in registry.lines}
    assert {*registry.seats, *registry.linkage} - lines_and_own_seat == {
        number for number in PARTIES if number not in lines_and_own_seat
    }


@pytest.mark.parametrize("number", ["12366", "119"])
async def test_a_party_outside_the_hotline_sees_the_number_12345(asterisk: FakeAsterisk, number: str) -> None:
    story = await consult(asterisk, number, caller="8001")
    (dial,) = [run for run in story.runs if run.application == "Dial"]
    assert "f(12345)" in dial.arguments[2]


async def test_a_colleague_sees_the_number_of_the_consulting_seat(asterisk: FakeAsterisk) -> None:
    story = await consult(asterisk, "8002", caller="8001")
    (dial,) = [run for run in story.runs if run.application == "Dial"]
    assert dial.variables["CALLERID(num)"] == "8001"


@pytest.mark.parametrize(("number", "behaviour", "prompt"), FAILURES)
async def test_if_no_party_answers_the_agent_hears_the_reason(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, number: str, behaviour: dict[str, Any], prompt: str
) -> None:
    story = await consult(asterisk, number, **behaviour)
    assert story.heard == [prompt, "beeperr"]
    assert len(call_events(story)) == 1, "the record has an unanswered consult, too"
    assert not (story.dials and "variables" in behaviour)
    assert not log.records


async def test_a_code_counts_whose_number_the_agent_dials_on_when_the_party_stops_ringing(
    asterisk: FakeAsterisk, services: FakeServices
) -> None:
    pressed_again: list[str] = []
    # The keys of the last two seconds, those since the party began to ring, and those of the last two seconds again
    keys_pressed = iter(["2", "*212", ""])
    services.keys_pressed = lambda _agent, _seconds: next(keys_pressed, "*212329")
    services.press_again = lambda _agent, keys, _playing: pressed_again.append(keys)
    await consult(asterisk, "12366", dials={"@carrier": "noanswer"})
    assert pressed_again == ["*212329"]


@pytest.mark.parametrize(
    ("outcome", "prompt"), [("noanswer", "closed"), ("chanunavail", "closed"), ("busy", "busy"), ("answered", "")]
)  # fmt: skip
async def test_outside_its_hours_a_center_is_closed(
    asterisk: FakeAsterisk, services: FakeServices, outcome: str, prompt: str
) -> None:
    lines = tuple(
        replace(line, hours="office") if line.number == "12366" else line for line in services.registry.lines
    )  # fmt: skip
    services.registry = replace(services.registry, lines=lines)
    story = await consult(asterisk, "12366", dials={"@carrier": outcome})
    assert story.heard == [*([f"consult-{prompt}"] if prompt else []), "beeperr"]


@pytest.mark.parametrize("seat", ["8001", "8348"])
async def test_a_consult_to_the_agents_own_seat_is_refused(asterisk: FakeAsterisk, seat: str) -> None:
    story = await consult(asterisk, seat, seat=seat)
    assert in_words(story) == ["consult-self", "beeperr", "done"]


@pytest.mark.parametrize(
    "number", ["99999", "", "1", "13800000000", "073512366", "12366&PJSIP/8002", "PJSIP/8002", "*81", "１２３６６"]
)
async def test_a_consult_to_an_unregistered_number_is_refused(asterisk: FakeAsterisk, number: str) -> None:
    story = await consult(asterisk, number)
    assert in_words(story) == ["consult-unknown", "beeperr", "done"]
    assert not story.call_events


@pytest.mark.parametrize("end", ["hangup", "talked"])
async def test_an_agent_who_cancels_the_consult_hears_no_prompt(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, end: str
) -> None:
    story = await asterisk.call("12366", "PJSIP/8001-0000001a", script="consult", dials={"@carrier": end})
    assert in_words(story) == ["dials PJSIP/12366@carrier 25 s"]
    assert not log.records
