"""A call goes on when its page is reloaded at each stage, crashes, moves to another tab, or loses its network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from testkit.cable import Cable
from testkit.desk_page import DeskPage, logged_in
from testkit.hotline.running import RunningHotline
from testkit.phones import SOUND, Carrier, PhoneCall, Phones
from tests.calls.desk.conftest import record_of

CALLER = "13800000030"

pytestmark = pytest.mark.xdist_group("desk-calls")  # because the tests share a hotline


@pytest.fixture
def cable(hotline: RunningHotline) -> Iterator[Cable]:
    """The page's way to the desk."""
    with Cable(hotline.desk) as cable:
        yield cable


def test_a_reloaded_page_is_in_its_call_again_at_each_stage(
    phones: Phones, carrier: Carrier, hotline: RunningHotline, browser: Browser, cable: Cable
) -> None:
    """The stages: ringing, hold, consult, and wrap-up (话后整理)."""
    center = carrier.center("12313", name="center")
    desk = logged_in(browser, hotline, "zhou", "agent", "8003", server=cable.address)
    page, press = desk.page, desk.page.keyboard.press
    desk.sign_in_here()
    citizen = carrier.call("12333", CALLER)
    phones.until(lambda: desk.shows(".ringing .acts"), 30, "the page rings")
    page.reload()
    phones.until(lambda: desk.shows(".ringing .acts"), 10, "the reloaded page rings")
    press("F2")
    phones.until(lambda: citizen.hears_only("page"), 10, "citizen and page talk")

    goes_to_another_tab_and_back(phones, desk, citizen)
    loses_the_desk(phones, desk, citizen, cable)
    changes_the_network(phones, desk, citizen, cable)
    desk.crash()
    phones.until(lambda: desk.hears_tone(phones.tones[citizen.name]), 30, "the page in the new tab is in the call")
    phones.until(lambda: citizen.hears_only("page"), 20, "page and citizen hear each other")
    page, press = desk.page, desk.page.keyboard.press

    phones.until(lambda: "保持" in desk.text(".in-call .acts"), 10, "the page shows that they talk")
    press("F4")
    phones.until(lambda: citizen.hears_only(SOUND), 10, "the citizen is held")
    held = citizen.heard.seconds
    page.reload()
    phones.until(lambda: "恢复通话" in desk.text(".in-call .acts"), 10, "the page is back, and the call still held")
    phones.until(lambda: citizen.hears_only(SOUND), 10, "the citizen hears music again")
    assert "page" not in {span.parties for span in citizen.heard.timeline(held)}, (
        "the citizen hears no word of the agent"
    )
    press("F4")
    phones.until(lambda: citizen.hears_only("page"), 10, "the agent resumes the call")

    phones.until(lambda: "保持" in desk.text(".in-call .acts"), 10, "the page shows that they talk")
    press("F6")
    page.wait_for_selector("dialog[open]")
    page.keyboard.type("12313")
    page.wait_for_selector("#reach-12313[aria-selected=true]")
    press("Enter")
    phones.until(lambda: center.hears_only("page"), 20, "the center hears the page")
    page.reload()
    phones.until(lambda: citizen.hears_only("page", center), 10, "all three talk, and nobody hears music")
    phones.until(lambda: desk.button("请出第三方").is_visible(), 10, "the page shows the three-way")
    desk.button("请出第三方").click()
    phones.until(lambda: center.call.ended and citizen.hears_only("page"), 15, "the center has left the call")

    press("F10")
    phones.until(lambda: citizen.ended and desk.shows(".results .choice"), 10, "the call is over")
    phones.until(lambda: desk.shows(".badge.wrap-up"), 10, "the agent is in wrap-up")
    page.reload()
    phones.until(lambda: desk.shows(".results .choice"), 10, "the page asks again how the call ended")
    record = record_of(phones, hotline, CALLER)
    assert [(leg["kind"], leg["target"], leg["result"]) for leg in record["legs"]] == [
        ("general", "8003", "no-answer"), ("general", "8003", "answered"), ("consult", "12313", "answered")
    ]  # fmt: skip
    assert desk.faults == []


def loses_the_desk(phones: Phones, desk: DeskPage, citizen: PhoneCall, cable: Cable) -> None:
    """Citizen and page talk on while the page has no connection to the desk, because the sound bypasses the desk."""
    since = citizen.heard.seconds
    cable.cut()
    phones.until(lambda: desk.shows(".link .mark"), 30, "the page says that the connection is lost")
    phones.until(lambda: citizen.hears_only("page", seconds=2), 30, "citizen and page have talked on")
    cable.mend()
    phones.until(lambda: not desk.shows(".link .mark"), 30, "the page has connected again by itself")
    phones.until(lambda: desk.shows(".phone-bar .state.ready"), 30, "so has the phone in the page")
    assert SOUND not in {span.parties for span in citizen.heard.timeline(since)}, "the citizen hears no music"


def changes_the_network(phones: Phones, desk: DeskPage, citizen: PhoneCall, cable: Cable) -> None:
    """Sound, SIP and the desk's connection stop without an error: the citizen hears music meanwhile."""
    cable.unplug()
    desk.stop_sending_sound()
    phones.until(lambda: citizen.hears_only(SOUND), 30, "the citizen hears music")
    phones.until(lambda: desk.shows(".link .mark"), 30, "the page says that the connection is lost")
    cable.mend()
    phones.until(lambda: citizen.hears_only("page"), 20, "citizen and page talk again")
    phones.until(lambda: desk.hears_tone(phones.tones[citizen.name]), 20, "page and citizen hear each other")


def goes_to_another_tab_and_back(phones: Phones, desk: DeskPage, citizen: PhoneCall) -> None:
    """Each tab shows which tab has the phone; a tab that is closed gives the phone to the remaining tab."""
    other = desk.context.new_page()
    other.goto(f"https://{desk.server}/")
    other.get_by_role("button", name="改在此处接听").click()
    desk.page.get_by_text("已在其他标签页").wait_for(timeout=30_000)  # the first tab was reloaded
    phones.until(lambda: citizen.hears_only("page"), 10, "the call is in the second tab")
    other.close()
    phones.until(lambda: desk.shows(".phone-bar .state.ready"), 10, "the phone is back in the first tab")
    phones.until(lambda: desk.hears_tone(phones.tones[citizen.name]), 20, "the first tab is in the call")
    phones.until(lambda: citizen.hears_only("page"), 20, "page and citizen hear each other")
