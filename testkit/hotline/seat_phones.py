"""Seats' phones that register and sign in."""

from typing import Any

from testkit.hotline.running import RunningHotline
from testkit.phones import Phones, SeatPhone


class SeatPhones:
    """Makes seats' phones: registered and, by default, signed in."""

    def __init__(self, hotline: RunningHotline, phones: Phones) -> None:
        self._hotline, self._phones = hotline, phones

    def __call__(self, number: str, *, signs_in: bool = True, **more: Any) -> SeatPhone:
        password = self._hotline.password(number)
        phone = SeatPhone(self._phones, number, password, self._hotline.server, **more).register()
        if signs_in:
            self.sign_in(phone)
        return phone

    def sign_in(self, *seats: SeatPhone) -> None:
        """Sign seats in by ``*81``, and wait until each is ready and its call is over."""
        calls = [phone.dial("*81") for phone in seats]
        self._phones.until(lambda: all(call.ended for call in calls), 15, "the seats sign in")
        numbers = {phone.user for phone in seats}

        def free() -> bool:
            states = {row["seat"]: row["state"] for row in self._hotline.ask("status")["seats"]}
            return not {states[number] for number in numbers} & {"in-call", "ringing"}

        # A phone's call is over before Asterisk's; until then the seat counts as busy.
        self._phones.until(free, 10, "the seats that signed in are free")
