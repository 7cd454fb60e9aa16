"""The files of a report: CSV, workbook, page."""

import csv
import json
import re
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import LegResult, Outcome
from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.reports.data import to_json
from ivr.reports.indicators import INDICATORS, SECTIONS
from ivr.reports.month import Month
from ivr.reports.page import to_html
from ivr.reports.report import Report, report
from ivr.reports.report_words import indicator_title
from ivr.reports.spreadsheet import to_csv, to_xlsx
from tests.reports.made import CALLER, at, call

CALLS = (
    call("2026-11-02T10:00", wait=3.25, queued=3, consults=(LegResult.ANSWERED, LegResult.BUSY)),
    call("2026-11-02T11:00", Outcome.ABANDONED),
    call("2026-11-03T10:00", Outcome.MESSAGE, dialled="12333", mode="dual", orders=1),
    call("2026-11-03T10:00", dialled="+86735299", mode=None, gap=True),
)
ROOT = Path(__file__).parents[2]
INDENT = 3  # columns before the first indicator


def november(*calls: CallRecord) -> Report:
    return report(calls, Month(2026, 11), at("2026-11-22T08:00"))


def evil() -> Report:
    november_report = november(*CALLS)
    first, *others = november_report.numbers
    return replace(november_report, numbers=(replace(first, name='=HYPERLINK("x")<script>alert(1)</script>'), *others))


def rows_of_csv(found: Report) -> list[list[str]]:
    return list(csv.reader(StringIO(to_csv(found).decode("utf-8-sig"), newline="")))


def test_csv_begins_with_the_byte_order_mark_for_excel() -> None:
    assert to_csv(november()).startswith(b"\xef\xbb\xbf")


def test_csv_has_a_row_for_each_number_each_mode_and_all() -> None:
    head, *rows = rows_of_csv(november(*CALLS))
    assert head == ["number", "name", "mode", *map(indicator_title, INDICATORS)]
    assert [row[:INDENT] for row in rows] == [
        ["12345", "", "hotline"],
        ["12333", "", "dual"],
        ["'+86735299", "", "not registered"],
        ["", "all of this mode", "hotline"],
        ["", "all of this mode", "dual"],
        ["", "all of this mode", "not registered"],
        ["", "all", ""],
    ]
    figures = dict(zip([indicator.key for indicator in INDICATORS], rows[0][INDENT:], strict=True))
    assert (figures["offered"], figures["answered_share"], figures["wait_median_s"]) == ("2", "50.0%", "3.2")
    assert figures["busiest_hour"] == "2026-11-02 10:00"


