"""After a step of the clock no caller waits longer, and no phone counts as offline."""

import asyncio
from typing import Any, cast

import pytest

from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.engine import clock_watch
from testkit.patience import PATIENCE


class AsteriskWithTwoCallers:
    """An Asterisk in which two callers wait; it records the keys sent to them and the changes of registrations."""

    def __init__(self) -> None:
        self.pressed: list[tuple[str, str, str]] = []
        self.moved: list[str] = []

    async def listing(self, _name: str) -> list[dict[str, str]]:
        return [{"Event": "QueueParams"}, *({"Event": "QueueEntry", "Channel": f"PJSIP/carrier-{n}"} for n in "12")]

    async def action(self, name: str, **fields: Any) -> dict[str, str]:
        if name == "Originate":
            assert fields["Channel"] == "Local/s@move-registrations/n"
            self.moved.append(fields["Variable"])
            return {}
        assert (name, fields["Receive"]) == ("PlayDTMF", "true")
        self.pressed.append((name, fields["Channel"], fields["Digit"]))
        if fields["Channel"] == "PJSIP/carrier-1":
            raise AmiError("no such channel")  # the call has just ended
        return {}


@pytest.mark.parametrize(
    ("leads", "helped", "moved"),
    [
        ([0, -3600], True, ["HOTLINE_CLOCK_STEP=-3600"]),
        ([0, 3600], False, ["HOTLINE_CLOCK_STEP=3600"]),
        ([0, -0.5], False, []),
    ],
)
async def test_queue_callers_and_registrations_are_kept_across_a_clock_step(
    monkeypatch: pytest.MonkeyPatch, leads: list[float], helped: bool, moved: list[str]
) -> None:
    looks, enough = 0, asyncio.Event()

    def look() -> float:
        nonlocal looks
        looks += 1
        if looks > 30:
            enough.set()
        return leads[min(looks, len(leads)) - 1]

    monkeypatch.setattr(clock_watch, "system_clock_lead", look)
    monkeypatch.setattr(clock_watch, "_EVERY", 0.001)
    asterisk = AsteriskWithTwoCallers()
    async with clock_watch.ClockWatch(cast("Ami", asterisk)), asyncio.timeout(PATIENCE):
        await enough.wait()
    assert {channel for _name, channel, _digit in asterisk.pressed} == (
        {"PJSIP/carrier-1", "PJSIP/carrier-2"} if helped else set()
    )
    assert {digit for _name, _channel, digit in asterisk.pressed} <= {"D"}
    assert len(asterisk.pressed) == (10 if helped else 0)
    assert asterisk.moved == moved
