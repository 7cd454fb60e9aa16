"""The field: a hotline as an admin starts it, an agent, and a seat whose phone was taken over."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from testkit.hotline.running import RunningHotline, registry
from testkit.phones import Carrier, Phones, SeatPhone
from tests.calls.conftest import SeatPhones


@dataclass
class AttackTarget:
    """The parts that an attack needs."""

    hotline: RunningHotline
    phones: Phones
    carrier: Carrier
    seat: SeatPhones
    agent: SeatPhone  # signed in, picks up at once
    taken: SeatPhone  # a seat's phone in a stranger's hands, not signed in

    @property
    def processes(self) -> list[tuple[int, float]]:
        """The running processes with their start times; the same list later means that none was restarted."""
        children = psutil.Process(self.hotline.process.pid).children()
        return sorted((child.pid, child.create_time()) for child in children)

    def errors(self) -> list[str]:
        """The errors in the engine's log so far."""
        log = (self.hotline.home / "log" / "engine.log").read_text(encoding="utf-8", errors="replace")
        return [line for line in log.splitlines() if re.search(r'"level": "(ERROR|CRITICAL)"', line)]


@contextmanager
def field(host: str = "127.0.0.1") -> Iterator[AttackTarget]:
    """Start everything, the hotline's SIP on an address of this machine; end and remove it however this is left."""
    with Phones(log_level=0) as phones:
        carrier = Carrier(phones)
        hotline = RunningHotline(carrier.address, registry(), with_desk=True)
        hotline.server = hotline.server.replace("127.0.0.1", host)
        try:
            with hotline:
                carrier.hotline = hotline.server
                seat = SeatPhones(hotline, phones)
                agent = seat("8001", behaviour="answers", calls=4)
                taken = seat("8002", signs_in=False, behaviour="busy", calls=4)
                yield AttackTarget(hotline, phones, carrier, seat, agent, taken)
        finally:
            with contextlib.suppress(AttributeError):  # it was never started
                hotline.stop()
            shutil.rmtree(hotline.home.parent, ignore_errors=True)
