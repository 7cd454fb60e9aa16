"""An agent in a real browser between calls: settings, busy reasons, messages, callbacks, the history."""

import json

import pytest
from playwright.sync_api import Browser

from testkit.desk_page import PASSWORD, DeskPage, logged_in
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones, SeatPhone
from tests.calls.desk.conftest import record_of

GONE, LEFT, LED_ON = "13800005678", "13800005679", "13800005680"
SEAT = "8002"

pytestmark = pytest.mark.xdist_group("desk-calls")  # because the tests share a hotline


def test_an_agents_work_between_the_calls(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline, browser: Browser
) -> None:
    center, agent = carrier.center("12313", name="center"), seat(SEAT, name="agent", signs_in=False)
    message = carrier.call("12369", LEFT, name="message")
    desk = logged_in(browser, hotline, "sun", "agent", SEAT)
    page = desk.page
    chooses_how_the_page_looks(desk)
    tries_the_headset(phones, desk)
    leaves_a_message(phones, message)

    desk.sign_in_here()
    chooses_a_busy_reason(phones, desk)
    connects_citizen_and_center(phones, carrier, hotline, desk)
    program = DeskClient(hotline.desk)
    assert program.sign_in("sun", PASSWORD).status == 200
    gone = carrier.call("12369", GONE, name="gone")
    phones.until(lambda: desk.shows(".ringing .acts"), 30, "the page rings")
    desk.button("拒接").click()
    phones.until(lambda: not desk.shows(".ringing .acts"), 30, "the page rings no more")
    desk.button("签出").click()
    phones.until(lambda: desk.button("签入").is_visible(), 20, "the agent is signed out")
    gone.hang_up()
    settles_the_message(phones, desk)

    page.get_by_role("combobox", name="话机").select_option("own")
    desk.button("签入").click()
    phones.until(lambda: desk.shows(".badge.ready"), 20, "the seat is ready, with its own phone")
    calls_back(phones, carrier, desk, agent, program)
    reads_the_own_calls(phones, desk)
    page.get_by_role("tab", name="同事").click()
    assert desk.barriers() == []
    desk.button("退出登录").click()
    page.wait_for_selector("[name=password]")
    assert desk.faults == []
    assert not center.talking
    is_in_the_report(hotline)


def chooses_how_the_page_looks(desk: DeskPage) -> None:
    """English, dark colours and the largest letters each meet WCAG."""
    page = desk.page
    for label, value in (("语言", "en"), ("Colours", "dark"), ("Letters", "largest")):
        page.get_by_role("combobox", name=label).select_option(value)
    page.get_by_role("button", name="Sign in").wait_for()
    page.get_by_role("tab", name="Callbacks").click()
    assert desk.barriers() == []
    for label, value in (("Letters", "normal"), ("Colours", "system"), ("Language", "zh")):
        page.get_by_role("combobox", name=label).select_option(value)
    desk.button("签入").wait_for()


def tries_the_headset(phones: Phones, desk: DeskPage) -> None:
    """The level shows the sound of the microphone; the agent chooses the ringing device separately."""
    desk.button("耳麦").click()
    level = desk.page.locator("dialog meter")
    phones.until(lambda: float(level.evaluate("meter => meter.value")) > 0.05, 20, "the microphone hears a sound")
    assert desk.barriers() == []
    desk.page.get_by_label("来电振铃设备").select_option(index=0)
    box = desk.page.get_by_label("降噪并自动调节音量")
    box.click()
    box.click()
    desk.page.click("dialog form button")


def leaves_a_message(phones: Phones, citizen: PhoneCall) -> None:
    """A citizen leaves a message, because no agent is signed in."""
    phones.until(lambda: has_heard(citizen, "leave-message"), 60, "the citizen is asked for a message")
    phones.until(lambda: citizen.hears_only(seconds=0.8), 15, "the tone has sounded")
    begun = citizen.heard.seconds
    phones.until(lambda: citizen.heard.seconds > begun + 2, 30, "the citizen speaks")
    citizen.hang_up()


def chooses_a_busy_reason(phones: Phones, desk: DeskPage) -> None:
    for reason in ("休息", "用餐", "会议", "培训", "案头工作"):
        desk.button("置忙……").click()
        desk.button(reason).click()
        phones.until(
            lambda reason=reason: f"置忙 · {reason}" in desk.text(".badge"), 20, "the seat is busy, with the reason"
        )
        desk.button("置闲").click()
        phones.until(lambda: desk.shows(".badge.ready"), 20, "the seat is ready")


