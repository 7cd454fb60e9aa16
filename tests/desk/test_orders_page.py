"""The page of work orders in a real browser: the buttons of unit and supervisor; an enterprise's matter (政企通)."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from ivr.orders.life_cycle import OrderAct
from testkit.desk_page import DeskPage
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running_desk import RunningDesk
from tests.desk.conftest import UNIT, window
from tests.desk.orders_over_rest import JPEG, act

pytestmark = pytest.mark.xdist_group("desk")


class Orders:
    """A person's page of work orders."""

    def __init__(self, browser: Browser, desk: RunningDesk, user: str) -> None:
        self.desk = window(browser, desk, user)
        self.page = self.desk.page
        self.page.goto(f"https://{desk.address}/orders")

    def opens(self, order: str, state: str = "") -> "Orders":
        """Choose a work order in a list."""
        self.page.select_option(".order-list select >> nth=0", state)
        self.page.click(f".order-line:has-text('{order}')")
        return self

    def does(self, act: str, then: str, **fields: str) -> "Orders":
        """Press an act's button, fill in its fields, and see the state after it."""
        self.desk.button(act).click()
        for name, value in fields.items():
            field = self.page.locator(f"dialog [name={name}]")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        if fields:
            assert self.desk.barriers() == []
            self.page.click("dialog button.main")
        self.sees(then)
        return self

    def sees(self, state: str) -> None:
        self.page.locator(".order header", has_text=state).wait_for()


def opened(client: DeskClient, **matter: Any) -> str:
    answer = act(client, OrderAct.OPEN, caller="13800000001", **matter)
    return str(answer.json["result"]["order"]["order"])


def dispatched(client: DeskClient, title: str) -> str:
    order = opened(client, title=title)
    assert act(client, OrderAct.RECEIVE, order, kind="help", **{"class": "labour"}).status == 200
    assert act(client, OrderAct.DISPATCH, order, unit=UNIT).status == 200
    return order


def test_a_unit_and_a_supervisor_press_each_button(browser: Browser, page_desk: RunningDesk, tmp_path: Path) -> None:
    agent = page_desk.client("agent")
    order, foreign = dispatched(agent, "工资没发"), dispatched(agent, "不是本单位的事")
    unit, boss = (Orders(browser, page_desk, user) for user in ("unit", "supervisor"))
    unit.opens(order, "open").does("签收", "办理中")
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(JPEG)
    unit.page.set_input_files("input[type=file]", photo)
    unit.page.get_by_role("link", name="现场.jpg").wait_for()
    unit.does("申请延期", "办理中", days="5", reason="需要到现场调查")
    assert boss.opens(order).desk.barriers() == []
    boss.does("同意延期", "办理中", text="情况属实")
    for reason in ("重点事项挂牌督办", "仍无进展"):
        boss.does("督办", "督办", reason=reason)
    boss.opens(order, "supervised").sees("督办（2级）")
    boss.page.locator(f".order-line:has-text('{order}')", has_text="督办（2级）").wait_for()
    boss.does("解除督办", "办理中", reason="已有进展")
    unit.opens(order, "open").does("答复", "答复审核", answer="工资已补发")
    prints(unit.desk)
    unit.opens(foreign, "open").does("退单", "退单审核", reason="不属于本单位职责")
    boss.opens(foreign).does("同意退单", "待派单", text="另行派单")
    boss.opens(order).does("退回重答", "办理中", reason="请说明日期")
    unit.opens(order, "open").does("答复", "答复审核", answer="工资已于十一月三十日补发")
    boss.opens(order).does("审核通过", "待回访", text="同意")
    boss.does("回访", "已办结", solved="yes", satisfaction="1")
    figures_open_their_work_orders(boss, order)
    assert unit.desk.faults == boss.desk.faults == []


def test_a_form_is_sent_once_and_escape_does_not_lose_its_text(browser: Browser, page_desk: RunningDesk) -> None:
    order = dispatched(page_desk.client("agent"), "路灯不亮")
    unit = Orders(browser, page_desk, "unit").opens(order, "open").does("签收", "办理中")
    unit.desk.button("申请延期").click()
    unit.page.fill("dialog [name=days]", "5")
    unit.page.fill("dialog [name=reason]", "需要到现场调查")
    unit.page.keyboard.press("Escape")
    unit.page.locator("dialog [role=alert]", has_text="再按一次 Esc 即关闭").wait_for()
    assert unit.page.input_value("dialog [name=reason]") == "需要到现场调查"
    assert unit.desk.barriers() == []
    unit.page.dblclick("dialog button.main")
    unit.page.wait_for_selector("dialog", state="detached")
    unit.page.locator(".events li", has_text="申请延期").wait_for()
    assert unit.desk.faults == [], "the second click was sent, too"
    unit.desk.button("备注").click()
    unit.page.fill("dialog [name=text]", "写到一半")
    unit.page.keyboard.press("Escape")
    unit.page.keyboard.press("Escape")
    unit.page.wait_for_selector("dialog", state="detached")


