"""A platform fails during acts on work orders: messages that it then lacks, has twice, or has out of order."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.control import control_client
from ivr.runtime.layout import Home
from testkit.hotline.processes import engine
from testkit.hotline.quick_registry import quick_registry
from testkit.hotline.running import ROOT, RunningHotline
from testkit.strict_platform import StrictPlatform, strict_platform

_KEY = "the key of the province"
_ORDERS = 20  # before, during and after the failure, each with three acts
_ACTS = 3
_SHORT, _HOUR = 12.0, 3600.0  # seconds for which the platform fails
_WAITS = 60.0  # seconds until each message has to be there
_SECTION = """
platforms:
  province: {{ url: "{url}", sends: [orders], accepts: [note] }}
"""
_FIELDS = {"receive": {"kind": "help", "class": "labour"}, "dispatch": {"unit": "市人社局"}}


def _answers_errors(platform: StrictPlatform, _hotline: RunningHotline) -> None:
    platform.broken = 500


def _is_silent(platform: StrictPlatform, _hotline: RunningHotline) -> None:
    platform.delay = 2 * _SHORT


def _refuses_the_key(platform: StrictPlatform, _hotline: RunningHotline) -> None:
    platform.key = "another key"


def _engine_is_killed(_platform: StrictPlatform, hotline: RunningHotline) -> None:
    engine(hotline).kill()


@dataclass(frozen=True)
class PlatformFault:
    """One failure: the begin of its row, the act that begins it, and the seconds that it lasts."""

    what: str
    fail: Callable[[StrictPlatform, RunningHotline], None]
    seconds: float = _SHORT


PLATFORM_FAULTS: Mapping[str, PlatformFault] = {
    "platform-wrong": PlatformFault("the platform answers 500 for 12 s", _answers_errors),
    "platform-wrong-hour": PlatformFault("the platform answers 500 for an hour", _answers_errors, _HOUR),
    "platform-silent": PlatformFault("the platform answers nothing for 12 s", _is_silent),
    "platform-refuses": PlatformFault("the platform refuses the signature for 12 s", _refuses_the_key),
    "platform-engine-killed": PlatformFault("the engine is killed while messages wait", _engine_is_killed),
}


def platform_fault(name: str) -> tuple[list[str], list[str]]:
    """Return the row of the table and the faults, a line each."""
    fault = PLATFORM_FAULTS[name]
    with strict_platform(_KEY) as platform:
        hotline = RunningHotline(None, quick_registry())
        orders = (ROOT / "orders.yaml").read_text(encoding="utf-8") + _SECTION.format(url=platform.url)
        (hotline.numbers.parent / "orders.yaml").write_text(orders, encoding="utf-8")
        with hotline:
            kept = hotline.ivr_reads(_KEY, "secret", "set", "platform", "province", "--numbers", str(hotline.numbers))
            assert kept.returncode == 0, kept.stderr
            begun = _act(hotline)
            fault.fail(platform, hotline)
            begun += _act(hotline)
            time.sleep(fault.seconds)
            platform.broken, platform.delay, platform.key = 0, 0.0, _KEY
            back = time.monotonic()
            begun += _act(hotline)
            assert hotline.ivr("push", "--retry").returncode == 0
            took = _all_there(platform, begun)
            return _judged(fault.what, platform, begun, took - back)


def _act(hotline: RunningHotline) -> list[str]:
    """Open, receive and dispatch work orders; return their numbers."""
    home, numbers = Home(hotline.home), []
    for count in range(_ORDERS):
        opened = _ask(home, "", "open", {"title": f"工资没发 {count}"})
        for act, fields in _FIELDS.items():
            _ask(home, opened, act, fields)
        numbers.append(opened)
    return numbers


def _ask(home: Home, order: str, act: str, fields: Mapping[str, str]) -> str:
    """Do one act; after an engine's death ask the new engine."""
    actor = {"name": "trial", "role": "supervisor", "unit": ""}
    deadline = time.monotonic() + _WAITS
    while True:
        try:
            done = control_client.ask(home, "order-act", actor=actor, order=order, act=act, fields=dict(fields))
            return str(done["order"])
        except (control_client.NotRunning, control_client.RequestRefused, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _all_there(platform: StrictPlatform, orders: list[str]) -> float:
    """Return the time at which each message was there, or at which the wait ended."""
    deadline = time.monotonic() + _WAITS
    while time.monotonic() < deadline and any(len(platform.versions(order)) < _ACTS for order in orders):
        time.sleep(0.1)
    return time.monotonic()


def _judged(what: str, platform: StrictPlatform, orders: list[str], seconds: float) -> tuple[list[str], list[str]]:
    expected = list(range(1, _ACTS + 1))
    lost = sum(len(set(expected) - set(platform.versions(order))) for order in orders)
    doubled = sum(len(found) - len(set(found)) for order in orders for found in [platform.versions(order)])
    disordered = [order for order in orders if (found := platform.versions(order)) != sorted(found)]
    row = [what, str(len(orders) * _ACTS), str(lost), str(doubled), str(len(disordered)), f"{seconds:.1f}"]
    wrong = [f"{lost} lost"] * bool(lost) + [f"{doubled} doubled"] * bool(doubled)
    return row, wrong + [f"{order} out of order" for order in disordered]
