"""Desks that serve without a hotline, browsers, and people who are signed in."""

import shutil
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser

from ivr.people import password_hash
from ivr.people.rights import Role
from ivr.shipped import ORDERS
from testkit.desk_page import DeskPage, chromium_running
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running import ROOT
from testkit.hotline.running_desk import PASSWORD, SEATS, RunningDesk

UNIT = "市人社局"
STATIC = ROOT / "ivr/desk/static"


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Hashes of passwords that cost next to nothing; `test_passwords_are_kept_as_argon2id` looks at the real ones."""
    real = password_hash.hasher
    password_hash.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    password_hash.placeholder_hash.cache_clear()
    yield
    password_hash.hasher = real
    password_hash.placeholder_hash.cache_clear()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    running = RunningDesk(tmp_path_factory.mktemp("desk"))
    running.start()
    for role in Role:
        unit = UNIT if role is Role.UNIT else None
        running.add(role.value, role, seat=SEATS.get(role.value), unit=unit)
    running.add("other", Role.AGENT, seat=SEATS["other"])
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for a module's tests, which open their own windows.

    While it is open, an event loop runs in this process, so that no asynchronous test could run.
    """
    with chromium_running(tmp_path_factory.mktemp("browser") / "no-microphone.wav") as browser:
        yield browser


@pytest.fixture(scope="session")
def page_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk with the built page, and with a policy officer in orders.yaml."""
    if not (STATIC / "index.html").exists():
        pytest.skip("make setup could not build the page")
    ledger = "  ledger: [complaint, report]\n"
    officer = "  officers:\n    - { name: 李专员, unit: 市税务局, topics: [留抵退税] }\n"
    orders = ORDERS.read_text(encoding="utf-8").replace(ledger, ledger + officer)
    running = RunningDesk(tmp_path_factory.mktemp("page-desk"), orders)
    shutil.copytree(STATIC, running.page, dirs_exist_ok=True)
    running.start()
    for role in (Role.AGENT, Role.SUPERVISOR, Role.ADMIN):
        running.add(role.value, role, seat=SEATS.get(role.value))
    for user, unit in {"unit": UNIT, "tax": "市税务局"}.items():
        running.add(user, Role.UNIT, unit=unit)
    yield running
    running.stop()


def window(browser: Browser, desk: RunningDesk, user: str) -> DeskPage:
    """A window in which a person is signed in."""
    page = DeskPage(browser, desk.address)
    page.open()
    page.log_in(user, PASSWORD)
    return page


@pytest.fixture(scope="session")
def clients(desk: RunningDesk) -> dict[str, DeskClient]:
    """Return a signed-in browser of each role, and of a second agent."""
    return {user: desk.client(user) for user in (*(role.value for role in Role), "other")}
