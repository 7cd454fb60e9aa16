"""If a part fails during a call, the script leaves no mark, and the dialplan brings the caller to the agents."""

import re
from dataclasses import replace
from typing import Any

import pytest

from ivr.registry.model import Registry
from testkit.fake_asterisk.channel import Channel, FakeCaller, words
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import in_words

STORIES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "menu": (("12345",), {"keys": "9"}),
    "silence": (("12345",), {}),
    "merged": (("2912345",), {"seats": {"group-general": (0, 0)}, "message": 0.5}),
    "expert": (("12331",), {"queues": {"group-expert-12315": "timeout"}}),
    "dual": (("12369",), {}),
    "center": (("12366",), {"dials": {"@carrier": "busy"}}),
    "unregistered": (("99999",), {}),
    "seat": (("8001", "*81"), {"script": "seat"}),
    "consult": (("12366", "PJSIP/8001-00000001"), {"script": "consult", "dials": {"@carrier": "busy"}}),
}
stories = pytest.mark.parametrize("call", STORIES)


def _words(commands: str) -> list[str]:
    return re.split(r'[ ,&"]', commands)


@stories
async def test_a_missing_recording_does_not_end_the_call(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, call: str
) -> None:
    """Without a step's prompt the call goes on; a question without its prompt is not asked.

    If the menu has no recording, the caller gets an agent, as after silence.
    """
    arguments, behaviour = STORIES[call]
    whole = await asterisk.call(*arguments, **behaviour)
    streamed = {words(command)[2] for command in whole.commands if command.startswith("STREAM FILE")}
    menus = {prompt for command in whole.commands if command.startswith("GOSUB menu") for prompt in _words(command)}
    for prompt in set(whole.heard):
        log.clear()
        story = await asterisk.call(*arguments, **behaviour, missing=frozenset({prompt}))
        if prompt in streamed:
            assert "done" not in in_words(story), prompt
            assert in_words(story)[-1].replace("phone ", "phone/").endswith(prompt[-1]), (
                "a step follows the missing prompt"
            )
            assert f"STREAM FILE {prompt}" in log.text
        elif prompt in menus:
            assert in_words(story)[-1] == "done", prompt
            assert any(step.startswith(("offered to general", "work order")) for step in in_words(story)), prompt
            assert "a prompt could not be played" in log.text or not story.queues
        else:
            assert in_words(story) == in_words(whole)
            assert ("a prompt could not be played" in log.text) is any(
                "EXEC Gosub" in command for command in story.commands
            )


@stories
async def test_if_asterisk_does_not_answer_at_a_prompt_the_dialplan_takes_over(
    asterisk: FakeAsterisk,
    services: FakeServices,
    log: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
) -> None:
    services.registry = replace(services.registry, timers=replace(services.registry.timers, menu=0))
    arguments, behaviour = STORIES[call]
    whole = await asterisk.call(*arguments, **behaviour)
    monkeypatch.setattr("ivr.asterisk.agi.call._PROMPT_LIMIT", 0.2)
    monkeypatch.setattr("ivr.asterisk.agi.offers._PROMPT_SECONDS", 0.2)
    awaited = " ".join(command for command in whole.commands if "EXEC Gosub" not in command)
    for prompt in set(whole.heard) & set(_words(awaited)):
        log.clear()
        story = await asterisk.call(*arguments, **behaviour, silent_at=prompt)
        assert "done" not in in_words(story)
        assert prompt in _words(story.commands[-1]), "the script sends nothing more on the connection"
        assert "no answer within 0.2 s" in log.text


@stories
async def test_after_a_reply_that_is_not_agi_the_dialplan_takes_over(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    arguments, behaviour = STORIES[call]
    whole = await asterisk.call(*arguments, **behaviour)
    plain_reply = Channel.reply
    for step in range(1, len(whole.commands) + 1):
        log.clear()

        def reply(channel: Channel, line: str, step: int = step) -> str | None:
            right_reply = plain_reply(channel, line)
            return "200 resu" if len(channel.story.commands) == step else right_reply

        monkeypatch.setattr(Channel, "reply", reply)
        story = await asterisk.call(*arguments, **behaviour)
        monkeypatch.undo()
        assert "not an AGI reply: '200 resu'" in log.text
        if whole.commands[step - 1].startswith("EXEC Gosub"):  # the dialplan has the offer already
            assert in_words(story) == in_words(whole)
            continue
        assert len(story.commands) == step, "the script does not trust later replies"
        if step < len(whole.commands):
            assert "done" not in in_words(story)


@pytest.mark.parametrize("application", ["AddQueueMember", "UnpauseQueueMember"])
async def test_if_asterisk_lacks_an_application_the_dialplan_takes_over(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, application: str
) -> None:
    """An Asterisk module is not loaded. Each start compares the modules that the dialplan needs with modules.conf."""
    plain_exec = Channel._exec

    def run(channel: Channel, name: str, options: str = "", *more: str) -> str:
        return "-2" if name == application else plain_exec(channel, name, options, *more)

    monkeypatch.setattr(Channel, "_exec", run)
    story = await asterisk.call("8001", "*81", script="seat")
    assert "done" not in in_words(story)
    assert f"EXEC {application}" in log.text


async def test_after_an_unknown_queue_status_the_dialplan_takes_over(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture
) -> None:
    unforeseen: list[dict[str, Any]] = [{"queues": {"group-general": "torture"}}, {"dials": {"@carrier": "torture"}}]
    for behaviour in unforeseen:
        log.clear()
        story = await asterisk.call("12366" if "dials" in behaviour else "12369", **behaviour)
        assert "done" not in in_words(story)
        assert "the script failed: ValueError" in log.text


async def test_without_its_arguments_a_script_leaves_the_call_to_the_dialplan(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture
) -> None:
    for script in ("seat", "consult"):
        log.clear()
        story = await asterisk.call("8001", script=script)
        assert "done" not in in_words(story)
        assert "the script failed" in log.text


async def test_after_a_failure_the_next_call_is_served(asterisk: FakeAsterisk, registry: Registry) -> None:
    await asterisk.call("12369", missing=frozenset({"dual-recorded"}))
    await asterisk.call("12369", variables={"QUEUE_MEMBER(group-general,logged)": "1)\n200 result=1 (1"})
    assert in_words(await asterisk.call("12369"))[-1] == "done"


def test_the_fake_itself_falls_silent_only_at_the_named_command() -> None:
    assert Channel(FakeCaller(), {}).reply("ANSWER") == "200 result=0"
    assert Channel(FakeCaller(silent_at="ANSWER"), {}).reply("ANSWER") is None
