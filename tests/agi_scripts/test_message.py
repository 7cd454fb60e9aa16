"""Leaving a message, and its work order."""

from typing import Any

import pytest

from agi_scripts import live
from ivr.call_events.vocabulary import MessageLeft
from ivr.registry.model import Registry
from testkit.fake_asterisk.channel import Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from tests.agi_scripts.call_in_words import call_events, in_words

NOBODY: dict[str, Any] = {"seats": {"group-general": (0, 0)}}
AGAIN = ["message-failed", "leave-message", "beep"]


def message(story: Story) -> MessageLeft | None:
    return next((note for note in call_events(story) if isinstance(note, MessageLeft)), None)


async def test_a_message_is_a_work_order_of_the_lines_unit(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12369", **NOBODY, message=42.4)
    assert message(story) == MessageLeft("W1700000000-1", "12369", "市生态环境局", "W1700000000-1.wav", 42)
    assert story.recordings == ["messages/W1700000000-1.wav"]
    assert 'RECORD FILE messages/W1700000000-1 wav "#" 120000 BEEP s=10' in story.commands


async def test_if_no_phone_is_online_the_queue_is_tried_once_more(
    asterisk: FakeAsterisk, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right after Asterisk's start all phones are offline for a second. The caller waits no longer than that."""
    monkeypatch.setattr(live, "_ALL_PHONES_ASKED", 0.0)
    nowhere: dict[str, Any] = {"seats": {f"group-{group}": (0, 0) for group in registry.groups}}
    for signed_in, looks in (("4", 2), ("0", 1)):
        seats = {"QUEUE_MEMBER(group-general,count)": signed_in}
        story = await asterisk.call("12369", **nowhere, variables=seats)
        assert message(story)
        assert sum("QUEUE_MEMBER(group-general,logged)" in command for command in story.commands) == looks


async def test_two_calls_are_two_work_orders(asterisk: FakeAsterisk) -> None:
    orders = [message(await asterisk.call("12369", **NOBODY)) for _call in range(2)]
    assert len({order and order.work_order for order in orders}) == 2


async def test_a_message_about_an_unregistered_number_names_it(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("99999", **NOBODY)
    message_left = message(story)
    assert message_left
    assert (message_left.number, message_left.unit) == ("99999", "市政府办公室")


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.02, 1.49])
async def test_after_a_short_message_the_caller_is_asked_once_more(asterisk: FakeAsterisk, seconds: float) -> None:
    story = await asterisk.call("12369", **NOBODY, message=seconds)
    assert in_words(story)[-8:] == ["beep", *AGAIN, "work order", "message-thanks", "goodbye", "done"]
    assert len(set(story.recordings)) == 1, "the second message replaces the first"


async def test_a_caller_who_hangs_up_after_speaking_has_left_a_message(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture
) -> None:
    story = await asterisk.call("12369", **NOBODY, message=7.5, hang_up_at="RECORD FILE")
    assert in_words(story)[-2:] == ["beep", "work order"]
    message_left = message(story)
    assert message_left
    assert message_left.seconds == 8
    assert not log.records


async def test_a_caller_who_hangs_up_at_the_tone_has_left_no_message(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture
) -> None:
    story = await asterisk.call("12369", **NOBODY, message=0.3, hang_up_at="RECORD FILE")
    assert in_words(story)[-1] == "beep"
    assert message(story) is None
    assert not log.records


async def test_a_message_that_cannot_be_written_is_an_error_and_the_dialplan_takes_over(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture
) -> None:
    story = await asterisk.call("12369", **NOBODY, missing=frozenset({"messages/W1700000000-1"}))
    assert in_words(story)[-1] == "beep"
    assert "RECORD FILE messages/W1700000000-1" in log.text
