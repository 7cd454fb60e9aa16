"""The call flow of each of the 45 numbers, from the first prompt to the last, with and without staff."""

from typing import Any

import pytest

from ivr.call_events.vocabulary import MessageLeft, OfferStarted
from ivr.registry.model import Registry
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from tests.agi_scripts.call_in_words import MESSAGE, WAITS, call_events, in_words, route
from tests.routing.numbers_by_mode import ALL, CENTERS, DUAL, EXPERT, TO_12315, TO_12345

SPELLINGS = ["0735{}", "+86735{}", "86735{}", "0086735{}", "+860735{}", "+86{}"]

GENERAL = "group-general"
NOBODY = (0, 0)  # seats signed in, and free
BUSY = (1, 0)

# The rest of a call that is offered to the pooled agents, by the state of their queue
AGENTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "an agent answers": ({}, ["waits for general", "done"]),
    "the queue is full": ({"queues": {GENERAL: "full"}}, ["fell back: queue-full", *MESSAGE, "done"]),
    "the caller presses 1": (
        {"queues": {GENERAL: "key"}},
        ["waits for general", "fell back: gave-up", *MESSAGE, "done"],
    ),
    "the last agent leaves": (
        {"queues": {GENERAL: "leaveempty"}},
        ["waits for general", "fell back: no-agent", *MESSAGE, "done"],
    ),
}
NO_AGENT: dict[str, Any] = {"seats": {GENERAL: NOBODY}}
NOBODY_THERE = ["fell back: no-agent", *MESSAGE, "done"]
RECORDED = ["recorded"]  # prompt before a seat's phone rings, if no earlier prompt says that the call is recorded
MENU = ["menu-main", "listens 2 s", "chose silence"]

agents = pytest.mark.parametrize("staff", AGENTS)


def expert_of(number: str) -> str:
    return "expert-12315" if number in TO_12315 else f"expert-{number}"


def notice(number: str) -> list[str]:
    if number == "12345":
        return ["opening"]
    if number in TO_12345 + TO_12315:
        return ["merged-recorded"]
    return ["center-connecting"] if number in CENTERS else ["dual-recorded"]


def test_the_registry_has_45_numbers(registry: Registry) -> None:
    assert sorted(ALL) == sorted(line.number for line in registry.lines)
    assert len(set(ALL)) == 45


@agents
@pytest.mark.parametrize("number", ["12345", *TO_12345])
async def test_the_hotline_asks_its_menu_and_silence_is_an_agent(
    asterisk: FakeAsterisk, number: str, staff: str
) -> None:
    behaviour, goes_on = AGENTS[staff]
    assert in_words(await asterisk.call(number, **behaviour)) == [
        *notice(number), *MENU, *WAITS, *goes_on,
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["12345", *TO_12345])
async def test_without_an_agent_the_hotline_takes_a_message(asterisk: FakeAsterisk, number: str) -> None:
    assert in_words(await asterisk.call(number, **NO_AGENT)) == [*notice(number), *MENU, *NOBODY_THERE]


@agents
@pytest.mark.parametrize("number", DUAL)
async def test_a_dual_number_goes_straight_to_the_agents(asterisk: FakeAsterisk, number: str, staff: str) -> None:
    behaviour, goes_on = AGENTS[staff]
    story = await asterisk.call(number, **behaviour)
    assert in_words(story) == [*notice(number), *WAITS, *goes_on]


@pytest.mark.parametrize("number", DUAL)
async def test_without_an_agent_a_dual_number_takes_a_message(asterisk: FakeAsterisk, number: str) -> None:
    assert in_words(await asterisk.call(number, **NO_AGENT)) == [*notice(number), *NOBODY_THERE]


