"""The attacked hotline, as an admin starts it, with an agent, and a seat whose phone an attacker controls."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from testkit.hotline.running import RunningHotline, registry
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones, SeatPhone


@dataclass
class AttackTarget:
    """The hotline, its carrier and its phones, for an attack."""

    hotline: RunningHotline
    phones: Phones
    carrier: Carrier
    seat: SeatPhones
    agent: SeatPhone  # signed in, answers at once
    captured: SeatPhone  # a seat's phone that an attacker controls, not signed in

    @property
    def processes(self) -> list[tuple[int, float]]:
        """Return the running processes with their start times; an equal list later means that none was restarted."""
        children = psutil.Process(self.hotline.process.pid).children()
        return sorted((child.pid, child.create_time()) for child in children)

    def errors(self) -> list[str]:
        """Return the errors in the engine's log so far."""
        log = (self.hotline.home / "log" / "engine.log").read_text(encoding="utf-8", errors="replace")
        return [line for line in log.splitlines() if re.search(r'"level": "(ERROR|CRITICAL)"', line)]


@contextmanager
def running_target(host: str = "127.0.0.1") -> Iterator[AttackTarget]:
    """Start hotline and phones, with SIP on an address of this machine; end and remove them also after a failure."""
    with Phones(log_level=0) as phones:
        carrier = Carrier(phones)
        hotline = RunningHotline(carrier.address, registry(), with_desk=True)
        hotline.server = hotline.server.replace("127.0.0.1", host)
        try:
            with hotline:
                carrier.hotline = hotline.server
                seat = SeatPhones(hotline, phones)
                agent = seat("8001", behaviour="answers", calls=4)
                captured = seat("8002", signs_in=False, behaviour="busy", calls=4)
                yield AttackTarget(hotline, phones, carrier, seat, agent, captured)
        finally:
            with contextlib.suppress(AttributeError):  # the hotline was never started
                hotline.stop()
            shutil.rmtree(hotline.home.parent, ignore_errors=True)
