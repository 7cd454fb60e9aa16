"""The desk in a real browser, with WebRTC sound both ways: an agent's call from the first ring to the result."""

import os
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from testkit.desk_page import DeskPage, chromium_running, logged_in
from testkit.hotline import processes
from testkit.hotline.leaks import leaks
from testkit.hotline.running import ROOT, RunningHotline
from testkit.phones import SOUND, Carrier, Phones
from testkit.phones.carrier import Center
from tests.calls.conftest import PATIENT, SeatPhones, quick_registry

BOSS = "8030"
BACK = 3.0  # seconds in which a page that was loaded anew is in its call again

pytestmark = pytest.mark.skipif(
    not (ROOT / "ivr/desk/static/index.html").exists(), reason="make setup could not build the page"
)


@pytest.fixture
def numbers() -> dict[str, Any]:
    """One of the seats is a supervisor's; phones ring long enough for a browser."""
    quick = quick_registry(timers=PATIENT)
    seats = [{**seat, "supervisor": True} if seat["number"] == BOSS else seat for seat in quick["seats"]]
    return {**quick, "seats": seats}


@pytest.fixture
def hotline(phones: Phones, carrier: Carrier, numbers: dict[str, Any]) -> Iterator[RunningHotline]:
    with RunningHotline(carrier.address, numbers, with_desk=True) as hotline:
        carrier.hotline = hotline.server
        yield hotline
        phones.reset()
        assert not leaks(hotline.home)


@pytest.fixture
def browser(phones: Phones) -> Iterator[Browser]:
    """A browser whose microphone sends the tone "page"."""
    phones.tones["page"] = phones.free_tone("page")
    with chromium_running(phones.tone_file(phones.tones["page"])) as browser:
        yield browser


def test_an_agents_call_in_the_page(
    phones: Phones, carrier: Carrier, hotline: RunningHotline, browser: Browser
) -> None:
    """Before answering, in the call, hold, consult, three-way, the page loaded anew, after: by the keyboard alone."""
    center = carrier.center("12313", name="center")
    desk = logged_in(browser, hotline, "wang", "agent", "8001")
    page, press = desk.page, desk.page.keyboard.press
    desk.sign_in_here()
    assert desk.barriers() == []

    citizen = carrier.call("12333", "13800000001")
    tone = phones.tones[citizen.name]
    phones.until(lambda: desk.shows(".ringing .acts"), 30, "the page rings")
    told = desk.text(".caller")
    assert "12333" in told and "您好" in told and "138****0001" in told and "双号并行" in told
    assert desk.barriers() == []
    press("F2")
    phones.until(lambda: citizen.hears_only("page") and desk.hears_tone(tone), 10, "citizen and page talk")
    page.fill("textarea", "路灯不亮")
    phones.until(lambda: desk.text("[role=status].saved") == "已保存", 10, "the note saves itself")

    makes_a_work_order(phones, desk)
    press("F4")
    phones.until(lambda: citizen.hears_only(SOUND), 10, "the citizen hears music")
    phones.until(lambda: "恢复通话" in desk.text(".in-call .acts"), 10, "the page shows that the call is held")
    press("F4")
    phones.until(lambda: citizen.hears_only("page"), 10, "the citizen is back")

    phones.until(lambda: "保持" in desk.text(".in-call .acts"), 10, "the page shows that they talk")
    press("F6")
    page.wait_for_selector("dialog[open]")
    assert desk.barriers() == []
    page.keyboard.type("12313")
    page.wait_for_selector("#reach-12313[aria-selected=true]")
    press("Enter")
    phones.until(lambda: center.hears_only("page"), 20, "the center hears the page")
    phones.until(lambda: desk.shows(".acts.consult"), 10, "the page shows the consult")
    assert citizen.hears_only(SOUND)
    press("F6")
    phones.until(
        lambda: center.hears_only("page", citizen) and citizen.hears_only("page", center), 10, "all three talk"
    )

    loaded = time.monotonic()
    page.reload()
    phones.until(
        lambda: center.hears_only("page", citizen) and citizen.hears_only("page", center), 15, "all three again"
    )
    assert time.monotonic() - loaded < BACK + 1, "the last tenth of it is what the ear takes to be sure"
    phones.until(lambda: page.input_value("textarea") == "路灯不亮", 10, "the note is there again")
    center.hang_up()
    phones.until(lambda: citizen.hears_only("page"), 10, "the center has left")

    press("F10")
    phones.until(lambda: citizen.ended and desk.shows(".results .choice"), 10, "the call is over")
    assert desk.barriers() == []
    page.check(".results .choice:first-of-type input")
    press("F2")
    phones.until(lambda: desk.shows(".panel.idle"), 10, "ready for the next call")
    the_unit_answers(phones, logged_in(browser, hotline, "zhang", "unit", unit="市人社局"))
    tries_a_call(phones, desk)
    assert desk.faults == []


