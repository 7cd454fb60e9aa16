"""Callers who leave a message, and the work orders of their messages."""

import stat
from pathlib import Path
from typing import Any

from ivr.runtime.layout import Home
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.running import RunningHotline
from testkit.phones import PhoneCall, Phones, heard_in

TAKEN = ["no-agent", "leave-message", "message-thanks"]


def orders(hotline: RunningHotline) -> dict[str, dict[str, Any]]:
    """Return the work orders by caller, as `ivr orders` lists them."""
    return {order["caller"]: order for order in hotline.json("orders")}


def recording(hotline: RunningHotline, order: dict[str, Any]) -> Path:
    """Return a readable copy of a work order's recording, because only the hotline's user may read the file."""
    path = Home(hotline.home).messages / order["recording"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path


def seconds_of(phones: Phones, hotline: RunningHotline, order: dict[str, Any], caller: PhoneCall) -> float:
    """Return the seconds of a caller's tone in the recording of a work order."""
    spans = heard_in(recording(hotline, order), {caller.name: caller.tone})
    return sum(span.seconds for span in spans if span.parties == caller.name)


def speak(phones: Phones, caller: PhoneCall, seconds: float) -> None:
    """Wait until the caller is asked for a message and the tone is over; then speak."""
    phones.until(lambda: has_heard(caller, "leave-message"), 30, f"{caller.name} is asked for a message")
    phones.until(lambda: caller.hears_only(seconds=0.8), 15, "the tone has sounded")
    begun = caller.heard.seconds
    phones.until(lambda: caller.heard.seconds > begun + seconds, 30, f"{caller.name} speaks")
