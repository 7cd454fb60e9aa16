"""Phones and a carrier around a hotline that is started as an admin starts it.

The tests of a process use one hotline in turn, with the registry of `common_registry`. A test has a
hotline of its own, with the registry of the fixture `numbers`, if its module overrides that fixture, or if it is marked
``own_hotline`` because it reloads or breaks something.
"""

import functools
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest

from ivr.routing.calendar import CITY_TIME
from testkit.hotline.leaks import leaks
from testkit.hotline.raw_sip_hotline import RawSipHotline
from testkit.hotline.running import RunningHotline, free_udp_port, registry
from testkit.hotline.shared import SharedHotline
from testkit.phones import Carrier, Phones, SeatPhone
from tests.calls.attentive_hotline import Attentive

QUICK = {"expert": 5, "center": 5, "seat": 5, "menu": 2, "message": 10, "rating": 0}  # seconds; 0: no citizen is asked
PATIENT = {**QUICK, "expert": 20, "center": 20, "seat": 20}  # where everybody answers, but many calls at once take time
CLOSED = {"number": "96002", "name": "不值守的分中心", "unit": "", "mode": "subcenter", "hours": "another-day"}
GENERAL = [str(number) for number in range(8001, 8031)]

_LOG_SIZE = pytest.StashKey[int]()  # bytes of the engine's log when the test began


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Skip a test that failed while a recogniser was too slow, because callers press keys then."""
    report: pytest.TestReport = yield
    hotline = getattr(item, "funcargs", {}).get("hotline")
    if isinstance(hotline, Attentive) and report.when == "setup" and report.passed:
        item.stash[_LOG_SIZE] = hotline.log_size()
    elif isinstance(hotline, Attentive) and report.when == "call" and report.failed:
        line = hotline.slow_recognizer(item.stash[_LOG_SIZE])
        if line:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, f"the machine was too busy: {line}")
    return report


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
    """Return weekly hours that are closed today and tomorrow."""
    far = (datetime.now(CITY_TIME) + timedelta(days=3)).strftime("%a").lower()
    return {"another-day": {far: ["08:30-12:00"]}}


ELSEWHERE = {"number": "96001", "name": "另有号码的分中心", "unit": "", "mode": "subcenter", "reach": "07362220000"}
BOTH, ALSO_BOTH = "8009", "8010"  # serve the general and the enterprise group
OVER_TLS, OVER_TCP, ONE_PHONE = "8021", "8022", "8023"
BOSS = "8030"  # a supervisor
SPECIAL: dict[str, dict[str, Any]] = {
    BOTH: {"groups": ["general", "enterprise"]},
    ALSO_BOTH: {"groups": ["general", "enterprise"]},
    OVER_TLS: {"transport": "tls"},
    OVER_TCP: {"transport": "tcp"},
    ONE_PHONE: {"second_phone": "refused"},
    BOSS: {"supervisor": True},
}


@functools.cache
def ordinary_registry() -> dict[str, Any]:
    """Return the registry of the fixture `numbers`, unless a module overrides the fixture."""
    return quick_registry()


PATIENCE = 12  # seconds of waiting until the shared hotline offers message and callback


@functools.cache
def common_registry() -> dict[str, Any]:
    """Return the registry of the shared hotline: lines and seats of every kind."""
    quick = quick_registry()
    seats = [seat | SPECIAL.get(seat["number"], {}) for seat in quick["seats"]]
    lines, callbacks = [*quick["lines"], ELSEWHERE, CLOSED], {"hours": "00:00-24:00"}
    timers = {**QUICK, "patience": PATIENCE}
    return {
        **quick, "seats": seats, "lines": lines, "hours": another_day(), "callbacks": callbacks, "timers": timers,
    }  # fmt: skip


class HotlineKeeper:
    """Starts the shared hotline for the first test that needs it, and again after a test that ended it."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self._stack = ExitStack()
        self._hotline: SharedHotline | None = None
        self.port = free_udp_port()  # of the carrier, whose test opens it

    def hotline(self) -> SharedHotline:
        if self._hotline is None:
            self._hotline = self._stack.enter_context(SharedHotline(f"127.0.0.1:{self.port}", common_registry()))
        self._hotline.begin()
        return self._hotline

    def release(self) -> None:
        """End the calls and sign-ins of a test."""
        assert self._hotline
        try:
            self._hotline.end(self._phones)
            assert not leaks(self._hotline.home)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._hotline = None
        self._stack.close()


@pytest.fixture(scope="session")
def all_phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with Phones(tmp_path_factory.mktemp("phones")) as phones:
        yield phones


@pytest.fixture(scope="session")
def hotline_keeper(all_phones: Phones) -> Iterator[HotlineKeeper]:
    keeper = HotlineKeeper(all_phones)
    yield keeper
    keeper.close()


@pytest.fixture
def phones(all_phones: Phones) -> Iterator[Phones]:
    yield all_phones
    all_phones.reset()


@pytest.fixture
def numbers() -> dict[str, Any]:
    """Return the registry of a hotline of the test's own; a module overrides it for its tests."""
    return ordinary_registry()


@pytest.fixture
def shares(request: pytest.FixtureRequest, numbers: dict[str, Any]) -> bool:
    """Whether the test uses the shared hotline."""
    return numbers is ordinary_registry() and not request.node.get_closest_marker("own_hotline")


@pytest.fixture
def carrier(phones: Phones, shares: bool, hotline_keeper: HotlineKeeper) -> Carrier:
    return Carrier(phones, port=hotline_keeper.port if shares else 0)


@pytest.fixture
def hotline(
    phones: Phones, carrier: Carrier, numbers: dict[str, Any], shares: bool, hotline_keeper: HotlineKeeper
) -> Iterator[RunningHotline]:
    if shares:
        hotline = hotline_keeper.hotline()
        carrier.hotline = hotline.server
        yield hotline
        phones.reset()  # while there is a registrar to sign off from
        hotline_keeper.release()
        return
    with RunningHotline(carrier.address, numbers) as own:
        carrier.hotline = own.server
        yield own
        phones.reset()
        assert not leaks(own.home)


@pytest.fixture
def seat(hotline: RunningHotline, phones: Phones) -> SeatPhones:
    return SeatPhones(hotline, phones)


@pytest.fixture
def shared(hotline_keeper: HotlineKeeper) -> Iterator[SharedHotline]:
    """Give the shared hotline to a test whose carrier and seats are ports of raw SIP."""
    yield hotline_keeper.hotline()
    hotline_keeper.release()


@pytest.fixture
async def street(shared: SharedHotline, hotline_keeper: HotlineKeeper) -> AsyncIterator[RawSipHotline]:
    """Give a raw SIP carrier and raw SIP seats around the shared hotline."""
    async with RawSipHotline(shared, hotline_keeper.port) as street:
        yield street
