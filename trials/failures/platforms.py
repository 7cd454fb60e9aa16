"""A platform fails during acts on work orders; counted are the messages that it lacks, has twice or out of order."""

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
_LONGEST_WAIT = 60.0  # seconds until each message has to be there
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
    """One failure: the beginning of its row, the function that causes it, and its length in seconds."""

    title: str
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
            stored = hotline.ivr_reads(_KEY, "secret", "set", "platform", "province", "--numbers", str(hotline.numbers))
            assert stored.returncode == 0, stored.stderr
            orders_opened = _open_orders(hotline)
            fault.fail(platform, hotline)
            orders_opened += _open_orders(hotline)
            time.sleep(fault.seconds)
            platform.broken, platform.delay, platform.key = 0, 0.0, _KEY
            restored_at = time.monotonic()
            orders_opened += _open_orders(hotline)
            assert hotline.ivr("push", "--retry").returncode == 0
            complete_at = _until_complete(platform, orders_opened)
            return _row_and_faults(fault.title, platform, orders_opened, complete_at - restored_at)


def _open_orders(hotline: RunningHotline) -> list[str]:
    """Open, receive and dispatch work orders; return their numbers."""
    home, numbers = Home(hotline.home), []
    for count in range(_ORDERS):
        opened = _perform(home, "", "open", {"title": f"工资没发 {count}"})
        for act, fields in _FIELDS.items():
            _perform(home, opened, act, fields)
        numbers.append(opened)
    return numbers


def _perform(home: Home, order: str, act: str, fields: Mapping[str, str]) -> str:
    """Perform one act; if the engine has died, ask the new engine."""
    actor = {"name": "trial", "role": "supervisor", "unit": ""}
    deadline = time.monotonic() + _LONGEST_WAIT
    while True:
        try:
            performed = control_client.ask(home, "order-act", actor=actor, order=order, act=act, fields=dict(fields))
            return str(performed["order"])
        except (control_client.NotRunning, control_client.RequestRefused, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _until_complete(platform: StrictPlatform, orders: list[str]) -> float:
    """Return the time at which the platform had each message, or at which the wait ended."""
    deadline = time.monotonic() + _LONGEST_WAIT
    while time.monotonic() < deadline and any(len(platform.versions(order)) < _ACTS for order in orders):
        time.sleep(0.1)
    return time.monotonic()


def _row_and_faults(
    title: str, platform: StrictPlatform, orders: list[str], seconds: float
) -> tuple[list[str], list[str]]:
    expected = list(range(1, _ACTS + 1))
    lost = sum(len(set(expected) - set(platform.versions(order))) for order in orders)
    doubled = sum(len(versions) - len(set(versions)) for order in orders for versions in [platform.versions(order)])
    disordered = [order for order in orders if (versions := platform.versions(order)) != sorted(versions)]
    row = [title, str(len(orders) * _ACTS), str(lost), str(doubled), str(len(disordered)), f"{seconds:.1f}"]
    faults = [f"{lost} lost"] * bool(lost) + [f"{doubled} doubled"] * bool(doubled)
    return row, faults + [f"{order} out of order" for order in disordered]
