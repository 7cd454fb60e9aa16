"""No text of a caller reaches a Dial or a Queue: every target is in the registry."""

import re
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ivr.asterisk.agi.fastagi import FastAgiServer
from ivr.asterisk.variables import Variable
from ivr.call_events.vocabulary import ConsultStarted, MessageLeft, RouteChosen
from ivr.engine.scripts import scripts
from ivr.registry.model import Mode, Registry
from ivr.routing.calendar import CITY_TIME
from testkit.fake_asterisk.channel import Story, words
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import call_events, in_words

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=CITY_TIME)
EVIL = "evil"  # a part of each hostile text; no command to Asterisk may contain it
SETTABLE_VARIABLES = {"CALLERID(name)", "CHANNEL(accountcode)", "GROUP(center)", "QUEUESTATUS", "QUEUE_PRIO"} | {
    f"{inherited}{name}" for name in Variable for inherited in ("", "__")
}
NUMBERS = ["12345", "12333", "12331", "12366", "2912345", "8001", "119", "99999"]
JOINTS = ["&PJSIP/evil@carrier", ",1,evil", '"evil', "${SHELL(evil)}", "\\evil", "@evil", "/evil", ")evil(", ";evil",
          " evil", "^evil", "\tevil", "evil\x7f", "evil\u2028", "evil﹠", "%0aevil", "|evil", "`evil`"]  # fmt: skip

hostile = st.one_of(
    st.builds("{}{}".format, st.sampled_from(NUMBERS), st.sampled_from(JOINTS)),
    st.builds("{}{}{}{}".format, st.text(max_size=12), st.just(EVIL), st.sampled_from(JOINTS), st.text(max_size=12)),
    st.builds("{}evil{}".format, st.sampled_from(["+", "0735", "sip:", "PJSIP/", "*2", "h"]), st.text(max_size=30)),
)
dialled = st.one_of(st.sampled_from(NUMBERS), st.from_regex(r"[0-9+*#]{0,25}", fullmatch=True), hostile)
absences = st.dictionaries(
    st.sampled_from(["group-general", "group-expert-12333", "group-expert-12315"]), st.just((0, 0)), max_size=3
)
keys = st.text("0123456789*#ABCD ", max_size=5)
quick = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def place(registry: Registry, *arguments: str, **behaviour: Any) -> Story:
    async with FastAgiServer(scripts(FakeServices(registry, lambda: NOW))) as server:
        return await FakeAsterisk(server.host, server.port).call(*arguments, **behaviour)


def assert_harmless(registry: Registry, story: Story) -> None:
    """Check that each rung party is in the registry, and that commands have only digits of the caller's text."""
    reaches = {line.reach or line.number for line in registry.lines if line.mode is Mode.SUBCENTER}
    reaches |= {linkage.reach for linkage in registry.linkage.values()}
    parties = {f"PJSIP/{reach}@carrier" for reach in reaches} | {f"PJSIP/{seat}" for seat in registry.seats}
    for run in story.runs:
        match run.application:
            case "Dial" if run.arguments[0].endswith("@emergency/n"):
                number = run.arguments[0].removeprefix("Local/").removesuffix("@emergency/n").removesuffix("-agent")
                assert number in registry.emergencies
                assert run.arguments[1:] == ("", "g")
            case "Dial":
                assert run.arguments[0] in parties
                assert run.arguments[1] in {"20", "25"}
                assert run.arguments[2:] in {
                    ("rb(ring^center^1)",),
                    ("rgf(12345)U(consult-answered)b(ring^consulted^1)",),
                    ("rgib(ring^consulted-seat^1)",),
                    ("rgib(ring^consulted-seat^1)U(consult-answered)",),
                }
            case "Queue":
                assert run.arguments[0] in {f"group-{group}" for group in registry.groups}
                assert run.arguments[1] in {
                    "tCcib(ring^seat^1)",
                    "tCcirnb(ring^seat^1)",
                    "tCcirnb(ring^consulted-seat^1)",
                }
                assert run.arguments[2:] in {(), ("", "", "20"), ("", "", "20", "", "", "consult-answered")}
            case "MixMonitor":  # its third argument would be a command
                assert len(run.arguments) == 2
                assert re.fullmatch(r"R[0-9-]+\.wav", run.arguments[0])
                assert run.arguments[1] == "b"
            case "MSet":
                pairs = [argument.partition("=") for argument in run.arguments]
                assert {name for name, _, _ in pairs} <= SETTABLE_VARIABLES
                assert all(re.fullmatch(r"[\w .%=&+-]*", value) for _, _, value in pairs)
            case application:
                assert application == "CELGenUserEvent" or application.endswith("QueueMember")
    for command in story.commands:
        assert EVIL not in command.lower()
        assert "${" not in command or re.fullmatch(
            r"GET FULL VARIABLE (\|?\$\{[A-Za-z_]+(\([a-zA-Z0-9@,/-]*\))?\})+", command
        )
        assert words(command)[0] != "EXEC" or len(words(command)) == 3
    assert not story.unknown
    assert not story.recordings or re.fullmatch(r"messages/W[0-9-]+\.wav", story.recordings[0])