class TestExpert:
    """12348, 12333, 12320, 12315, and the four numbers that are merged into 12315."""

    numbers = pytest.mark.parametrize("number", EXPERT + TO_12315)

    @numbers
    @pytest.mark.parametrize("pooled", [NOBODY, BUSY, (4, 4)])
    async def test_a_free_expert_answers_whatever_the_state_of_the_agents(
        self, asterisk: FakeAsterisk, number: str, pooled: tuple[int, int]
    ) -> None:
        expert = expert_of(number)
        assert in_words(await asterisk.call(number, seats={GENERAL: pooled})) == [
            *notice(number), f"offered to expert {expert}", f"rings {expert} 20 s", "done",
        ]  # fmt: skip

    @agents
    @numbers
    @pytest.mark.parametrize(
        ("end", "reason"),
        [
            ("timeout", "expert-silent"),
            ("joinempty", "expert-busy"),  # another caller got the expert
            ("leaveempty", "expert-away"),  # the expert signed out while the phone rang
        ],
    )
    async def test_if_the_expert_does_not_answer_an_agent_is_rung(
        self, asterisk: FakeAsterisk, number: str, end: str, reason: str, staff: str
    ) -> None:
        behaviour, goes_on = AGENTS[staff]
        expert = expert_of(number)
        queues = {f"group-{expert}": end, **behaviour.get("queues", {})}
        assert in_words(await asterisk.call(number, queues=queues)) == [
            *notice(number), f"offered to expert {expert}", f"rings {expert} 20 s", f"fell back: {reason}",
            "expert-away", *WAITS, *goes_on,
        ]  # fmt: skip

    @agents
    @numbers
    @pytest.mark.parametrize(("seats", "reason"), [(NOBODY, "expert-away"), (BUSY, "expert-busy")])
    async def test_an_absent_expert_is_neither_rung_nor_mentioned(
        self, asterisk: FakeAsterisk, number: str, seats: tuple[int, int], reason: str, staff: str
    ) -> None:
        behaviour, goes_on = AGENTS[staff]
        story = await asterisk.call(number, **behaviour, seats={f"group-{expert_of(number)}": seats})
        assert in_words(story) == [*notice(number), f"fell back: {reason}", *WAITS, *goes_on]

    @numbers
    async def test_if_neither_expert_nor_agent_answers_the_caller_leaves_a_message(
        self, asterisk: FakeAsterisk, number: str
    ) -> None:
        expert = expert_of(number)
        story = await asterisk.call(number, **NO_AGENT, queues={f"group-{expert}": "timeout"})
        assert in_words(story) == [
            *notice(number), f"offered to expert {expert}", f"rings {expert} 20 s",
            "fell back: expert-silent", *NOBODY_THERE,
        ]  # fmt: skip

    @numbers
    async def test_without_expert_and_agent_the_caller_leaves_a_message(
        self, asterisk: FakeAsterisk, number: str
    ) -> None:
        story = await asterisk.call(number, seats={GENERAL: NOBODY, f"group-{expert_of(number)}": NOBODY})
        assert in_words(story) == [*notice(number), *NOBODY_THERE]


class TestCenter:
    numbers = pytest.mark.parametrize("number", CENTERS)
    ends = pytest.mark.parametrize(
        ("end", "reason"),
        [
            ("busy", "center-busy"),
            ("noanswer", "center-silent"),
            ("congestion", "center-unreachable"),
            ("chanunavail", "center-unreachable"),
        ],
    )

    def rung(self, number: str) -> list[str]:
        return ["center-connecting", f"offered to center {number}", f"dials PJSIP/{number}@carrier 25 s"]

    @numbers
    @pytest.mark.parametrize("pooled", [NOBODY, BUSY, (4, 4)])
    async def test_a_center_that_answers_gets_the_call(
        self, asterisk: FakeAsterisk, number: str, pooled: tuple[int, int]
    ) -> None:
        assert in_words(await asterisk.call(number, seats={GENERAL: pooled})) == [*self.rung(number), "done"]

    @agents
    @ends
    @numbers
    async def test_if_the_center_does_not_answer_an_agent_is_rung(
        self, asterisk: FakeAsterisk, number: str, end: str, reason: str, staff: str
    ) -> None:
        behaviour, goes_on = AGENTS[staff]
        story = await asterisk.call(number, **behaviour, dials={"@carrier": end})
        assert in_words(story) == [
            *self.rung(number),
            f"fell back: {reason}",
            "center-away",
            *RECORDED,
            *WAITS,
            *goes_on,
        ]

    @ends
    @numbers
    async def test_if_neither_center_nor_agent_answers_the_caller_leaves_a_message(
        self, asterisk: FakeAsterisk, number: str, end: str, reason: str
    ) -> None:
        story = await asterisk.call(number, **NO_AGENT, dials={"@carrier": end})
        assert in_words(story) == [*self.rung(number), f"fell back: {reason}", *NOBODY_THERE]


