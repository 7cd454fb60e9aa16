"""Page, desk process and engine die during a call: citizen and agent talk on, or the next agent takes the call."""

import pytest
from playwright.sync_api import Browser

from testkit.desk_page import logged_in
from testkit.hotline import processes
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SILENCE, SOUND, Carrier, Phones
from tests.calls.desk.conftest import OTHER_BOSS

pytestmark = pytest.mark.xdist_group("desk-calls")  # because the tests share a hotline


def test_a_page_that_does_not_come_back_loses_no_caller(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline, browser: Browser
) -> None:
    """Desk process and engine die, too: the citizen hears music, and then talks with the next agent."""
    desk = logged_in(browser, hotline, "zhao", "agent", "8001")
    boss = logged_in(browser, hotline, "qian", "supervisor", OTHER_BOSS)
    desk.sign_in_here()
    citizen = carrier.call("12333", "13800000020")
    phones.until(lambda: desk.shows(".ringing .acts"), 30, "the page rings")
    desk.page.keyboard.press("F2")
    phones.until(lambda: citizen.hears_only("page"), 10, "the citizen hears the page")
    boss.page.goto(f"https://{hotline.desk}/supervisor")
    phones.until(lambda: "12333" in boss.text(".supervisor-page"), 20, "the supervisor sees the call")
    boss.button("监听").click()
    phones.until(lambda: boss.hears_tone(phones.tones[citizen.name]), 30, "the supervisor hears the citizen")
    since = citizen.heard.seconds
    processes.desk(hotline).suspend()  # the supervisor process kills the desk process
    both = (desk, boss)
    phones.until(
        lambda: all(page.shows(".link .mark") for page in both), 60, "the pages say that the connection is lost"
    )
    phones.until(lambda: not any(page.shows(".link .mark") for page in both), 40, "the pages are back by themselves")
    phones.until(lambda: citizen.hears_only("page", seconds=3), 20, "citizen and agent have talked on")
    silences = [span.seconds for span in citizen.heard.timeline(since) if span.parties == SILENCE]
    assert max(silences, default=0) <= 0.5, "citizen and agent heard each other all the time"
    assert boss.barriers() == []
    boss.button("退出监听").click()  # the new process knows that the supervisor listens
    phones.until(lambda: boss.button("监听").is_visible(), 20, "the supervisor has left")
    other = seat("8002")
    processes.engine(hotline).kill()
    desk.context.close()
    phones.until(lambda: citizen.hears_only(SOUND), 15, "the restarted engine plays music to the citizen")
    processes.engine(hotline).kill()
    boss.page.goto(f"https://{hotline.desk}/wall")
    boss.page.wait_for_selector(".figure")
    assert boss.barriers() == []
    phones.until(lambda: other.ringing, 45, "the next agent rings")
    other.answer()
    phones.until(lambda: citizen.hears_only(other) and other.hears_only(citizen), 10, "they talk")
    assert boss.faults == []
