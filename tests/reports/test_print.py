"""The report's page on paper: a table of all numbers is on one A4 page, with its title."""

import os
import re
import subprocess
from pathlib import Path

from ivr.registry.load import read
from ivr.registry.prompts import recorded
from ivr.reports.indicators import SECTIONS
from ivr.reports.month import Month
from ivr.reports.page import to_html
from ivr.reports.report import report
from testkit.provision import chromium
from tests.reports.made import at, call

ROOT = Path(__file__).parents[2]
_CHARTS_AND_MEANINGS = 4  # pages of A4


def test_each_table_of_all_numbers_is_on_one_page(tmp_path: Path) -> None:
    registry = read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))
    calls = [call("2026-11-22T09:00", dialled=line.number, mode=line.mode.value) for line in registry.lines]
    page, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(to_html(report(calls, Month.parse("2026-11"), at("2026-12-02"), registry)), encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--no-pdf-header-footer")
    command = [str(chromium.program()), *options, f"--print-to-pdf={paper}", page.as_uri()]
    fonts = {"FONTCONFIG_FILE": str(path)} if (path := chromium.fonts()) else {}
    subprocess.run(command, check=True, timeout=120, env={**os.environ, **fonts})
    pages = len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))
    assert pages == len(SECTIONS) + _CHARTS_AND_MEANINGS
