"""漏接电话回拨: the prompts of a caller who asks for a callback, and of an agent who makes one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agi_scripts.services import DueCallback, NoCallback
from ivr.call_events.vocabulary import CallbackSettled, CallbackStarted
from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from testkit.fake_services import FakeServices
from tests.agi_scripts.call_in_words import MESSAGE, call_events, in_words

LEAVES: dict[str, Any] = {"queues": {"group-general": "key"}, "queue_key": "2"}
SEAT: dict[str, Any] = {"variables": {"QUEUE_MEMBER_LIST(group-general)": "PJSIP/8001"}, "script": "seat"}


async def test_a_caller_who_presses_2_is_promised_a_callback(asterisk: FakeAsterisk) -> None:
    story = await asterisk.call("12369", **LEAVES)
    assert in_words(story)[-4:] == ["waits for general", "fell back: callback", "callback-promised", "done"]


@pytest.mark.parametrize("caller", ["unknown", "0085212345678", "95588"])
async def test_a_caller_without_a_number_to_call_back_may_leave_a_message(asterisk: FakeAsterisk, caller: str) -> None:
    story = await asterisk.call("12369", caller=caller, **LEAVES)
    after = in_words(story)[in_words(story).index("waits for general") + 1 :]
    assert after == ["callback-no-number", "fell back: gave-up", *MESSAGE, "done"]


@pytest.mark.parametrize(
    ("due", "heard", "dialled"),
    [
        (
            DueCallback("1.1", "13900001111", "12369"),
            ["callback-next", "callback-result"],
            ["PJSIP/13900001111@carrier"],
        ),
        (NoCallback.NOBODY, ["callback-none"], []),
        (NoCallback.CLOSED, ["callback-closed"], []),
    ],
)
@pytest.mark.parametrize("rung", [False, True])
async def test_an_agent_rings_the_citizen_whose_callback_is_due(
    asterisk: FakeAsterisk,
    services: FakeServices,
    due: DueCallback | NoCallback,
    heard: list[str],
    dialled: list[str],
    rung: bool,
) -> None:
    claimed: list[str] = []

    @asynccontextmanager
    async def claim(missed: str) -> AsyncIterator[DueCallback | NoCallback]:
        claimed.append(missed)
        yield due
        claimed.append("let go")

    services.claim_callback = claim
    if rung:
        story = await asterisk.call("8001", "1.1", script="callback")
    else:
        story = await asterisk.call("8001", "*85", **SEAT)
    assert (story.heard, [target for target, _end in story.dials]) == (heard, dialled)
    assert [note.number for note in call_events(story) if isinstance(note, CallbackStarted)] == ["13900001111"] * len(
        dialled
    )
    assert claimed == ["1.1" if rung else "", "let go"]
    for run in story.runs:
        if run.application == "Dial":
            assert run.arguments[2] == "rgTA(callback-greeting)f(12345)b(ring^citizen^1)"


@pytest.mark.parametrize(
    ("key", "result"), [("1", "reached"), ("2", "voicemail"), ("3", "wrong-number"), ("4", "again")]
)
async def test_an_agent_keys_in_the_result_of_a_callback(
    asterisk: FakeAsterisk, services: FakeServices, key: str, result: str
) -> None:
    @asynccontextmanager
    async def claim(_missed: str) -> AsyncIterator[DueCallback | NoCallback]:
        yield DueCallback("1.1", "13900001111", "12369")

    services.claim_callback = claim
    story = await asterisk.call("8001", "*85", **SEAT, keys={"callback-result": key})
    assert [note.result for note in call_events(story) if isinstance(note, CallbackSettled)] == [result]
    silent = await asterisk.call("8001", "*85", **SEAT)
    assert not [note for note in call_events(silent) if isinstance(note, CallbackSettled)]


@pytest.mark.parametrize("end", ["busy", "noanswer", "chanunavail"])
async def test_an_agent_hears_that_the_citizen_did_not_answer(
    asterisk: FakeAsterisk, services: FakeServices, end: str
) -> None:
    @asynccontextmanager
    async def claim(_missed: str) -> AsyncIterator[DueCallback | NoCallback]:
        yield DueCallback("1.1", "13900001111", "12369")

    services.claim_callback = claim
    story = await asterisk.call("8001", "*85", **SEAT, dials={"@carrier": end})
    assert story.heard == ["callback-next", "callback-silent"]
