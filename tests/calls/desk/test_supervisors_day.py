"""A supervisor in a real browser pulls, listens, whispers, barges in, takes over, ends calls, and sends messages."""

import pytest
from playwright.sync_api import Browser

from testkit.desk_page import DeskPage, logged_in
from testkit.hotline.desk import talk
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones, SeatPhone
from tests.calls.desk.conftest import BOSS, record_of

PULLED = "13800000042"
EVIL = "<img src=x onerror=alert(1)>"

pytestmark = pytest.mark.xdist_group("desk-calls")  # because the tests share a hotline


def test_a_supervisor_leads_the_team_from_the_page(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline, browser: Browser
) -> None:
    agent = seat("8004", name="agent", calls=1)
    boss = logged_in(browser, hotline, "li", "supervisor", BOSS)
    boss.page.goto(f"https://{hotline.desk}/supervisor")
    boss.page.wait_for_selector(".supervisor-page")
    web = lambda: next(row for row in hotline.ask("live")["seats"] if row["seat"] == BOSS)["web_phone"]  # noqa: E731
    phones.until(lambda: web() == "online", 30, "the phone in the supervisor's page is online")
    first = carrier.call("12333", "13800000041")
    phones.until(lambda: agent.ringing, 30, "the agent's phone rings")
    agent.answer()
    talk(phones, first, agent)
    watches(phones, boss, first, agent)

    second = pulls(phones, carrier, boss, agent)
    boss.button("监听").click()
    phones.until(lambda: boss.hears_tone(phones.tones[second.name]), 15, "the supervisor hears the second citizen")
    boss.button("结束通话").click()
    phones.until(lambda: agent.call.ended, 15, "the supervisor has ended the call")
    phones.until(lambda: second.ended, 20, "the citizen's call is over, too")
    takes_care_of_an_alarm(carrier, hotline, boss)
    leads(phones, boss)
    hears_the_recording(phones, hotline, boss)
    reads_the_wall(hotline, boss)
    assert boss.barriers() == []
    assert boss.faults == [], "no script of a message ran, and nothing was refused"


def reads_the_wall(hotline: RunningHotline, boss: DeskPage) -> None:
    """The wall shows the calls of today by mode and by number, and the trunk as up."""
    boss.page.goto(f"https://{hotline.desk}/wall")
    for title in ("双号并行", "12333", "中继正常"):
        boss.page.locator(".figure", has_text=title).first.wait_for(timeout=60_000)
    assert boss.page.locator(".figure.alarm", has_text="中继正常").count() == 0


def watches(phones: Phones, boss: DeskPage, citizen: PhoneCall, agent: SeatPhone) -> None:
    """The supervisor presses each button, and the parties that hear each other change."""
    boss.button("监听").click()
    phones.until(lambda: boss.hears_tone(phones.tones[citizen.name]), 15, "the supervisor hears the citizen")
    phones.until(lambda: citizen.hears_only(agent), 15, "the citizen hears the agent alone")
    boss.button("耳语").click()
    phones.until(
        lambda: agent.hears_only(citizen, "page") and citizen.hears_only(agent),
        10,
        "only the agent hears the supervisor",
    )
    boss.button("插话").click()
    phones.until(lambda: citizen.hears_only(agent, "page"), 10, "agent and citizen hear the supervisor")
    boss.button("接管").click()
    phones.until(lambda: agent.call.ended and citizen.hears_only("page"), 15, "the supervisor has taken over the call")
    phones.until(lambda: boss.hears_tone(phones.tones[citizen.name]), 10, "supervisor and citizen hear each other")
    citizen.hang_up()
    phones.until(boss.hears_nothing, 15, "the supervisor's phone is free")


def pulls(phones: Phones, carrier: Carrier, boss: DeskPage, agent: SeatPhone) -> PhoneCall:
    """A caller waits while the agent is in wrap-up; the supervisor pulls the caller to that agent."""
    citizen = carrier.call("12369", PULLED, name="second")
    choice = boss.page.locator("select").filter(has_text="转给座席")
    choice.wait_for(timeout=60_000)
    phones.poll()
    choice.select_option("8004")
    boss.button("调派").click()
    phones.until(lambda: agent.ringing, 10, "the seat rings")
    agent.answer()
    talk(phones, citizen, agent)
    return citizen


def takes_care_of_an_alarm(carrier: Carrier, hotline: RunningHotline, boss: DeskPage) -> None:
    """A citizen waits for too long, because the agent is in wrap-up: the page shows the alarm."""
    waits = carrier.call("12369", "13800000043", name="third")
    boss.page.locator(".alarm-line.loud").first.wait_for(timeout=60_000)
    boss.button("确认").first.click()
    boss.page.fill("#alarm-note", "I answer it")
    boss.page.locator("dialog button.main").click()
    boss.page.locator(".alarm-line", has_text="li 正在处理 I answer it").wait_for(timeout=60_000)
    alarms = [
        alarm for alarm in hotline.json("alarms", "list") if alarm["kind"] == "wait"
    ]  # earlier tests may have had one
    assert [alarm["note"] for alarm in alarms if alarm["acknowledged_by"] == "li"] == ["I answer it"]
    waits.hang_up()


def leads(phones: Phones, boss: DeskPage) -> None:
    """The supervisor sends a message to all, and changes groups and state of a seat."""
    page = boss.page
    page.get_by_label("内容").fill(EVIL)
    boss.button("发送").click()
    phones.until(lambda: EVIL in boss.text(".toast.message"), 10, "the message is shown as text")
    page.get_by_label("收件人").select_option(BOSS)
    page.get_by_label("内容").fill("to one seat")
    boss.button("发送").click()
    page.locator(".toast.message", has_text="to one seat").wait_for()
    row = boss.page.locator("tr").filter(has_text="8004")
    for button, shown in (("置闲", "置闲"), ("置忙", "置忙"), ("置闲", "置闲")):  # because the seat was in wrap-up
        row.get_by_role("button", name=button, exact=True).click()
        row.locator(".state", has_text=shown).wait_for()
    row.locator("summary").click()
    box = page.get_by_role("group", name="座席 8004 的座席组").get_by_role("checkbox").nth(1)
    box.click()
    phones.until(box.is_checked, 10, "the seat serves another group, too")
    box.click()
    phones.until(lambda: not box.is_checked(), 10, "the seat serves the other group no more")


def hears_the_recording(phones: Phones, hotline: RunningHotline, boss: DeskPage) -> None:
    """The supervisor hears the recording of the pulled call: waveform, marks, seeking, speed."""
    assert record_of(phones, hotline, PULLED)["pulled_by"] == BOSS
    page = boss.page
    page.locator(".recordings input").first.fill("12369")
    page.locator(".recordings input").nth(1).fill("8004")
    boss.button("查找").click()
    boss.button("播放").click()
    page.wait_for_selector(".waveform path")
    assert "调派" in boss.text(".recordings .quiet")
    page.locator(".marks button").first.click()
    page.get_by_label("速度").select_option("2")
    page.get_by_label("录音位置").fill("1")
    assert page.evaluate("(document.querySelector('.player audio')).playbackRate") == 2
    assert page.evaluate("(document.querySelector('.player audio')).currentTime") == 1
