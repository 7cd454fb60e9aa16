"""满意度: after the agent hangs up, the citizen is asked once."""

from dataclasses import replace
from typing import Any

import pytest

from ivr.call_events.vocabulary import CallRated
from ivr.engine import speech_service
from ivr.intents.rating import PHRASES, rating
from ivr.registry.model import Registry
from testkit.fake_asterisk.channel import Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import call_events, in_words


@pytest.fixture
def registry(shipped: Registry) -> Registry:
    """The shipped registry, in which citizens are asked for a rating."""
    return shipped


def rated(story: Story) -> list[int]:
    return [note.level for note in call_events(story) if isinstance(note, CallRated)]


@pytest.mark.parametrize("key", "12345")
@pytest.mark.parametrize("number", ["12369", "12333"])  # an agent, an expert
async def test_a_key_is_the_rating(asterisk: FakeAsterisk, number: str, key: str) -> None:
    story = await asterisk.call(number, keys=key)
    assert (rated(story), in_words(story)[-3:]) == ([int(key)], ["rate", "rate-thanks", "done"])


@pytest.mark.parametrize("keys", ["", "9", "#"])
async def test_the_call_of_a_citizen_without_a_rating_is_ended(asterisk: FakeAsterisk, keys: str) -> None:
    story = await asterisk.call("12369", keys=keys)
    assert (rated(story), story.heard[-1], in_words(story)[-1]) == ([], "rate", "done")


@pytest.mark.parametrize(
    "behaviour",
    [{"queues": {"group-general": "talked"}}, {"seats": {"group-general": (0, 0)}}, {"hang_up_at": "rate"}],
    ids=["hung up first", "left a message", "hangs up when asked"],
)
async def test_a_citizen_who_hangs_up_or_leaves_a_message_gives_no_rating(
    asterisk: FakeAsterisk, behaviour: dict[str, Any]
) -> None:
    story = await asterisk.call("12369", **behaviour, keys="1")
    assert rated(story) == []
    assert "rate-thanks" not in story.heard


async def test_after_a_call_of_a_center_the_hotline_asks_for_no_rating(asterisk: FakeAsterisk) -> None:
    assert "rate" not in (await asterisk.call("12366", keys="1")).heard


async def test_a_city_may_switch_the_rating_off(asterisk: FakeAsterisk, services: FakeServices) -> None:
    services.registry = replace(services.registry, timers=replace(services.registry.timers, rating=0))
    assert "rate" not in (await asterisk.call("12369", keys="1")).heard


@pytest.mark.parametrize(
    ("utterance", "level"),
    [
        ("非常满意", 1), ("我非常满意，谢谢", 1), ("满意", 2), ("比较满意", 2), ("基本满意", 3), ("一般般吧", 3),
        ("不满意", 4), ("不太满意", 4), ("非常不满意！", 5), ("很不满意", 5), ("谢谢", None), ("", None),
        ("satisfied", None),
    ],
)  # fmt: skip
def test_a_spoken_rating_counts(utterance: str, level: int | None) -> None:
    assert rating(utterance) == level


def test_every_word_of_the_ratings_vocabulary_is_understood() -> None:
    assert None not in map(rating, PHRASES)


async def test_a_rating_may_be_spoken_if_there_is_a_recogniser(asterisk: FakeAsterisk, services: FakeServices) -> None:
    services.can_hear = lambda: True
    story = await asterisk.call("12369", says={"rate": "我非常满意"})
    assert (rated(story), in_words(story)[-3:]) == ([1], ["rate", "rate-thanks", "done"])
    assert rated(await asterisk.call("12369", says={"rate": "再见"})) == []
    vocabulary = speech_service.vocabulary(services.registry, "rating")
    assert vocabulary
    assert "非常满意" in vocabulary.phrases
