"""The activity report over REST: whole for supervisors, an agent's own for an agent; as JSON and as files."""

import csv
from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ivr.records.derive.seat_events import SeatEvent, SeatEventKind
from ivr.records.store import seat_rows
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running_desk import RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk

DAY = "since=2026-11-23&until=2026-11-24"


@pytest.fixture(scope="module", autouse=True)
def _signed_in(desk: RunningDesk) -> None:
    """Return records of two agents who were signed in for an hour, from 9 o'clock in the city."""
    events = [
        SeatEvent(datetime(2026, 11, 23, hour, tzinfo=UTC), seat, kind, "general", "")
        for seat in ("8001", "8002")
        for hour, kind in ((1, SeatEventKind.SIGNED_IN), (2, SeatEventKind.SIGNED_OUT))
    ]
    with desk.database.begin() as connection:
        seat_rows.put(connection, [(f"made-{place}", event) for place, event in enumerate(events)])


def test_a_supervisor_sees_all_agents_and_an_agent_the_own_seat(desk: RunningDesk) -> None:
    for user, seats in (("supervisor", ["8001", "8002"]), ("agent", ["8001"]), ("other", ["8002"]), ("expert", [])):
        report = (
            desk.client(user).api("GET", f"/reports/activity?by=agent&{DAY}").json
        )  # a session that sits at the seat
        assert [(row["key"], row["signed_in_s"]) for row in report["rows"]] == [(seat, 3600.0) for seat in seats], user
        assert report["total"]["signed_in_s"] == 3600.0 * len(seats)


def test_a_day_of_half_hours(clients: dict[str, DeskClient]) -> None:
    report = clients["supervisor"].api("GET", f"/reports/activity?by=half-hour&{DAY}").json
    assert len(report["rows"]) == 48
    worked = {row["key"]: row["signed_in_s"] for row in report["rows"] if row["signed_in_s"]}
    assert worked == {"2026-11-23T09:00+08:00": 3600.0, "2026-11-23T09:30+08:00": 3600.0}
    assert {"key": "occupancy", "unit": "share"}.items() <= report["columns"][-1].items()


def test_the_files_hold_the_same(clients: dict[str, DeskClient]) -> None:
    answer = clients["supervisor"].api("GET", f"/reports/activity?by=agent&{DAY}&format=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="agent-2026-11-23-2026-11-24.csv"'
    lines = list(csv.DictReader(answer.body.decode("utf-8-sig").splitlines()))
    assert [(line["seat"], line["signed in (s)"]) for line in lines] == [
        ("8001", "3600.0"), ("8002", "3600.0"), ("all", "7200.0"),
    ]  # fmt: skip
    answer = clients["supervisor"].api("GET", f"/reports/activity?by=agent&{DAY}&format=xlsx")
    sheet = load_workbook(BytesIO(answer.body)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows()] == ["seat", "8001", "8002", "all"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("by=moon&" + DAY, "by"), ("since=yesterday&until=2026-11-24", "since"), ("since=2026-11-23", "until"),
        ("since=2026-11-24&until=2026-11-23", "until"), ("since=2024-01-01&until=2026-11-24", "until"),
        ("by=half-hour&since=2026-01-01&until=2026-11-24", "until"), ("format=exe&" + DAY, "format"),
        ("since=9999-12-31T23:59:59&until=9999-12-31T23:59:59.9-23:59", "until"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_explained(clients: dict[str, DeskClient], query: str, field: str) -> None:
    answer = clients["supervisor"].api("GET", f"/reports/activity?{query}")
    assert (answer.status, answer.json["error"]["field"]) == (422, field)
