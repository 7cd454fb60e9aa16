"""慢速: slow prompts by a key or a word; 方言: an agent at once."""

from dataclasses import replace

import pytest

from ivr.asterisk.config.render import SLOW_LANGUAGE
from ivr.call_events.vocabulary import KeyPressed
from ivr.registry.model import Registry
from testkit.fake_asterisk.channel import Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import call_events, in_words

AGENT = ["transferring", "offered to general general", "waits for general", "done"]
AGENT_WITH_NOTICE = ["transferring", "recorded", *AGENT[1:]]  # after an opening that the caller interrupted
SLOW, LANGUAGE = "9", "CHANNEL(language)"


def name_at_phone(story: Story) -> str:
    (queue,) = [run for run in story.runs if run.application == "Queue"]
    return queue.variables["CALLERID(name)"]


def slow_from(story: Story) -> list[str]:
    """Return the prompts that were played after the channel was set to slow prompts."""
    slow_began = story.acts.index(["SET", "VARIABLE", LANGUAGE, SLOW_LANGUAGE])
    return [word for act in story.acts[slow_began:] for word in act[2:3] if word in story.heard]


async def test_the_slow_key_says_the_menu_again_slowly_and_waits_twice_as_long(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys={"opening": SLOW})
    assert in_words(story) == [
        "opening",
        "chose 9",
        "menu-main",
        "listens 4 s",
        "chose silence",
        *AGENT_WITH_NOTICE[1:],
    ]
    assert slow_from(story) == ["menu-main", "recorded"], "the whole call stays slow"


async def test_a_caller_who_is_silent_after_the_slow_menu_gets_an_agent(asterisk: FakeAsterisk) -> None:
    """The menu is not played a third time to a silent caller."""
    story = await asterisk.call("12345", keys={"opening": SLOW})
    assert story.heard.count("menu-main") == 1
    assert in_words(story)[-1] == "done"


async def test_a_key_after_the_slow_menu_has_its_usual_target(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys=f"{SLOW}2")
    assert in_words(story)[-3:] == ["offered to enterprise enterprise", "waits for enterprise", "done"]
    assert [note.key for note in call_events(story) if isinstance(note, KeyPressed)] == [SLOW, "2"]
    assert name_at_phone(story).endswith(" 企业服务")


async def test_a_caller_who_asks_for_the_slow_menu_again_and_again_gets_an_agent(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys=SLOW * 20)
    assert story.heard.count("menu-main") <= 3
    assert in_words(story)[-1] == "done"


async def test_other_calls_keep_the_normal_pace(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys="1")
    assert LANGUAGE not in story.variables


async def test_a_script_that_takes_over_keeps_the_slow_prompts(asterisk: FakeAsterisk) -> None:
    """The first script died at the slow menu; the language of the channel keeps the slow prompts."""
    story = await asterisk.call("12345", keys=SLOW, hang_up_at="Read")
    died_with = story.variables["HOTLINE_PROGRESS"]
    second_story = await asterisk.call("12345", "1", "1", "[C-00000001]", died_with)
    assert in_words(second_story)[:2] == ["menu-main", "listens 4 s"]


class TestRating:
    @pytest.fixture
    def registry(self, registry: Registry) -> Registry:
        return replace(registry, timers=replace(registry.timers, rating=6))

    async def test_a_slow_caller_has_twice_the_time_to_rate(self, asterisk: FakeAsterisk) -> None:
        assert "listens 12 s" in in_words(await asterisk.call("12345", keys=f"{SLOW}1"))
        assert "listens 6 s" in in_words(await asterisk.call("12345", keys="1"))


class TestSpokenWords:
    @pytest.fixture
    def services(self, services: FakeServices) -> FakeServices:
        services.can_hear = lambda: True
        return services

    @pytest.mark.parametrize("utterance", ["慢速", "慢一点", "说慢点", "请慢点", "能不能说慢点", "你说慢一点"])
    async def test_a_caller_may_say_slower(self, asterisk: FakeAsterisk, utterance: str) -> None:
        story = await asterisk.call("12345", says=[utterance])
        assert "sure main:9" in in_words(story)
        assert slow_from(story)[0] == "menu-main"
        assert any(command.startswith('SPEECH SET wait "4"') for command in story.commands), "twice the time"
        assert in_words(story)[-3:] == AGENT[1:]

    async def test_words_said_in_the_slow_menu_lead_to_the_same_line(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=["慢一点", "反映问题"])
        assert "sure main:1 反映问题" in in_words(story)
        assert name_at_phone(story) == "12345 12345政务服务便民热线 反映问题"

    @pytest.mark.parametrize(
        "utterance", ["方言", "听不懂", "说方言", "我听不懂普通话", "我不会说普通话", "我只会讲方言", "听不懂你说什么"]
    )
    async def test_dialect_is_an_agent_at_once_and_the_phone_says_so(
        self, asterisk: FakeAsterisk, utterance: str
    ) -> None:
        story = await asterisk.call("12345", says=[utterance])
        assert in_words(story)[-6:] == ["hears", "sure main:8 需方言", *AGENT]
        assert " 需方言" in name_at_phone(story)

    async def test_dialect_said_as_the_answer_to_a_question_brings_an_agent(self, asterisk: FakeAsterisk) -> None:
        story = await asterisk.call("12345", says=["一二三六六", "听不懂"])
        assert in_words(story)[-5:] == ["sure main:8 需方言", *AGENT]


async def test_the_dialect_key_is_an_agent_and_the_phone_says_so(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12345", keys="8")
    assert in_words(story) == ["opening", "chose 8 需方言", *AGENT_WITH_NOTICE]
    assert name_at_phone(story).endswith(" 需方言")