@quick
@given(dialled, hostile, hostile, keys, absences)
@example("12366&PJSIP/evil@carrier", "1,Dial(PJSIP/evil)", "evil\nagi_arg_1: 110", "2", {})
@example("12345", "1380000evil", "evil", "A", {})
async def test_hostile_text_of_a_citizen_reaches_no_dial_and_no_queue(
    shipped: Registry, number: str, caller: str, name: str, pressed: str, absent: dict[str, tuple[int, int]]
) -> None:
    story = await place(shipped, number, caller=caller, name=name, keys=pressed, seats=absent,
                        dials={"@carrier": "busy"}, queues={"group-expert-12333": "timeout"})  # fmt: skip
    assert_harmless(shipped, story)
    # If a text breaks or ends the header block, the script cannot serve the call, and the dialplan takes over.
    steps = in_words(story)
    assert not steps or steps[-1] == "done"
    for note in call_events(story):
        if isinstance(note, RouteChosen):
            assert re.fullmatch(r"[0-9]{0,20}", note.dialled)
            assert note.caller == ""
        if isinstance(note, MessageLeft):
            assert re.fullmatch(r"[0-9]{1,20}", note.number)


@quick
@given(st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True), st.sampled_from(["12345", "12366", "12333"]))
async def test_the_callers_number_is_passed_on_as_digits_only(shipped: Registry, caller: str, number: str) -> None:
    story = await place(shipped, number, caller=caller, dials={"@carrier": "busy"})
    assert_harmless(shipped, story)
    (route,) = [note for note in call_events(story) if isinstance(note, RouteChosen)]
    assert route.caller == caller


@quick
@given(dialled, st.sampled_from(["8001", "8333", "8101"]))
@example("12366@evil", "8001")
async def test_hostile_digits_of_a_consult_reach_no_dial(shipped: Registry, number: str, seat: str) -> None:
    story = await place(shipped, number, f"PJSIP/{seat}-0000001a", script="consult")
    assert_harmless(shipped, story)
    registered_numbers = {*(line.number for line in shipped.lines), *shipped.linkage, *shipped.seats}
    consults = [note for note in call_events(story) if isinstance(note, ConsultStarted)]
    assert bool(consults) is (number in registered_numbers and number != seat and bool(story.commands))
    assert story.queues or story.dials or not consults


@quick
@given(hostile, st.sampled_from(["*80", "*81", "*82", "*83", "*84", "evil"]))
async def test_a_phone_that_is_no_seat_reaches_no_queue(shipped: Registry, phone: str, code: str) -> None:
    story = await place(shipped, phone, code, script="seat")
    assert not story.runs
    assert EVIL not in "".join(story.commands)


@pytest.mark.parametrize("caller", ["unknown", "anonymous", "", "+", "１３８００００００００", "138 0000 0000"])
async def test_a_caller_with_a_withheld_number_is_served(shipped: Registry, caller: str) -> None:
    story = await place(shipped, "12366", caller=caller, dials={"@carrier": "busy"})
    assert in_words(story)[-1] == "done"
    assert_harmless(shipped, story)
