"""The menu of 12345: each key, silence, a wrong key, and a caller who wants to hear it again."""

from dataclasses import replace

import pytest

from ivr.registry.model import Registry
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from tests.agi_scripts.call_in_words import MESSAGE, in_words
from tests.routing.registry import registry as small_registry

TO_GENERAL = ["offered to general general", "waits for general", "done"]
RECORDED = "recorded"  # for a caller who interrupted the opening, which has the notice of the recording
SILENCE = ["opening", "menu-main", "listens 2 s", "chose silence", *TO_GENERAL]


@pytest.mark.parametrize("prompt", ["opening", "menu-main"])
@pytest.mark.parametrize(
    ("key", "topic", "group"),
    [
        ("1", "反映问题", "general"),
        ("2", "企业服务", "enterprise"),
        ("0", "转人工", "general"),
    ],
)
async def test_a_key_interrupts_and_leads_to_its_group(
    asterisk: FakeAsterisk, key: str, topic: str, group: str, prompt: str
) -> None:
    story = await asterisk.call("12345", keys={prompt: key})
    heard, notice = (["opening"], [RECORDED]) if prompt == "opening" else (["opening", "menu-main"], [])
    assert in_words(story) == [
        *heard, f"chose {key} {topic}", "transferring", *notice,
        f"offered to {group} {group}", f"waits for {group}", "done",
    ]  # fmt: skip
    (queue,) = [run for run in story.runs if run.application == "Queue"]
    assert queue.variables["CALLERID(name)"] == f"12345 12345政务服务便民热线 {topic}"


@pytest.mark.parametrize("keys", [{"opening": "1"}, {"menu-main": "1"}, "    1", ""])
async def test_a_menu_of_keys_takes_five_commands(asterisk: FakeAsterisk, keys: str | dict[str, str]) -> None:
    """Each AGI command wakes the engine and then the call: state, menu, key with the state, call event, offer."""
    story = await asterisk.call("12345", keys=keys)
    assert in_words(story)[-1] == "done"
    assert len(story.commands) == 5, story.commands


async def test_without_an_enterprise_seat_the_caller_gets_a_pooled_agent(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys="2", seats={"group-enterprise": (0, 0)})
    assert in_words(story) == [
        "opening",
        "chose 2 企业服务",
        "transferring",
        RECORDED,
        "fell back: no-agent",
        *TO_GENERAL,
    ]
    (queue,) = [run for run in story.runs if run.application == "Queue"]
    assert queue.variables["CALLERID(name)"].endswith(" 企业服务"), "the pooled agent still sees the topic"


async def test_the_caller_waits_for_busy_enterprise_seats(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys="2", seats={"group-enterprise": (1, 0)})
    assert in_words(story)[-3:] == ["offered to enterprise enterprise", "waits for enterprise", "done"]


@pytest.mark.parametrize("key", "120")
async def test_without_any_agent_the_caller_hears_no_promise_and_may_leave_a_message(
    asterisk: FakeAsterisk, key: str
) -> None:
    story = await asterisk.call("12345", keys=key, seats={"group-general": (0, 0), "group-enterprise": (0, 0)})
    assert in_words(story)[0] == "opening"
    assert in_words(story)[2:] == ["fell back: no-agent", *MESSAGE, "done"]


@pytest.mark.parametrize("key", "456#")
async def test_after_an_unknown_key_the_caller_hears_so_and_gets_an_agent(asterisk: FakeAsterisk, key: str) -> None:
    story = await asterisk.call("12345", keys=key)
    assert in_words(story) == ["opening", f"chose {key}", "menu-unknown", RECORDED, *TO_GENERAL]


@pytest.mark.parametrize("key", "ABCD")
async def test_the_keys_a_to_d_are_unknown_keys(asterisk: FakeAsterisk, key: str) -> None:
    story = await asterisk.call("12345", keys=key)
    assert in_words(story) == ["opening", f"chose {key}", "menu-unknown", RECORDED, *TO_GENERAL]


