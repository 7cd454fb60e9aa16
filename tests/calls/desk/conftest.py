"""One hotline and one browser for all tests of this folder; each test ends its calls and signs its seats out."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from testkit.desk_page import chromium_running
from testkit.hotline.leaks import leaks
from testkit.hotline.quick_registry import PATIENT, quick_registry
from testkit.hotline.running import ROOT, RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones

BOSS, OTHER_BOSS = "8030", "8029"


def pytest_runtest_setup() -> None:
    """Skip tests of the page if set-up could not build it."""
    if not (ROOT / "ivr/desk/static/index.html").exists():
        pytest.skip("make setup could not build the page")


@pytest.fixture(scope="package")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with Phones(tmp_path_factory.mktemp("phones")) as phones:
        yield phones


@pytest.fixture(scope="package")
def carrier(phones: Phones) -> Carrier:
    return Carrier(phones)


@pytest.fixture(scope="package")
def numbers() -> dict[str, Any]:
    """Return a registry in which phones ring long enough for a browser, with two supervisor seats and a wrap-up."""
    quick = quick_registry(timers={**PATIENT, "wrapup": 60})
    seats = [{**seat, "supervisor": True} if seat["number"] in (BOSS, OTHER_BOSS) else seat for seat in quick["seats"]]
    return {**quick, "seats": seats, "callbacks": {"hours": "00:00-24:00"}, "alarms": {"wait": 3}}


@pytest.fixture(scope="package")
def hotline(phones: Phones, carrier: Carrier, numbers: dict[str, Any]) -> Iterator[RunningHotline]:
    with RunningHotline(carrier.address, numbers, with_desk=True) as hotline:
        carrier.hotline = hotline.server
        yield hotline
        phones.reset()
        assert not leaks(hotline.home)


@pytest.fixture(scope="package")
def browser(phones: Phones) -> Iterator[Browser]:
    """Give a browser whose microphone sends the tone "page"."""
    phones.tones["page"] = phones.free_tone("page")
    with chromium_running(phones.tone_file(phones.tones["page"])) as browser:
        yield browser


@pytest.fixture
def seat(hotline: RunningHotline, phones: Phones) -> SeatPhones:
    return SeatPhones(hotline, phones)


@pytest.fixture(autouse=True)
def _leaves(hotline: RunningHotline, phones: Phones, browser: Browser) -> Iterator[None]:
    """End the calls and sign-ins of a test."""
    yield
    for call in phones.calls:
        if not call.ended:
            call.hang_up()
    for context in browser.contexts:
        context.close()
    for row in hotline.ask("status")["seats"]:
        if row["signed_in"]:
            hotline.ask("act", act="seat.sign-out", seat=row["seat"], by="test", args={})
    phones.until(lambda: not hotline.ask("live")["channels"], 60, "every call of the test is over")


def record_of(phones: Phones, hotline: RunningHotline, caller: str) -> dict[str, Any]:
    """Wait until the latest call of a caller is over, and return its record."""
    found = lambda: [record for record in hotline.records(1) if record["caller"] == caller]  # noqa: E731
    return dict(phones.until(found, 20, f"the call of {caller} is recorded")[-1])
