"""``ivr report``, as an admin runs it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.report import report
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.schema import IMPORT_STATE
from ivr.runtime.layout import Home
from testkit.hotline.made_facts import made_facts
from tests.reports.imported_day import imported

ROOT = Path(__file__).parents[2]
CALLER = "13900001111"  # of all calls in tests/records/logs


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """The folder of a hotline that took the calls of tests/records/logs."""
    monkeypatch.delenv("HOTLINE_DATABASE", raising=False)
    home = Home(tmp_path / "var")
    home.create()
    (home.registry / "applied.yaml").write_bytes((ROOT / "numbers.yaml").read_bytes())
    with imported(tmp_path):
        made_facts(database=f"sqlite:///{tmp_path}/calls.sqlite3").write(home.hotline)
        yield home


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(report, ["--home", str(home.root), *words])


def test_a_table_has_the_figures_of_the_month(home: Home) -> None:
    command = run(home, "--month", "2026-11")
    assert command.exit_code == 0, command.output
    assert command.output.startswith("郴州市 12345: calls in 2026-11")
    [line] = [line.split() for line in command.output.splitlines() if "全国公共法律服务专用电话" in line][:1]
    assert line == ["12348", "全国公共法律服务专用电话", "dual", "7", "6", "85.7%", "1", "14.3%", "0", "0.0%",
                    "0", "0", "0", "0"]  # fmt: skip
    assert CALLER not in command.output


def test_json_has_the_figures_for_programs(home: Home) -> None:
    report_json = json.loads(run(home, "--month", "2026-11", "--json").output)
    assert (report_json["month"], report_json["begin"], report_json["total"]["offered"]) == (
        "2026-11",
        "2026-11-01T00:00:00+08:00",
        19,
    )
    assert report_json["total"]["busiest_hour"] == "2026-11-23T01:00:00+08:00"
    assert [row["number"] for row in report_json["numbers"]] == ["12345", "12348", "12366", "12399"]
    assert report_json["hours"][1] == {"hour": 1, "offered": 19, "answered": 12, "answered_15s": 12}


def test_a_report_of_one_number(home: Home) -> None:
    report_json = json.loads(run(home, "--month", "2026-11", "--number", "12366", "--json").output)
    assert (report_json["number"], report_json["total"]["offered"]) == ("12366", 3)
    assert [row["number"] for row in report_json["numbers"]] == ["12366"]


def test_a_month_without_calls(home: Home) -> None:
    command = run(home, "--month", "2026-10")
    assert command.exit_code == 0
    assert json.loads(run(home, "--month", "2026-10", "--json").output)["total"]["offered"] == 0


def test_files_are_written_and_named(home: Home, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("r.csv", "r.xlsx", "r.html")]
    csv, xlsx, html = map(str, files)
    command = run(home, "--month", "2026-11", "--csv", csv, "--xlsx", xlsx, "--html", html)
    assert command.exit_code == 0
    assert command.output == "".join(f"{file} written\n" for file in files)
    assert [file.read_bytes()[:2] for file in files] == [b"\xef\xbb", b"PK", b"<!"]
    assert not any(CALLER.encode() in file.read_bytes() for file in files)


def test_a_report_is_made_while_the_hotline_writes(home: Home, tmp_path: Path) -> None:
    writing = Database(f"sqlite:///{tmp_path}/calls.sqlite3")
    with writing.begin() as connection:
        insert(connection, IMPORT_STATE, [{"path": "/another", "offset": 0, "mark": ""}])
        command = run(home, "--month", "2026-11", "--json")
        assert json.loads(command.output)["total"]["offered"] == 19
    writing.close()


def test_the_error_about_a_wrong_month_shows_the_form(home: Home) -> None:
    command = run(home, "--month", "November")
    assert command.exit_code == 2
    assert "'November' is no month; write 2026-11" in command.output


def test_a_home_in_which_no_hotline_ran_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTLINE_DATABASE", raising=False)
    command = run(Home(tmp_path / "nowhere"), "--json")
    assert (command.exit_code, command.output) == (1, f"no hotline has run in {tmp_path}/nowhere\n")


def test_a_database_that_cannot_be_used_is_named_without_a_traceback(home: Home, tmp_path: Path) -> None:
    made_facts(database=f"sqlite:///{tmp_path}/gone/calls.sqlite3").write(home.hotline)
    command = run(home)
    assert command.exit_code == 1
    assert "cannot be used" in command.output
    assert "HOTLINE_DATABASE" in command.output
    assert isinstance(command.exception, SystemExit)


def test_a_file_that_cannot_be_written_is_named(home: Home, tmp_path: Path) -> None:
    command = run(home, "--csv", str(tmp_path / "no" / "r.csv"))
    assert command.exit_code == 1
    assert "r.csv cannot be written: No such file or directory" in command.output


def test_with_a_registry_that_this_version_refuses_the_report_lacks_only_names(home: Home) -> None:
    (home.registry / "applied.yaml").write_text("lines: []\n")
    command = CliRunner().invoke(report, ["--home", str(home.root), "--month", "2026-11", "--json"])
    assert "names of lines are left out" in command.stderr
    assert [row["name"] for row in json.loads(command.stdout)["numbers"]] == ["", "", "", ""]


def test_the_activity_of_agents_as_a_table_as_json_and_as_files(home: Home, tmp_path: Path) -> None:
    report_json = json.loads(run(home, "--by", "agent", "--month", "2026-11", "--json").output)
    assert [row["key"] for row in report_json["rows"]] == ["8001", "8002", "8348"]
    assert report_json["total"]["calls"] == sum(row["calls"] for row in report_json["rows"])
    table = run(home, "--by", "half-hour", "--since", "2026-11-23T01:00", "--until", "2026-11-23T02:00").output
    assert [line.split()[:2] for line in table.splitlines()[1:3]] == [["2026-11-23", "01:00"], ["2026-11-23", "01:30"]]
    files = [str(tmp_path / name) for name in ("a.csv", "a.xlsx")]
    command = run(home, "--by", "day", "--month", "2026-11", "--csv", files[0], "--xlsx", files[1])
    assert (command.exit_code, command.output) == (0, "".join(f"{file} written\n" for file in files))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--by", "agent", "--html", "a.html"], "--by takes neither --number nor --html"),
        (["--since", "2h"], "--since and --until need --by"),
        (["--by", "day", "--since", "2026-11-02", "--until", "2026-11-01"], "--until has to be later than --since"),
    ],
)
def test_the_error_names_options_that_exclude_each_other(home: Home, words: list[str], reason: str) -> None:
    command = run(home, *words)
    assert (command.exit_code, reason in command.output) == (2, True)
