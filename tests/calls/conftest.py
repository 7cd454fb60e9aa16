"""Each test has a hotline of its own, as an admin would start it, and phones around it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from ivr.routing.calendar import CITY_TIME
from testkit.hotline.leaks import leaks
from testkit.hotline.running import RunningHotline, registry
from testkit.phones import Carrier, Phones, SeatPhone

QUICK = {"expert": 5, "center": 5, "seat": 5, "menu": 2, "message": 10, "rating": 0}  # seconds; 0: nobody is asked
PATIENT = {**QUICK, "expert": 20, "center": 20, "seat": 20}  # where everybody answers, but many calls at once take time
CLOSED = {"number": "96002", "name": "不值守的分中心", "unit": "", "mode": "subcenter", "hours": "another-day"}
GENERAL = [str(number) for number in range(8001, 8031)]


class SeatPhones:
    """Makes seats' phones: registered and, unless told otherwise, signed in."""

    def __init__(self, hotline: RunningHotline, phones: Phones) -> None:
        self._hotline, self._phones = hotline, phones

    def __call__(self, number: str, *, signs_in: bool = True, **more: Any) -> SeatPhone:
        password = self._hotline.password(number)
        phone = SeatPhone(self._phones, number, password, self._hotline.server, **more).register()
        if signs_in:
            self.sign_in(phone)
        return phone

    def sign_in(self, *seats: SeatPhone) -> None:
        """Have seats dial ``*81``, hear that they are signed in, and be free for a call."""
        calls = [phone.dial("*81") for phone in seats]
        self._phones.until(lambda: all(call.ended for call in calls), 15, "the seats sign in")
        numbers = {phone.user for phone in seats}

        def free() -> bool:
            states = {one["seat"]: one["state"] for one in self._hotline.ask("status")["seats"]}
            return not {states[number] for number in numbers} & {"in-call", "ringing"}

        # A phone's call is over before Asterisk's; until then the seat counts as busy.
        self._phones.until(free, 10, "the seats that signed in are free")


def quick_registry(**changes: Any) -> dict[str, Any]:
    """The shipped lines, with short timers and thirty general seats."""
    shipped = registry()
    others = [seat for seat in shipped["seats"] if seat["number"] not in GENERAL]
    seats = [{"number": number, "name": f"话务座席{number}", "groups": ["general"]} for number in GENERAL]
    return {**shipped, "timers": QUICK, "seats": seats + others, **changes}


def another_day() -> dict[str, Any]:
    """The hours of `CLOSED`: at no time today or tomorrow."""
    far = (datetime.now(CITY_TIME) + timedelta(days=3)).strftime("%a").lower()
    return {"another-day": {far: ["08:30-12:00"]}}


@pytest.fixture(scope="session")
def all_phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with Phones(tmp_path_factory.mktemp("phones")) as phones:
        yield phones


@pytest.fixture
def phones(all_phones: Phones) -> Iterator[Phones]:
    yield all_phones
    all_phones.reset()


@pytest.fixture
def numbers() -> dict[str, Any]:
    """The registry that the test's hotline starts with; a module overrides it for its tests."""
    return quick_registry()


@pytest.fixture
def carrier(phones: Phones) -> Carrier:
    return Carrier(phones)


@pytest.fixture
def hotline(phones: Phones, carrier: Carrier, numbers: dict[str, Any]) -> Iterator[RunningHotline]:
    with RunningHotline(carrier.address, numbers) as hotline:
        carrier.hotline = hotline.server
        yield hotline
        phones.reset()  # while there is still a registrar to sign off from
        assert not leaks(hotline.home)


@pytest.fixture
def seat(hotline: RunningHotline, phones: Phones) -> SeatPhones:
    return SeatPhones(hotline, phones)