@pytest.mark.parametrize("found", [november(*CALLS), evil(), november()])
def test_no_cell_of_a_csv_is_a_formula(found: Report) -> None:
    assert not [cell for row in rows_of_csv(found) for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_workbook_holds_the_figures_as_numbers() -> None:
    november_report = november(*(replace(call, result="已派单" if call.dialled == "12333" else "") for call in CALLS))
    book = load_workbook(BytesIO(to_xlsx(november_report)))
    assert book.sheetnames == ["indicators", "results", "days", "hours", "how it is counted"]
    head, *rows = book["indicators"].iter_rows(values_only=True)
    assert head[INDENT:] == tuple(map(indicator_title, INDICATORS))
    assert [row[0] for row in rows] == ["12345", "12333", "+86735299", None, None, None, None]
    for row, shown in zip((*november_report.numbers, *november_report.modes, november_report.total), rows, strict=True):
        for indicator, cell in zip(INDICATORS, shown[INDENT:], strict=True):
            value = row.values[indicator.key]
            if indicator.key == "busiest_hour":
                assert cell == value.replace(tzinfo=None)
            else:
                assert cell == value
    assert [[cell.value for cell in row] for row in book["results"].iter_rows(min_row=2)] == [["12333", "已派单", 1]]
    assert book["days"].max_row == 1 + 30
    assert [cell.value for cell in book["days"][3]] == ["2026-11-02", 2, 1, 1]
    assert [cell.value for cell in book["hours"][12]] == ["10:00", 3, 2, 2]
    assert book["how it is counted"].max_row >= len(INDICATORS)


def test_a_text_in_a_workbook_is_never_a_formula() -> None:
    book = load_workbook(BytesIO(to_xlsx(evil())))
    cells = [cell for row in book["indicators"].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("found", [november(*CALLS), evil(), november()])
def test_the_page_is_well_formed_and_loads_no_other_file(found: Report) -> None:
    html = to_html(found)
    page = ET.fromstring(html)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|src=|href=", html)
    assert {element.tag for element in page.iter()}.isdisjoint({"script", "link", "img", "iframe", "object"})
    policy = page.find("head/meta[@http-equiv='Content-Security-Policy']")
    assert policy is not None
    assert policy.attrib["content"].startswith("default-src 'none'")


def test_the_page_shows_every_figure_of_every_row_and_says_how_it_is_counted() -> None:
    page = ET.fromstring(to_html(november(*CALLS)))
    rows = page.findall("body/div/table/tbody/tr")
    assert len(rows) == len(SECTIONS) * 7
    assert sum(len(row) - INDENT for row in rows) == 7 * len(INDICATORS)
    assert [term.text for term in page.findall("body/dl[@class='meanings']/dt")] == [*map(indicator_title, INDICATORS)]


def test_each_bar_of_a_chart_has_its_value_and_each_chart_its_title() -> None:
    page = ET.fromstring(to_html(november(*CALLS)))
    charts = page.findall("body/figure/svg")
    assert [chart.attrib["aria-label"] for chart in charts] == [
        "Calls by day",
        "Calls by hour of the day",
        "Calls by mode and how they ended",
        "Calls to the other numbers and how they ended",
    ]
    hints = [[bar.findtext("title") for bar in chart.findall("rect")] for chart in charts]
    assert hints[0] == ["2 · answered within 15 s of the call: 1", "2 · not answered: 1",
                        "3 · answered within 15 s of the call: 1", "3 · not answered: 1"]  # fmt: skip
    assert hints[2] == ["hotline · answered: 1", "hotline · abandoned: 1", "dual · message: 1",
                        "not registered · answered: 1"]  # fmt: skip


def test_bars_are_as_long_as_their_values() -> None:
    page = ET.fromstring(to_html(november(*[call()] * 30, *[call(outcome=Outcome.ABANDONED)] * 10)))
    bars = page.findall("body/figure[3]/svg/rect")
    answered, abandoned = (float(bar.attrib["width"]) for bar in bars)
    assert answered == pytest.approx(3 * abandoned, abs=0.5)
    columns = [float(bar.attrib["height"]) for bar in page.findall("body/figure[1]/svg/rect")]
    assert columns[0] == pytest.approx(3 * columns[1], abs=0.5)


def test_the_page_says_in_words_that_too_few_calls_were_answered() -> None:
    few = [call()] * 94 + [call(outcome=Outcome.ABANDONED)] * 6
    assert "below the standard of 95 %" in to_html(november(*few))
    assert "below the standard of 95 %" not in to_html(november(*few, *[call()] * 20))


def test_the_page_mentions_an_unfinished_month_and_calls_in_progress() -> None:
    html = to_html(november(*CALLS, call(outcome=Outcome.IN_PROGRESS)))
    assert "The month is not over: calls up to 2026-11-22 08:00." in html
    assert "Calls in progress, not counted yet: 1" in html


def test_the_page_says_that_calls_of_the_month_were_deleted() -> None:
    registry = read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))
    late = to_html(report(CALLS, Month(2026, 11), at("2028-11-15T08:00"), registry))
    assert "Incomplete: calls before 2026-11-16 08:00 were deleted" in late
    assert "Incomplete" not in to_html(november(*CALLS))


def test_no_callers_number_is_in_any_report() -> None:
    november_report = november(*CALLS)
    book = load_workbook(BytesIO(to_xlsx(november_report)))
    cells = "".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    for text in (
        to_csv(november_report).decode(),
        to_html(november_report),
        json.dumps(to_json(november_report)),
        cells,
    ):
        assert CALLER not in text


def test_the_manual_says_how_each_figure_is_counted() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    for indicator in INDICATORS:
        assert f"| {indicator_title(indicator)} | `{indicator.key}` | {indicator.meaning} |" in manual