def makes_a_work_order(phones: Phones, desk: DeskPage) -> None:
    """The form knows the line, and suggests its unit; the agent writes one sentence."""
    desk.page.keyboard.press("F9")
    desk.page.wait_for_selector("dialog [name=title]")
    assert desk.barriers() == []
    assert desk.page.input_value("dialog [name=unit]") == "市人社局"
    desk.page.fill("dialog [name=title]", "工资三个月没发")
    desk.button("受理并派单").click()
    phones.until(lambda: "待签收" in desk.text(".toasts"), 10, "the work order is with the unit")


def the_unit_answers(phones: Phones, unit: DeskPage) -> None:
    """A person of the unit signs in, accepts the work order, and answers it; the citizen's number is masked."""
    unit.page.click("text=工资三个月没发")
    phones.until(lambda: unit.shows(".order .acts"), 10, "the work order opens")
    assert unit.barriers() == []
    assert "138****0001" in unit.text(".matter")
    unit.button("签收").click()
    phones.until(lambda: "办理中" in unit.text(".order header"), 10, "the unit has it")
    unit.button("答复").click()
    unit.page.fill("dialog [name=answer]", "工资已补发")
    unit.page.click("dialog button.main")
    phones.until(lambda: "答复审核" in unit.text(".order header"), 10, "the hotline reviews the answer")
    assert unit.faults == []
    unit.context.close()


def tries_a_call(phones: Phones, desk: DeskPage) -> None:
    """The page calls the hotline as a citizen would, and takes that call."""
    desk.button("试拨").click()
    desk.page.fill("dialog input", "12333")
    desk.button("拨打").click()
    phones.until(lambda: desk.shows(".ringing .acts"), 30, "the page's own test call rings at it")
    assert desk.barriers() == []
    desk.page.keyboard.press("F2")
    phones.until(lambda: desk.hears_tone(phones.tones["page"]), 10, "the agent hears the test citizen")
    desk.page.click("dialog .danger")
    phones.until(lambda: desk.shows(".results .choice"), 10, "the test call is over")


def test_a_page_that_does_not_come_back_loses_no_caller(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline, browser: Browser
) -> None:
    """Nor do the desk's process and the engine, which die: the citizen hears music, and then the next agent."""
    desk = logged_in(browser, hotline, "wang", "agent", "8001")
    boss = logged_in(browser, hotline, "li", "supervisor", BOSS)
    desk.sign_in_here()
    citizen = carrier.call("12333", "13800000002")
    phones.until(lambda: desk.shows(".ringing .acts"), 30, "the page rings")
    desk.page.keyboard.press("F2")
    phones.until(lambda: citizen.hears_only("page"), 10, "the citizen hears the page")
    processes.desk(hotline).kill()
    both = (desk, boss)
    phones.until(lambda: all(one.shows(".link .mark") for one in both), 10, "the pages say that the connection is lost")
    phones.until(lambda: not any(one.shows(".link .mark") for one in both), 40, "the pages are back by themselves")
    phones.until(lambda: citizen.hears_only("page", seconds=3), 10, "the two have talked on")
    boss.page.goto(f"https://{hotline.desk}/supervisor")
    phones.until(lambda: "12333" in boss.text(".supervisor-page"), 10, "the supervisor sees the call")
    assert boss.barriers() == []
    boss.button("监听").click()
    phones.until(lambda: boss.hears_tone(phones.tones[citizen.name]), 15, "the supervisor hears the citizen")
    boss.button("退出监听").click()
    phones.until(lambda: boss.button("监听").is_visible(), 10, "the supervisor has left")
    other = seat("8002")
    processes.engine(hotline).kill()
    desk.context.close()
    phones.until(lambda: citizen.hears_only(SOUND), 15, "the engine that was started anew plays music to the citizen")
    processes.engine(hotline).kill()
    boss.page.goto(f"https://{hotline.desk}/wall")
    boss.page.wait_for_selector(".figure")
    assert boss.barriers() == []
    phones.until(lambda: other.ringing, 45, "the next agent rings")
    other.answer()
    phones.until(lambda: citizen.hears_only(other) and other.hears_only(citizen), 10, "they talk")
    assert boss.faults == []


