"""The knowledge base in a real browser: an admin writes, a supervisor releases, an agent finds and reports."""

import pytest
from playwright.sync_api import Browser

from testkit.desk_page import DeskPage
from testkit.hotline.running_desk import RunningDesk
from tests.desk.conftest import window

pytestmark = pytest.mark.xdist_group("desk")


def fill(page: DeskPage, **fields: str) -> None:
    for label, text in fields.items():
        page.page.get_by_label(label, exact=True).fill(text)


def test_an_article_from_the_first_draft_to_the_settled_report(browser: Browser, page_desk: RunningDesk) -> None:
    admin = window(browser, page_desk, "admin")
    admin.page.get_by_role("link", name="知识库").click()
    admin.button("新增知识").click()
    fill(admin, 知识编号="12333-page-test", 标题="加班工资怎么算", 常见问法="周末加班给多少钱", 短答="旧的短答。")
    fill(admin, 依据="《劳动法》（2018年修正）", 涉及热线="12333", 有效期至="2099-12-31")
    admin.page.get_by_label("责任单位", exact=True).last.select_option("市人社局")
    assert admin.barriers() == []
    admin.button("存为草稿").click()
    admin.button("提交审核").click()

    boss = window(browser, page_desk, "supervisor")
    boss.page.get_by_role("link", name="知识库").click()
    boss.page.get_by_role("button", name="加班工资怎么算").click()
    boss.button("审核发布").click()
    boss.page.get_by_text("12333-page-test · 已发布").wait_for()
    assert boss.barriers() == []

    agent = window(browser, page_desk, "agent")
    agent.page.get_by_role("tab", name="知识", exact=True).click()
    agent.page.get_by_label("搜索知识库").fill("加班给多少")
    agent.page.get_by_text("旧的短答。").wait_for()
    assert agent.barriers() == []
    agent.button("纠错").click()
    agent.page.get_by_label("哪里有误").fill("比例写错")
    agent.button("提交纠错").click()

    boss.page.reload()
    boss.page.get_by_label("状态", exact=True).select_option("reported")
    boss.page.get_by_role("button", name="加班工资怎么算").click()
    boss.button("处理").click()
    boss.page.get_by_label("备注").fill("已更正")
    boss.page.get_by_role("dialog").get_by_role("button", name="处理纠错").click()
    boss.page.get_by_text("已更正").wait_for()

    boss.button("修改").click()
    fill(boss, 短答="新的短答。")
    boss.button("存为草稿").click()
    boss.page.locator("del", has_text="旧的短答。").wait_for()
    boss.page.locator("ins", has_text="新的短答。").wait_for()
    assert boss.barriers() == []
    assert admin.faults == boss.faults == agent.faults == []