@pytest.mark.parametrize("number", ALL)
async def test_every_spelling_of_a_number_gives_the_same_call(asterisk: FakeAsterisk, number: str) -> None:
    """Experts and centers do not answer, and the queue is full, so a call passes each of its steps."""
    dead_ends: dict[str, Any] = {
        "queues": {GENERAL: "full", f"group-{expert_of(number)}": "timeout"},
        "dials": {"@carrier": "noanswer"},
        "keys": " ",
    }
    plain = await asterisk.call(number, **dead_ends)
    for spelling in SPELLINGS:
        spelt = await asterisk.call(spelling.format(number), **dead_ends)
        assert in_words(spelt) == in_words(plain), spelling
        assert route(spelt) == route(plain), spelling


@pytest.mark.parametrize("number", ALL)
async def test_the_script_writes_its_decisions_as_call_events(
    asterisk: FakeAsterisk, registry: Registry, number: str
) -> None:
    story = await asterisk.call(number, caller="+8613812345678", seats={GENERAL: NOBODY}, dials={"": "busy"},
                                queues={f"group-{expert_of(number)}": "timeout"})  # fmt: skip
    chosen_route = route(story)
    entry = next(line for line in registry.lines if line.number == number)
    served = "12315" if number in TO_12315 else "12345" if number in TO_12345 else number
    assert (chosen_route.dialled, chosen_route.caller, chosen_route.line) == (number, "+8613812345678", served)
    assert chosen_route.chain == ((number,) if served == number else (number, served))
    assert (chosen_route.mode, chosen_route.gap) == (entry.mode.value, False)
    (message,) = [note for note in call_events(story) if isinstance(note, MessageLeft)]
    unit = next(line.unit for line in registry.lines if line.number == served)
    assert (message.number, message.unit, message.seconds) == (number, unit, 5)
    assert f"messages/{message.recording}" in story.recordings
    assert message.recording == f"{message.work_order}.wav"


@pytest.mark.parametrize("number", ALL)
async def test_each_ringing_phone_shows_the_line_dialled(
    asterisk: FakeAsterisk, registry: Registry, number: str
) -> None:
    story = await asterisk.call(number, queues={f"group-{expert_of(number)}": "timeout"}, dials={"@carrier": "busy"})
    entry = next(line for line in registry.lines if line.number == number)
    offers = [run for run in story.runs if run.application in ("Queue", "Dial")]
    assert len(offers) == sum(isinstance(note, OfferStarted) for note in call_events(story))
    for run in offers:
        pooled_for_expert = number in EXPERT + TO_12315 and run.arguments[0] == GENERAL
        name_at_phone = run.variables["CALLERID(name)"]
        assert name_at_phone.startswith(f"{number} {entry.name[:20]}")
        assert name_at_phone.endswith(" 需专家") is pooled_for_expert
        assert run.variables.get("HOTLINE_NEEDS_EXPERT", "") == ("yes" if pooled_for_expert else "")
        assert (run.variables["HOTLINE_LINE"], run.variables["CHANNEL(accountcode)"]) == (number, number)
        assert run.variables["CALLERID(num)"] == "13800000000", "the agent has to be able to call back"


@pytest.mark.parametrize("number", ["12345", "12333", "12366"])
async def test_each_queue_and_dial_has_the_options_of_its_kind(asterisk: FakeAsterisk, number: str) -> None:
    """The options decide whether the agent can transfer, and whether the script goes on after the call."""
    story = await asterisk.call(number, queues={"group-expert-12333": "timeout"}, dials={"@carrier": "busy"})
    options = {run.arguments[0]: run.arguments[2 if run.application == "Dial" else 1] for run in story.runs
               if run.application in ("Queue", "Dial")}  # fmt: skip
    assert set(options[GENERAL].removesuffix("b(ring^seat^1)")) == set("tCci"), (
        "the agent may transfer, the caller may not; a redirection is refused"
    )
    match number:
        case "12333":
            assert set(options["group-expert-12333"].removesuffix("b(ring^seat^1)")) == set("tCcirn"), "and once only"
        case "12366":
            assert set(options["PJSIP/12366@carrier"].removesuffix("b(ring^center^1)")) == {"r"}
    assert all("b(ring^" in options_of_run for options_of_run in options.values()), (
        "every ringing phone gets the hotline's headers"
    )
