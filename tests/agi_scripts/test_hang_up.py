"""A caller may hang up at any moment: the script logs no error, and offers the ended call to no seat."""

from typing import Any

import pytest

from testkit.fake_asterisk.fake_asterisk import FakeAsterisk
from tests.agi_scripts.call_in_words import in_words

QUIET = ("GET FULL VARIABLE", "SET VARIABLE", "EXEC MSet", "EXEC CELGenUserEvent", "CHANNEL STATUS")
CALLS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "12345, a key": (("12345",), {"keys": "*2"}),
    "12345, silence": (("12345",), {}),
    "12345, a wrong key": (("12345",), {"keys": "9"}),
    "a chain, the expert silent": (("12331",), {"queues": {"group-expert-12315": "timeout"}}),
    "an expert answers": (("12333",), {}),
    "an expert is away": (("12333",), {"seats": {"group-expert-12333": (0, 0)}}),
    "dual": (("12369",), {}),
    "a center answers": (("12366",), {}),
    "a center is busy": (("12366",), {"dials": {"@carrier": "busy"}}),
    "a center and the agents are silent": (
        ("12366",),
        {"dials": {"@carrier": "noanswer"}, "queues": {"group-general": "full"}},
    ),
    "nobody is there": (("2912345",), {"seats": {"group-general": (0, 0)}, "message": 0.5}),
    "presses 1 in the queue": (("12369",), {"queues": {"group-general": "key"}}),
    "comes back": (("12366",), {"variables": {"PJSIP_HEADER(read,X-Hotline-Call)": "1.1"}}),
    "an agent signs in": (("8001", "*81"), {"script": "seat"}),
    "an agent signs out": (("8001", "*80"), {"script": "seat"}),
    "a consult with a center": (("12366", "PJSIP/8001-00000001"), {"script": "consult"}),
    "a consult in vain": (("12366", "PJSIP/8001-00000001"), {"script": "consult", "dials": {"": "busy"}}),
    "a consult with an expert": (("12333", "PJSIP/8001-00000001"), {"script": "consult"}),
    "a refused consult": (("8001", "PJSIP/8001-00000001"), {"script": "consult"}),
}


@pytest.mark.parametrize("noticed_at_once", [True, False])
@pytest.mark.parametrize("call", CALLS)
async def test_a_hang_up_after_any_command(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, call: str, noticed_at_once: bool
) -> None:
    arguments, behaviour = CALLS[call]
    whole = await asterisk.call(*arguments, **behaviour)
    assert in_words(whole)[-1] == "done"
    for step in range(1, len(whole.commands) + 1):
        cut = await asterisk.call(*arguments, **behaviour, hang_up_after=step, hangup_line_first=noticed_at_once)
        assert _are_same_commands(cut.commands[: step - 1], whole.commands[: step - 1])
        # One command is sent already if the script notices the hang-up at the next reply only.
        after = cut.commands[step:] if noticed_at_once else cut.commands[step + 1 :]
        assert all(command.startswith(QUIET) for command in after), (whole.commands[step - 1], after)
        if step < len(whole.commands) - 1:
            assert "done" not in in_words(cut), whole.commands[step - 1]
    assert not log.records


@pytest.mark.parametrize("queue", ["group-general", "group-expert-12333"])
@pytest.mark.parametrize("end", ["hangup", "talked"])
async def test_a_hang_up_in_a_queue(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, queue: str, end: str
) -> None:
    story = await asterisk.call("12333", queues={"group-expert-12333": "timeout"} | {queue: end})
    assert story.queues[-1] == (queue, end)
    assert in_words(story)[-1].endswith((f"waits for {queue[6:]}", f"rings {queue[6:]} 20 s"))
    assert not log.records


@pytest.mark.parametrize("end", ["hangup", "talked"])
async def test_a_hang_up_while_a_center_rings_or_talks(
    asterisk: FakeAsterisk, log: pytest.LogCaptureFixture, end: str
) -> None:
    story = await asterisk.call("12366", dials={"@carrier": end})
    assert in_words(story)[-1] == "dials PJSIP/12366@carrier 25 s"
    assert not log.records


def _are_same_commands(first: list[str], second: list[str]) -> bool:
    """Compare commands without the id of the call, which is in the names of work orders."""
    return [line.split("17000")[0] for line in first] == [line.split("17000")[0] for line in second]