def connects_citizen_and_center(phones: Phones, carrier: Carrier, hotline: RunningHotline, desk: DeskPage) -> None:
    """The agent connects citizen and center and leaves the call, and the record has the connection."""
    center = carrier.centers["12313"]
    citizen = carrier.call("12369", LED_ON, name="led on")
    phones.until(lambda: desk.shows(".ringing .acts"), 30, "the page rings")
    desk.page.keyboard.press("F2")
    phones.until(lambda: citizen.hears_only("page"), 20, "they talk")
    desk.page.keyboard.press("F6")
    desk.page.locator("dialog input[role=combobox]").fill("12313")
    desk.page.wait_for_selector("#reach-12313[aria-selected=true]")
    desk.page.keyboard.press("Enter")
    phones.until(lambda: center.calls and center.hears_only("page"), 30, "the center hears the agent")
    desk.button("退出，由双方继续通话").click()
    phones.until(lambda: center.hears_only(citizen) and citizen.hears_only(center), 30, "citizen and center talk")
    phones.until(lambda: desk.shows(".results .choice"), 20, "the agent is out of the call")
    desk.button("下一个来电").click()
    phones.until(lambda: desk.shows(".badge.ready"), 20, "the agent is ready")
    citizen.hang_up()
    legs = record_of(phones, hotline, LED_ON)["legs"]
    assert [(leg["kind"], leg["target"]) for leg in legs] == [("general", SEAT), ("consult", "12313")]


def settles_the_message(phones: Phones, desk: DeskPage) -> None:
    desk.page.get_by_role("tab", name="留言").click()
    row = desk.page.locator("ul[aria-label=留言] li").filter(has_text="138****5679")
    row.wait_for(timeout=60_000)
    assert desk.barriers() == []
    played = "sound => { sound.muted = true; return sound.play().then(() => sound.duration) }"
    assert row.locator("audio").evaluate(played) > 1, "the message is heard"
    row.get_by_role("button", name="已听取并处理").click()
    phones.until(lambda: row.count() == 0, 20, "the message is settled")


def calls_back(phones: Phones, carrier: Carrier, desk: DeskPage, agent: SeatPhone, program: DeskClient) -> None:
    """The agent's phone rings, then the citizen's; the agent gives the result in the page."""
    citizen = carrier.center(GONE, name="called back", answers=False)
    desk.page.get_by_role("tab", name="回拨").click()
    row = desk.page.locator("ul[aria-label=回拨] li").filter(has_text="138****5678")
    row.wait_for(timeout=60_000)
    assert desk.barriers() == []
    row.get_by_role("button", name="回拨").click()
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings first")
    agent.answer()
    phones.until(lambda: citizen.ringing, 30, "then the citizen's")
    citizen.call.answer()
    phones.until(lambda: agent.hears_only(citizen) and citizen.hears_only(agent), 20, "they talk")
    phones.until(lambda: desk.button("号码有误").is_visible(), 20, "the page shows the callback")
    assert program.act("callback.result", result="again").code == "not-asked"
    assert program.act("call.consult", number="13912345678").code == "unreachable", (
        "a program consulted an unregistered number"
    )
    citizen.hang_up()
    phones.until(lambda: has_heard(agent.call, "callback-result"), 20, "the agent is asked for the result")
    desk.button("号码有误").click()
    phones.until(lambda: agent.call.ended, 20, "the agent is free")
    phones.until(lambda: row.count() == 0, 30, "the callback is done")


def reads_the_own_calls(phones: Phones, desk: DeskPage) -> None:
    desk.page.get_by_role("tab", name="我的话务").click()
    listed = lambda: desk.page.locator("ul[aria-label=我的话务] li").count()  # noqa: E731
    phones.until(lambda: listed() > 0, 20, "the own calls are listed")
    search = desk.page.get_by_label("搜索我的话务")
    search.fill("nothing of that kind")
    search.press("Enter")
    phones.until(lambda: listed() == 0, 20, "the search finds none")
    search.fill("5680")
    search.press("Enter")
    phones.until(lambda: listed() == 1, 20, "the search finds the call")


def is_in_the_report(hotline: RunningHotline) -> None:
    """The activity report has the agent's times, from the lines that Asterisk wrote."""
    found = json.loads(hotline.ivr("report", "--by", "agent", "--json").stdout)["rows"]
    (row,) = [row for row in found if row["key"] == SEAT]
    assert (row["calls"], row["callbacks"]) == (1, 1)
    for figure in ("talk_s", "occupancy"):
        assert row[figure] > 0, (figure, row)
    states = row["talk_s"] + row["hold_s"] + row["wrap_up_s"] + row["busy_s"]
    assert states <= row["signed_in_s"] + 1, "a seat is in one state at a time"
