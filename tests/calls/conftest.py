"""Each test has a hotline of its own, as an admin would start it, and phones around it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.calls.running import RunningHotline, registry
from tests.phones import Carrier, Phones, SeatPhone

QUICK = {"expert": 5, "center": 5, "seat": 5, "menu": 2, "message": 10, "rating": 0}  # seconds; 0: nobody is asked
GENERAL = [str(number) for number in range(8001, 8031)]

Seat = Callable[..., SeatPhone]


def quick_registry(**changes: Any) -> dict[str, Any]:
    """The shipped lines, with short timers and thirty general seats."""
    shipped = registry()
    others = [seat for seat in shipped["seats"] if seat["number"] not in GENERAL]
    seats = [{"number": number, "name": f"话务座席{number}", "groups": ["general"]} for number in GENERAL]
    return {**shipped, "timers": QUICK, "seats": seats + others, **changes}


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


@pytest.fixture
def seat(hotline: RunningHotline, phones: Phones) -> Seat:
    """Make seats' phones: registered and, unless told otherwise, signed in."""

    def make(number: str, *, signs_in: bool = True, **more: Any) -> SeatPhone:
        phone = SeatPhone(phones, number, hotline.password(number), hotline.server, **more).register()
        if signs_in:
            sign_in(phones, phone)
        return phone

    return make


def sign_in(phones: Phones, *seats: SeatPhone) -> None:
    """Have seats dial ``*81`` and hear that they are signed in."""
    calls = [phone.dial("*81") for phone in seats]
    phones.until(lambda: all(call.ended for call in calls), 15, "the seats sign in")
