"""Phones and a carrier around a hotline that is started as an admin starts it.

The tests of a process use one hotline in turn, with the registry of `common_registry`. A test that is marked
``reloaded_hotline`` reloads that hotline with the registry of its `numbers`. A test has a hotline of its own, with the
registry of the fixture `numbers`, if its module overrides that fixture, or if it is marked ``own_hotline`` because it
reloads or breaks a part.
"""

import functools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest

from ivr.control import control_client
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from testkit.hotline.leaks import leaks
from testkit.hotline.quick_registry import QUICK, quick_registry
from testkit.hotline.raw_sip_hotline import RawSipHotline
from testkit.hotline.running import RunningHotline, free_udp_port
from testkit.hotline.seat_phones import SeatPhones
from testkit.hotline.shared import SharedHotline
from testkit.phones import Carrier, Phones
from tests.calls.attentive_hotline import Attentive

CLOSED = {"number": "96002", "name": "不值守的分中心", "unit": "", "mode": "subcenter", "hours": "another-day"}

_LOG_SIZE = pytest.StashKey[int]()  # bytes of the engine's log when the test began


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Add the hotline's logs to a failure; skip the test if the recogniser was too slow, so that callers press keys."""
    report: pytest.TestReport = yield
    hotline = getattr(item, "funcargs", {}).get("hotline")
    if isinstance(hotline, Attentive) and report.when == "setup" and report.passed:
        item.stash[_LOG_SIZE] = hotline.log_size()
    elif isinstance(hotline, RunningHotline) and report.when == "call" and report.failed:
        report.sections += seen_by_the_hotline(hotline)
        line = hotline.slow_recognizer(item.stash[_LOG_SIZE]) if isinstance(hotline, Attentive) else ""
        if line:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, f"the machine was too busy: {line}")
    return report


def seen_by_the_hotline(hotline: RunningHotline) -> list[tuple[str, str]]:
    """Return the records of the latest calls and the end of the engine's log, for the report of a failure."""
    log = Home(hotline.home).log / "engine.log"
    try:
        records = "\n".join(json.dumps(record, ensure_ascii=False) for record in hotline.calls()[-3:])
    except (OSError, control_client.NotRunning, control_client.RequestRefused) as error:
        records = str(error)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return [("the latest records", records), ("the end of the engine's log", "\n".join(lines[-30:]))]


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
        self._reloaded = False  # with the registry of one test
        self.port = free_udp_port()  # of the carrier, which the test opens

    def hotline(self, numbers: dict[str, Any] | None = None) -> SharedHotline:
        """Give the hotline to a test; ``numbers`` is the test's own registry."""
        if self._hotline is None:
            self._hotline = self._stack.enter_context(SharedHotline(f"127.0.0.1:{self.port}", common_registry()))
        if numbers or self._reloaded:
            self._hotline.put_in_force(numbers or common_registry())
            self._reloaded = bool(numbers)
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
        self._hotline, self._reloaded = None, False
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
    if request.node.get_closest_marker("reloaded_hotline"):
        return True
    return numbers is ordinary_registry() and not request.node.get_closest_marker("own_hotline")


@pytest.fixture
def carrier(phones: Phones, shares: bool, hotline_keeper: HotlineKeeper) -> Carrier:
    return Carrier(phones, port=hotline_keeper.port if shares else 0)


@pytest.fixture
def hotline(
    phones: Phones, carrier: Carrier, numbers: dict[str, Any], shares: bool, hotline_keeper: HotlineKeeper
) -> Iterator[RunningHotline]:
    if shares:
        hotline = hotline_keeper.hotline(None if numbers is ordinary_registry() else numbers)
        carrier.hotline = hotline.server
        yield hotline
        phones.reset()  # before the registrar stops
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