async def test_a_silent_caller_gets_an_agent(asterisk: FakeAsterisk) -> None:
    assert in_words(await asterisk.call("12345")) == SILENCE


async def test_star_repeats_the_menu_and_not_the_opening(asterisk: FakeAsterisk) -> None:
    assert in_words(await asterisk.call("12345", keys="*1"))[:5] == [
        "opening", "chose *", "menu-main", "chose 1 反映问题", "transferring",
    ]  # fmt: skip


@pytest.mark.parametrize("keys", ["***", "****1"])
async def test_star_three_times_leads_to_an_agent(asterisk: FakeAsterisk, keys: str) -> None:
    assert in_words(await asterisk.call("12345", keys=keys)) == [
        "opening", "chose *", "menu-main", "chose *", "menu-main", "chose *", RECORDED, *TO_GENERAL,
    ]  # fmt: skip


async def test_star_and_then_silence_leads_to_an_agent(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys={"opening": "*"})
    assert in_words(story)[2:] == ["menu-main", "listens 2 s", "chose silence", RECORDED, *TO_GENERAL]


async def test_only_12345_has_a_menu(asterisk: FakeAsterisk, registry: Registry) -> None:
    for line in registry.lines:
        story = await asterisk.call(line.number, keys={"opening": "1"})
        assert ("menu-main" in story.heard or "opening" in story.heard) is (line.mode in ("hotline", "merged")
            and line.into in (None, "12345"))  # fmt: skip


async def test_a_late_key_while_the_phone_rings_still_counts_in_the_menu(
    asterisk: FakeAsterisk,
) -> None:
    """The queue has not offered its keys yet, so 2 means 企业服务, and not a callback."""
    story = await asterisk.call("12345", queues={"group-general": "key"}, queue_key="2", queue_seconds=5)
    assert in_words(story)[6:] == [
        "chose 2 企业服务", "transferring",
        "offered to enterprise enterprise", "waits for enterprise", "done",
    ]  # fmt: skip


async def test_the_emergency_key_rings_an_agent_first_and_without_a_prompt(
    asterisk: FakeAsterisk,
) -> None:
    story = await asterisk.call("12345", keys={"opening": "7"})
    assert in_words(story) == ["opening", "chose 7 紧急求助", *TO_GENERAL]
    (queue,) = [run for run in story.runs if run.application == "Queue"]
    assert (queue.variables["QUEUE_PRIO"], queue.variables["HOTLINE_EMERGENCY"]) == ("100", "any")
    assert queue.variables["CALLERID(name)"].startswith("紧急求助 12345")


async def test_if_every_agent_is_busy_an_emergency_caller_is_asked_to_wait(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys={"opening": "7"}, seats={"group-general": (2, 0)})
    assert in_words(story) == ["opening", "chose 7 紧急求助", "emergency-agent", *TO_GENERAL]


async def test_without_an_agent_an_emergency_caller_hears_which_number_to_dial(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys={"opening": "7"}, seats={"group-general": (0, 0)})
    assert in_words(story)[2:4] == ["emergency-alone", "phone 110"]


class TestKeysThatLeadToLines:
    """A menu whose keys lead to an expert, a center, a merged number and a chain."""

    @pytest.fixture
    def registry(self) -> Registry:
        registry = small_registry()
        return replace(registry, timers=replace(registry.timers, rating=0))

    @pytest.mark.parametrize(
        ("key", "goes_on"),
        [
            ("3", ["transferring", RECORDED, "fell back: closed", "offered to general general", "waits for general"]),
            ("4", ["center-connecting", "offered to center 12366", "dials PJSIP/07362123366@carrier 25 s"]),
            ("5", ["transferring", RECORDED, "offered to general general", "waits for general"]),
            ("6", ["transferring", RECORDED, "offered to expert expert-12315", "rings expert-12315 20 s"]),
        ],
    )
    async def test_a_key_of_a_line_leads_like_the_line_itself(
        self, asterisk: FakeAsterisk, key: str, goes_on: list[str]
    ) -> None:
        assert in_words(await asterisk.call("12345", keys=key))[2:] == [*goes_on, "done"]
