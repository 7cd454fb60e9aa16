"""A citizen who calls again and again during an attack, and an agent who answers."""

import time
from collections.abc import Callable, Iterator
from statistics import quantiles

from testkit.phones import Carrier, PhoneCall, Phones, SeatPhone

_PATIENCE = 20  # seconds until the citizen has to hear an agent


class Witness:
    """Calls a dual number again and again; each call has to reach an agent whom the citizen hears."""

    def __init__(self, phones: Phones, carrier: Carrier, agent: SeatPhone) -> None:
        """``agent`` is the phone of a signed-in seat that answers at once."""
        self._phones, self._carrier, self._agent = phones, carrier, agent
        self.answer_delays: list[float] = []  # seconds from the INVITE to the hotline's answer
        self.lost: list[str] = []

    def watch(self, attack: Iterator[None], progress: Callable[[], None], calls: int = 2) -> None:
        """Run the attack to its end, and make ``calls`` calls or more meanwhile."""
        running = True

        def step() -> None:
            nonlocal running
            if running and next(attack, "over") == "over":
                running = False
            progress()
            time.sleep(0.002)  # because the hotline needs the processor

        while running or calls > 0:
            self._call(step)
            calls -= 1

    def answer_times(self) -> str:
        """Return the median and the slowest time to an answer, in words."""
        if len(self.answer_delays) < 2:
            return "-"
        return f"{quantiles(self.answer_delays, n=2)[0]:.2f} / {max(self.answer_delays):.2f} s"

    def _call(self, step: Callable[[], None]) -> None:
        call = self._carrier.call("12369", f"1370000{len(self.answer_delays) + len(self.lost):04}")
        began = time.monotonic()
        answered: float | None = None
        while not call.hears(self._agent):
            step()
            self._phones.poll()
            now = time.monotonic()
            if answered is None and call.connected:
                answered = now - began
            if call.ended or now - began > _PATIENCE:
                self.lost.append(f"{call}")
                break
        else:
            self.answer_delays.append(answered if answered is not None else time.monotonic() - began)
        self._end(call, step)

    def _end(self, call: PhoneCall, step: Callable[[], None]) -> None:
        call.hang_up()
        until = time.monotonic() + 5
        while not call.ended and time.monotonic() < until:
            step()
            self._phones.poll()