def test_the_address_names_the_work_order(browser: Browser, page_desk: RunningDesk) -> None:
    agent = page_desk.client("agent")
    first, second = dispatched(agent, "井盖破损"), dispatched(agent, "垃圾未清运")
    unit = Orders(browser, page_desk, "unit").opens(first, "open").opens(second, "open")
    title = unit.page.locator(".order h2")
    title.filter(has_text="垃圾未清运").wait_for()
    unit.page.reload()
    title.filter(has_text="垃圾未清运").wait_for()
    unit.page.go_back()
    title.filter(has_text="井盖破损").wait_for()
    assert unit.page.url.endswith(f"/orders/{first}")


def test_an_act_without_network_or_after_another_persons_act_says_so(browser: Browser, page_desk: RunningDesk) -> None:
    order = dispatched(page_desk.client("agent"), "噪声扰民")
    one, other = (Orders(browser, page_desk, "unit").opens(order, "open") for _ in range(2))
    one.does("签收", "办理中")
    other.desk.button("签收").click()
    other.page.locator(".toast", has_text="现在不能签收").wait_for()
    other.sees("办理中")
    one.desk.button("答复").click()
    one.page.fill("dialog [name=answer]", "已处理")
    one.desk.context.set_offline(True)
    for _ in range(2):
        one.page.click("dialog button.main")
        one.page.locator(".toast", has_text="无法连接工作台：请检查网络后重试。").wait_for()
    assert one.page.locator(".toast").count() == 1, "the same message stands there once"
    one.desk.context.set_offline(False)
    one.page.click("dialog button.main")
    one.sees("答复审核")


def test_a_refusal_names_the_field_as_the_form_does(browser: Browser, page_desk: RunningDesk) -> None:
    order = dispatched(page_desk.client("agent"), "水管漏水")
    unit = Orders(browser, page_desk, "unit").opens(order, "open").does("签收", "办理中")
    unit.desk.button("答复").click()
    unit.page.fill("dialog [name=answer]", "长" * 8001)
    unit.page.click("dialog button.main")
    unit.page.locator(".toast", has_text="答复: 过长").wait_for()


def prints(desk: DeskPage) -> None:
    """The button prints; on paper there is no button, and the whole matter."""
    desk.page.evaluate("window.print = () => { window.printed = true }")
    desk.button("打印").click()
    assert desk.page.evaluate("window.printed")
    desk.page.emulate_media(media="print")
    assert not desk.page.locator(".order .acts").is_visible()
    assert desk.page.locator(".order .matter").is_visible()
    desk.page.emulate_media(media="screen")


def figures_open_their_work_orders(boss: Orders, order: str) -> None:
    report = boss.page.locator(".order-report")
    for figure in ("派单数", "响应率", "按时办结率", "解决率", "满意率"):
        report.get_by_role("button", name=f"{UNIT} · {figure}").click()
        report.get_by_role("button", name=order, exact=True).wait_for()
    report.get_by_role("button", name=order, exact=True).click()
    boss.sees("已办结")


def test_an_enterprises_matter_goes_to_a_policy_officer_and_is_struck_off(
    browser: Browser, page_desk: RunningDesk
) -> None:
    """政策专员、企业投诉举报台账、交办、销号."""
    order = opened(page_desk.client("agent"), title="留抵退税没有到账", enterprise=True, company="郴州某矿业公司")
    agent, boss, tax = (Orders(browser, page_desk, user) for user in ("agent", "supervisor", "tax"))
    agent.opens(order).does("受理", "待派单", kind="complaint", **{"class": "tax"})
    agent.desk.button("转政策专员").click()
    assert agent.page.input_value("dialog [name=officer]") == "李专员", "suggested, because the words name the topic"
    agent.page.click("dialog button.main")
    agent.sees("待签收")
    boss.opens(order, "ledger-on")
    tax.opens(order, "open").does("签收", "办理中").does("答复", "答复审核", answer="退税款已核准")
    boss.opens(order, "ledger-on").does("审核通过", "待回访", text="同意")
    agent.opens(order).does("回访", "已办结", solved="yes", satisfaction="1")
    assert agent.desk.button("销号").count() == 0, "a supervisor's"
    boss.opens(order, "ledger-on").does("销号", "已办结", reason="企业确认已解决")
    boss.opens(order, "ledger-off")
    assert agent.desk.faults == boss.desk.faults == tax.desk.faults == []
