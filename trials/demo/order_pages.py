"""The pages of an agent, a supervisor and a person of a unit, in a real browser, for the demo's closed loop."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Error

from ivr.shipped import RECORDINGS
from ivr.texts import _
from testkit.desk_page import DeskPage, chromium_running, logged_in
from trials.demo.demo_call import DemoCall

_WAIT = 30  # seconds for an act of a page


class OrderPage:
    """A person's work orders in a browser."""

    def __init__(self, story: DemoCall, desk: DeskPage, owner: str) -> None:
        self._story, self.desk, self._owner = story, desk, owner
        desk.page.set_default_timeout(1000 * _WAIT)

    def presses(self, button: str) -> None:
        """Press a button of the page."""
        self._story.narrator.tell(self._owner, _("presses “{button}”").format(button=button))
        self.desk.button(button).click()

    def fills_in(self, fields: dict[str, str]) -> None:
        """Fill in the fields of the open dialog, and send it."""
        for name, words in fields.items():
            self.desk.page.fill(f"dialog [name={name}]", words)
        self.desk.page.click("dialog button.main")
        self.desk.page.wait_for_selector("dialog", state="detached")

    def opens(self, order: str) -> None:
        """Choose a work order in the list of all work orders."""
        page = self.desk.page
        if not page.url.endswith("/orders"):
            page.goto(f"https://{self.desk.server}/orders")
        page.select_option(".order-list select", "")
        page.click(f".order-line:has-text('{order}')")

    def shows(self, order: str, state: str) -> None:
        """Open a work order, and wait until the page shows this state."""
        self.opens(order)
        event = _("the page shows: {words}").format(words=state)
        self._story.until(lambda: state in self.desk.text(".order header"), _WAIT, event)
        self._story.narrator.tell(self._owner, event)


@dataclass
class OrderPages:
    """The three pages."""

    agent: OrderPage
    supervisor: OrderPage
    unit: OrderPage


@contextmanager
def order_pages(story: DemoCall, unit: str) -> Iterator[OrderPages]:
    """Open the pages of an agent at seat 8001, a supervisor and a person of a unit.

    Raises:
        AssertionError: a page did not act as expected.
    """
    hotline = story.stage.hotline
    with chromium_running(RECORDINGS / "zh" / "beep.wav") as browser:  # nobody listens to its microphone
        try:
            yield OrderPages(
                OrderPage(story, logged_in(browser, hotline, "wang", "agent", "8001"), _("the agent's page")),
                OrderPage(story, logged_in(browser, hotline, "li", "supervisor"), _("the supervisor's page")),
                OrderPage(story, logged_in(browser, hotline, "zhang", "unit", unit=unit), _("the unit's page")),
            )
        except Error as error:
            raise AssertionError(str(error)) from error
