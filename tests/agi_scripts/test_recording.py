"""通话录音: the recorded part of a call, the file's name, and the tones for an agent who pauses the recording."""

import logging
from typing import Any

import pytest

from ivr.call_events.vocabulary import CallHeld, RecordingPaused, RecordingStarted
from ivr.routing.service import SAYS_RECORDED
from testkit.fake_asterisk.channel import Channel, Story
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import call_events, in_words

CITIZEN = {"HOTLINE_RECORDED": "PJSIP/carrier-00000001"}


def recordings(story: Story) -> list[tuple[str, ...]]:
    return [run.arguments for run in story.runs if run.application == "MixMonitor"]


@pytest.mark.parametrize("number", ["12345", "2912345", "12369", "12333", "12331", "99999"])
async def test_a_call_is_recorded_once_and_the_caller_told_once_even_if_several_groups_ring(
    asterisk: FakeAsterisk, number: str
) -> None:
    queues = {"group-expert-12333": "timeout", "group-expert-12315": "timeout"}
    story = await asterisk.call(number, queues=queues)
    assert recordings(story) == [("R1700000000-1.wav", "b")]
    assert [note for note in call_events(story) if isinstance(note, RecordingStarted)] == [
        RecordingStarted("R1700000000-1.wav")
    ]
    notices = [step for step in in_words(story) if step in SAYS_RECORDED]
    assert len(notices) == 1, "the caller hears the notice exactly once"


@pytest.mark.parametrize("number", ["12369", "12366"])
async def test_a_message_and_a_call_of_a_center_are_not_recorded(asterisk: FakeAsterisk, number: str) -> None:
    assert not recordings(await asterisk.call(number, seats={"group-general": (0, 0)}))


async def test_with_a_full_disk_or_a_missing_module_the_call_goes_on_unrecorded(
    asterisk: FakeAsterisk, services: FakeServices, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.may_record = lambda: False
    story = await asterisk.call("12369")
    assert (recordings(story), in_words(story)[-1]) == ([], "done")
    services.may_record = lambda: True
    plain_exec = Channel._exec

    def run(channel: Channel, name: str, *options: str) -> str:
        return "-2" if name == "MixMonitor" else plain_exec(channel, name, *options)

    monkeypatch.setattr(Channel, "_exec", run)
    story = await asterisk.call("12369")
    assert in_words(story)[-2:] == ["waits for general", "done"]
    assert not [note for note in call_events(story) if isinstance(note, RecordingStarted)]
    assert [record.levelno for record in log.records] == [logging.ERROR]


@pytest.mark.parametrize(
    ("variables", "paused", "heard", "noted"),
    [
        (CITIZEN, True, ["beep"], [RecordingPaused(True)]),
        (CITIZEN, False, ["beep", "beep"], [RecordingPaused(False)]),
        (CITIZEN, None, ["beeperr"], []),  # Asterisk could not pause it
        ({}, True, ["beeperr"], []),  # nothing is recorded
    ],
)
async def test_an_agent_who_pauses_the_recording_hears_the_result(
    asterisk: FakeAsterisk,
    services: FakeServices,
    variables: dict[str, str],
    paused: bool | None,
    heard: list[str],
    noted: Any,
) -> None:
    channels: list[str] = []

    async def pause(channel: str) -> bool | None:
        channels.append(channel)
        return paused

    services.pause_recording = pause
    story = await asterisk.call("", script="pause", variables=variables)
    assert (story.heard, call_events(story)) == (heard, noted)
    assert channels == list(variables.values())


async def test_the_record_has_begin_and_end_of_a_hold(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("", script="hold", keys="1", channel="PJSIP/web-8001-00000001")
    assert call_events(story) == [CallHeld("8001", held=True), CallHeld("8001", held=False)]
