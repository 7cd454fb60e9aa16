"""Reports and alarms in a real browser, with a real server and records, and without Asterisk."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from ivr.alarms.alarm_rules import AlarmCondition, AlarmKind
from ivr.alarms.alarm_steps import AlarmSteps
from ivr.alarms.alarm_store import alarms_since, take_steps
from ivr.people.rights import Role
from ivr.records.derive.seat_events import SeatEvent, SeatEventKind
from ivr.records.store import seat_rows
from ivr.records.store.bulk_insert import insert
from ivr.records.store.row_mapping import to_row
from ivr.records.store.schema import CALL_FIELDS, CALLS
from testkit.hotline.running import ROOT
from testkit.hotline.running_desk import RunningDesk
from tests.desk.conftest import window
from tests.reports.made import call

BUILT = ROOT / "ivr/desk/static"

pytestmark = [
    pytest.mark.skipif(not (BUILT / "index.html").exists(), reason="make setup could not build the page"),
    pytest.mark.xdist_group("desk"),
]


@pytest.fixture(scope="module")
def full_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk with the built page, a week of records, and one queue that is too long."""
    running = RunningDesk(tmp_path_factory.mktemp("desk"))
    shutil.copytree(BUILT, running.page, dirs_exist_ok=True)
    now = datetime.now(UTC)
    days = [now - timedelta(days=day) for day in range(1, 9)]
    records = [
        replace(call(f"{day:%Y-%m-%d}T09:05:{second:02}", queued=10), call_id=f"{day:%d}-{second}")
        for day in days
        for second in range(20)
    ]
    signed_in = [
        SeatEvent(day.replace(hour=hour, minute=0), "8001", kind, "general", "")
        for day in reversed(days)
        for hour, kind in ((1, SeatEventKind.SIGNED_IN), (4, SeatEventKind.SIGNED_OUT))
    ]
    with running.database.begin() as connection:
        insert(connection, CALLS, [to_row(CALL_FIELDS, record) for record in records])
        seat_rows.put(connection, [(str(place), event) for place, event in enumerate(signed_in)])
    running.start()
    running.add("boss", Role.SUPERVISOR)
    running.add("wang", Role.AGENT, seat="8001")
    yield running
    running.stop()


def test_a_supervisor_reads_reports_and_takes_care_of_an_alarm(full_desk: RunningDesk, browser: Browser) -> None:
    boss = window(browser, full_desk, "boss")
    full = AlarmCondition(AlarmKind.WAITING, "general", 12, 0)
    registry = full_desk.services.registry.current
    take_steps(full_desk.database, AlarmSteps((full,), (), (), {}, {}), registry, datetime.now(UTC))
    boss.page.wait_for_selector(".alarm-line.loud")  # within seconds, without a reload of the page
    assert "12" in boss.text(".alarm-line")
    assert boss.barriers() == []
    boss.button("确认").click()
    boss.page.fill("#alarm-note", "增派两席")
    assert boss.barriers() == []
    boss.page.locator("dialog button.main").click()
    boss.page.wait_for_selector(".alarm-line:not(.loud)")
    assert "boss 正在处理 增派两席" in boss.text(".alarm-line")
    [alarm] = alarms_since(full_desk.database, datetime.now(UTC))
    assert (alarm.acknowledged_by, alarm.note) == ("boss", "增派两席")

    boss.page.goto(f"https://{full_desk.address}/reports/activity")
    boss.page.wait_for_selector(".reports-page .chart canvas")
    assert boss.page.locator(".wide tbody tr").count() == 8, "seven days and the total"
    assert "20" in boss.text(".wide tbody tr:first-child")
    assert boss.barriers() == []
    with boss.page.expect_download() as download:
        boss.page.get_by_role("link", name="CSV 文件").click()
    assert download.value.suggested_filename.startswith("day-")

    boss.page.get_by_role("tab", name="排班").click()
    boss.page.wait_for_selector("#staffing")
    boss.page.wait_for_selector(".reports-page .chart canvas")
    assert "20.0" in boss.text(".wide tbody")
    assert boss.barriers() == []

    boss.page.get_by_role("tab", name="告警").click()
    boss.page.wait_for_selector("#past-alarms ~ table")
    assert "增派两席" in boss.text("#past-alarms ~ table tbody")
    assert boss.barriers() == []

    boss.page.goto(f"https://{full_desk.address}/wall")
    boss.page.wait_for_selector(".open-alarms")
    assert boss.barriers() == []
    assert boss.faults == []


def test_an_agent_reads_the_own_times_and_nothing_else(full_desk: RunningDesk, browser: Browser) -> None:
    agent = window(browser, full_desk, "wang")
    agent.page.goto(f"https://{full_desk.address}/reports")
    agent.page.wait_for_selector(".wide table")
    assert agent.page.get_by_role("tab").count() == 1
    assert not agent.shows(".alarm-line"), "alarms are not an agent's to take care of"
    agent.page.select_option("select >> nth=-1", "agent")
    agent.page.wait_for_selector(".wide tbody th >> text=8001")
    assert agent.barriers() == []
    assert agent.faults == []
