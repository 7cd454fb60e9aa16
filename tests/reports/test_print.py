"""The report's page on paper: a table of all numbers is one page of A4, with its title."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.reports.indicators import SECTIONS
from ivr.reports.month import Month
from ivr.reports.page import to_html
from ivr.reports.report import report
from tests.reports.made import at, call

ROOT = Path(__file__).parents[2]
BROWSER = shutil.which("chromium")
_CHARTS_AND_MEANINGS = 4  # pages of A4


@pytest.mark.skipif(BROWSER is None, reason="no chromium here")
def test_no_table_of_all_numbers_is_torn(tmp_path: Path) -> None:
    registry = read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))
    calls = [call("2026-11-22T09:00", dialled=line.number, mode=line.mode.value) for line in registry.lines]
    page, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(to_html(report(calls, Month.parse("2026-11"), at("2026-12-02"), registry)), encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--no-pdf-header-footer")
    subprocess.run([str(BROWSER), *options, f"--print-to-pdf={paper}", page.as_uri()], check=True, timeout=120)
    pages = len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))
    assert pages == len(SECTIONS) + _CHARTS_AND_MEANINGS