def test_an_admins_day(phones: Phones, carrier: Carrier, hotline: RunningHotline, browser: Browser) -> None:
    """A line is edited, the mistake told at its field, compared, tried, in force for a real call, and taken back."""
    centers = {number: carrier.center(number, name=f"center-{number}") for number in ("12313", "96313")}
    owner = hotline.home.stat()  # started by root, the hotline runs as a user of its own, who may edit the site's file
    for path in (hotline.numbers.parent, hotline.numbers):
        os.chown(path, owner.st_uid, owner.st_gid)
    desk = logged_in(browser, hotline, "chen", "admin", "")
    page = desk.page
    page.goto(f"https://{hotline.desk}/admin/registry")

    def press(name: str) -> None:
        """Press a button by the keyboard."""
        page.get_by_role("button", name=name, exact=True).press("Enter")

    def tab(name: str) -> None:
        page.get_by_role("tab", name=name).press("Enter")

    def rings(number: str) -> None:
        reaches(phones, carrier, centers[number])

    page.wait_for_selector("table")
    assert desk.barriers() == []
    press("修改 12313")
    page.fill("dialog label:text-is('经中继拨出号码') + input", "8001")
    press("保存到草稿")
    page.wait_for_selector("dialog [aria-invalid=true] + .problem")
    assert desk.barriers() == []
    page.fill("dialog [aria-invalid=true]", "96313")
    press("保存到草稿")
    page.wait_for_selector("dialog", state="detached")
    tab("影响与试拨")
    page.wait_for_selector(".changes li")
    assert "96313" in desk.text(".changes")
    assert "12313" in desk.text("[aria-labelledby=changes-title] .mark")
    page.fill("[aria-labelledby=trial-title] input", "12313")
    press("显示来电去向")
    page.wait_for_selector(".tried li")
    assert "96313" in desk.text(".tried")
    assert desk.barriers() == []
    rings("12313")
    press("立即生效")
    page.wait_for_selector(".put-in-force", state="detached")
    rings("96313")
    assert yaml.safe_load(hotline.numbers.read_text(encoding="utf-8"))["lines"] != quick_registry()["lines"]

    tab("历史")
    page.get_by_role("button", name=re.compile("^回退 ")).first.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert desk.barriers() == []
    page.locator("dialog button.danger").press("Enter")
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_selector(".toast.done")
    rings("12313")
    assert "96313" not in hotline.numbers.read_text(encoding="utf-8")
    uses_the_other_tabs(phones, desk)
    assert desk.faults == []


def reaches(phones: Phones, carrier: Carrier, center: Center) -> None:
    """A citizen dials 12313, and a center answers."""
    before = len(center.calls)
    citizen = carrier.call("12313", "13800000003")
    phones.until(lambda: len(center.calls) > before and center.talking, 30, f"{center.number} answers")
    phones.until(lambda: citizen.hears_only(center), 10, "they talk")
    citizen.hang_up()
    phones.until(lambda: citizen.ended, 10, "the call is over")


def speaks_a_prompt(desk: DeskPage) -> None:
    """A prompt of the draft is recorded by the microphone, and its level is matched."""
    page = desk.page
    page.get_by_role("tab", name="提示音").press("Enter")
    page.get_by_role("button", name="替换 goodbye").press("Enter")
    desk.button("用麦克风录音").press("Enter")
    page.wait_for_selector("dialog [role=status]")
    page.wait_for_timeout(1500)  # the sound itself
    desk.button("停止").press("Enter")
    page.locator("dialog button.main:not([disabled])").press("Enter")
    page.wait_for_selector(".toast.done:has-text('音量已校准')", timeout=60_000)
    page.wait_for_selector("tr:has-text('goodbye') .mark")


def asks_the_doctor(desk: DeskPage) -> None:
    """The findings of `ivr doctor`, in the person's language."""
    desk.page.get_by_role("tab", name="状态与备份").press("Enter")
    desk.button("开始体检").press("Enter")
    desk.page.wait_for_selector("[aria-labelledby=doctor-title] li:has-text('录音')", timeout=90_000)


def uses_the_other_tabs(phones: Phones, desk: DeskPage) -> None:
    """No tab of the admin's page is a barrier to anybody; the audit log tells of the day."""
    speaks_a_prompt(desk)
    asks_the_doctor(desk)
    for name in desk.page.locator(".admin-page > [role=tablist] > [role=tab]").all_inner_texts():
        desk.page.get_by_role("tab", name=name).first.press("Enter")
        desk.page.wait_for_load_state("networkidle")
        assert desk.barriers() == [], name
    desk.page.get_by_role("tab", name="审计日志").press("Enter")
    phones.until(lambda: "registry.roll-back" in desk.text("table"), 10, "the audit log tells of it")
