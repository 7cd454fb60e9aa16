"""Layer 3: the call flow in the dialplan if no script ended properly."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from testkit.fake_asterisk import dialplan
from testkit.fake_asterisk.channel import Channel, FakeCaller, Story
from testkit.fake_asterisk.dialplan import read, static_dialplan
from testkit.fake_asterisk.fake_asterisk import variables
from tests.asterisk.rendered_dialplan import SHIPPED, contexts

TO_AGENTS = ["technical", "Queue group-general"]
TO_MESSAGE = ["no-agent", "leave-message"]


@cache
def whole() -> dict[str, dialplan.Context]:
    return static_dialplan() | read("[fallback-routes]\n" + contexts(SHIPPED, Path("/nowhere"))["fallback-routes"])


class Lost(Channel):
    """A channel without scripts, in the dialplan that Asterisk loads."""

    def goes_on(self) -> Story:
        run = dialplan.DialplanRun(whole(), self.story.variables, self._value, self._application)
        self._run = run
        run("citizen-ended", self.story.variables["HOTLINE_SCRIPT"], "")
        return self.story


def after(number: str, *, step: str, progress: str = "", end: str = "none", **behaviour: Any) -> list[str]:
    """Return the prompts and the rung phones of a call to ``number`` after both scripts were lost."""
    channel = Lost(FakeCaller(**behaviour), variables("13800000000"))
    channel.story.variables |= {
        "HOTLINE_DIALLED": number, "HOTLINE_STEP": step, "HOTLINE_PROGRESS": progress, "HOTLINE_OFFER_END": end,
    }  # fmt: skip
    story, lived = channel.goes_on(), []
    for act in story.acts:
        match act:
            case ["STREAM", "FILE", prompt, _]:
                lived.append(prompt)
            case ["EXEC", "Queue" | "Dial" as application, data]:
                lived.append(f"{application} {data.split(',')[0]}")
            case ["EXEC", "Record", _]:
                lived.append("Record")
    return lived


@pytest.mark.parametrize("menu", ["main", "agents", "expert", "center"])
def test_the_name_of_a_menu_is_not_taken_for_a_step(menu: str) -> None:
    """The expert rang in vain, then both scripts died: the caller waits for an agent, whatever the menu's name."""
    progress = f"menu={menu}&started=say-transferring+expert&key=2"
    assert after("12333", step="expert", progress=progress, end="TIMEOUT") == TO_AGENTS
    assert after("12345", step="none", progress=f"menu=&started=menu-{menu}") == TO_AGENTS


@pytest.mark.parametrize(
    ("number", "step", "lived"),
    [
        ("12333", "none", ["technical", "Queue group-expert-12333"]),
        ("12333", "expert", TO_AGENTS),
        ("12366", "none", ["technical", "Dial PJSIP/12366@carrier"]),
        ("12366", "center", TO_AGENTS),
        ("12369", "none", TO_AGENTS),
        ("12345", "service", TO_AGENTS),
        ("99999", "none", TO_AGENTS),
        ("", "none", TO_AGENTS),
        ("12369", "agents", [*TO_MESSAGE, "Record", "message-thanks"]),
        ("12369", "message", ["message-thanks"]),
        ("12369", "kept", ["message-thanks"]),
        ("12366", "served", []),
    ],
)
def test_no_party_is_rung_twice(number: str, step: str, lived: list[str]) -> None:
    assert after(number, step=step) == lived


@pytest.mark.parametrize(
    ("behaviour", "lived"),
    [
        ({"queues": {"group-general": "full"}}, TO_MESSAGE),
        ({"queues": {"group-general": "leaveempty"}}, ["Queue group-general", *TO_MESSAGE]),
        ({"queues": {"group-general": "key"}}, ["Queue group-general", *TO_MESSAGE]),
    ],
)
def test_without_an_agent_the_caller_leaves_a_message(behaviour: dict[str, Any], lived: list[str]) -> None:
    assert after("12369", step="none", **behaviour) == ["technical", *lived, "Record", "message-thanks"]


@pytest.mark.parametrize("end", ["busy", "noanswer", "chanunavail"])
def test_if_the_center_does_not_answer_the_agents_are_rung(end: str) -> None:
    lived = ["technical", "Dial PJSIP/12366@carrier", "Queue group-general"]
    assert after("12366", step="none", dials={"@carrier": end}) == lived


@pytest.mark.parametrize(
    "sign", [{"PJSIP_HEADER(read,X-Hotline-Call)": 'x" | "1'}, {"GROUP_COUNT(13800000000@center)": "1"}]
)
def test_a_call_that_a_center_sent_back_goes_to_the_agents(sign: dict[str, str]) -> None:
    assert after("12366", step="none", variables=sign) == TO_AGENTS


def test_the_call_of_a_caller_who_was_served_is_ended() -> None:
    for script in ("done", "served"):
        channel = Lost(FakeCaller(), variables("13800000000") | {"HOTLINE_SCRIPT": script})
        assert channel.goes_on().hung_up
        assert not channel.story.heard
