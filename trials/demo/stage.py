"""The stage: a hotline as an admin starts it, a carrier and phones; all of them are removed afterwards."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ivr.texts import _
from testkit.hotline.running import RunningHotline, registry
from testkit.phones import Carrier, Phones, SeatPhone
from testkit.strict_platform import StrictPlatform
from trials.demo.province import orders_yaml, province, share_key

QUICKER = {
    "expert": 10,
    "center": 10,
    "wrapup": 0,
    "rating": 0,
}  # seconds; a wait of 20 is dull to watch, and after less than 10 a busy machine has not answered yet


@dataclass
class Stage:
    """The parts that a story needs."""

    hotline: RunningHotline
    phones: Phones
    carrier: Carrier
    agent: SeatPhone  # 8001, a pooled agent
    labour: SeatPhone  # 8333, the expert of 12333
    market: SeatPhone  # 8315, the expert of 12315
    province: StrictPlatform  # receives calls and work orders

    @property
    def seats(self) -> tuple[SeatPhone, ...]:
        """All seats' phones."""
        return self.agent, self.labour, self.market

    def clear(self) -> None:
        """Hang up the calls that a story left."""
        remaining = [call for call in self.phones.calls if not call.ended]
        for call in remaining:
            call.hang_up()
        with contextlib.suppress(AssertionError):  # the next story reports the fault
            self.phones.until(lambda: all(call.ended for call in remaining), 5)


def numbers() -> dict[str, Any]:
    """The shipped registry, with shorter waits."""
    shipped = registry()
    return {**shipped, "timers": {**shipped["timers"], **QUICKER}}


@contextmanager
def running_hotline(carrier: Carrier, platform: StrictPlatform) -> Iterator[RunningHotline]:
    """Start a hotline on free ports; end it and remove its folder, also after a failure."""
    hotline = RunningHotline(carrier.address, numbers(), with_desk=True, LANG=os.environ.get("LANG", "C.UTF-8"))
    (hotline.numbers.parent / "orders.yaml").write_text(orders_yaml(platform), encoding="utf-8")
    try:
        with hotline:
            carrier.hotline = hotline.server
            share_key(hotline)
            yield hotline
    finally:
        if hasattr(hotline, "process"):
            hotline.stop()
        if "KEEP_HOTLINE" not in os.environ:
            shutil.rmtree(hotline.home.parent, ignore_errors=True)


def seat_phone(hotline: RunningHotline, phones: Phones, number: str, kind: str) -> SeatPhone:
    """Make a seat's phone and register it."""
    password = next(str(account["password"]) for account in hotline.ask("seats") if account["seat"] == number)
    return SeatPhone(phones, number, password, hotline.server, name=f"{kind} {number}").register()


@contextmanager
def stage() -> Iterator[Stage]:
    """Set the stage."""
    with Phones() as phones, province() as platform:
        carrier = Carrier(phones)
        with running_hotline(carrier, platform) as hotline:
            agent = seat_phone(hotline, phones, "8001", _("agent"))
            labour, market = (seat_phone(hotline, phones, number, _("expert")) for number in ("8333", "8315"))
            try:
                yield Stage(hotline, phones, carrier, agent, labour, market, platform)
            finally:
                phones.reset()  # while the registrar runs, so that the phones can unregister
