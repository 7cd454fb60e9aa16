"""`ivr diff`: the changes of a registry with their lines, and the numbers whose calls would go another way."""

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import Result

from ivr.cli.diff import DIFFERS
from ivr.registry.changes import ChangeKind, changes
from ivr.routing.calendar import CITY_TIME
from ivr.routing.effects import rerouted
from ivr.runtime.layout import Home
from testkit.hotline.running import ROOT
from tests.operations.conftest import Data, line, registry_of, shipped, text_of

AT = datetime(2026, 11, 23, 10, tzinfo=CITY_TIME)


def differences(after: Data) -> list[str]:
    return [str(change) for change in changes(shipped(), registry_of(after))]


def test_the_same_registry_changes_nothing(data: Data) -> None:
    assert differences(data) == []
    assert rerouted(shipped(), registry_of(data), AT) == ()


def test_a_changed_mode_is_listed_with_the_expert_that_goes_with_it(data: Data) -> None:
    entry = line(data, "12333")
    entry["mode"] = "merged"
    del entry["expert"]
    assert differences(data) == ["number 12333: mode: dual → merged", "number 12333: expert: expert-12333 → none"]
    assert rerouted(shipped(), registry_of(data), AT) == ("12333",)


def test_numbers_that_are_merged_into_a_changed_line_are_affected_too(data: Data) -> None:
    del line(data, "12315")["expert"]
    assert differences(data) == ["number 12315: expert: expert-12315 → none"]
    assert set(rerouted(shipped(), registry_of(data), AT)) == {
        "12315", "12330", "12331", "12358", "12365",
    }  # fmt: skip


def test_a_changed_name_changes_no_route(data: Data) -> None:
    line(data, "12333")["name"] = "人社热线"
    assert differences(data) == ["number 12333: name: 全国人力资源和社会保障服务电话 → 人社热线"]
    assert rerouted(shipped(), registry_of(data), AT) == ()


def test_new_and_removed_numbers_are_listed_with_all_fields(data: Data) -> None:
    data["lines"] = [entry for entry in data["lines"] if entry["number"] != "12396"]
    data["lines"].append({"number": "12399", "name": "新热线", "unit": "市政府", "mode": "subcenter", "reach": "07351"})
    number_changes = changes(shipped(), registry_of(data))
    assert [(change.kind, change.name) for change in number_changes] == [
        (ChangeKind.NEW, "12399"),
        (ChangeKind.GONE, "12396"),
    ]
    assert str(number_changes[0]) == "number 12399: new: name 新热线, unit 市政府, mode subcenter, reach 07351"
    assert rerouted(shipped(), registry_of(data), AT) == ("12399", "12396")


def test_an_ended_entry_and_its_successor_are_listed_separately(data: Data) -> None:
    """The old entry ends with `until`, and the new entry begins beside it, as in the annex."""
    entry = line(data, "12329")
    data["lines"].append({**entry, "from": date(2027, 1, 1), "mode": "dual"})
    entry["until"] = date(2026, 12, 31)
    assert differences(data) == [
        "number 12329: until: none → 2026-12-31",
        "number 12329: new: name 全国统一住房公积金热线服务电话, mode dual, remark 省级设立分中心, from 2027-01-01",
    ]
    assert rerouted(shipped(), registry_of(data), AT) == ()
    assert rerouted(shipped(), registry_of(data), AT.replace(year=2027)) == ("12329",)


def test_changes_of_hours_are_listed_by_day(data: Data) -> None:
    data["hours"]["office"]["sat"] = ["09:00-12:00", "20:00-24:00"]
    del data["hours"]["office"]["mon"]
    assert differences(data) == [
        "hours office: mon: 08:30-12:00, 14:30-17:30 → closed",
        "hours office: sat: closed → 09:00-12:00, 20:00-24:00",
    ]


def test_changes_of_a_menu_are_listed_by_key(data: Data) -> None:
    keys = data["menus"]["main"]["keys"]
    keys[0]["group"] = "enterprise"
    keys[1]["phrases"] = [*keys[1]["phrases"][1:], "办执照"]
    assert differences(data) == [
        "menu main: key 1: group general 反映问题 → group enterprise 反映问题",
        "menu main: key 2: phrases: + 办执照, − 企业服务",
    ]


def test_changes_of_seats_groups_and_other_sections_are_listed(data: Data) -> None:
    data["seats"] = [{"number": "8001", "name": "话务座席1", "groups": ["general", "enterprise"]}, *data["seats"][1:-1]]
    data["seats"].append({"number": "8316", "name": "新专家", "groups": ["expert-12315"]})
    data["groups"]["general"]["limit"] = 80
    data["holidays"].append(date(2027, 1, 1))
    data["trunks"][0]["hosts"] = ["127.0.0.1:5080"]
    data["timers"]["expert"] = 30
    data["answers"]["yes"] = data["answers"]["yes"][::-1]
    assert differences(data) == [
        "group general: limit: 50 → 80",
        "seat 8001: groups: + enterprise",
        "seat 8316: new: name 新专家, groups expert-12315, transport udp, second_phone replaces",
        "seat 8315: removed: name 市市场监管局专家, groups expert-12315, transport udp, second_phone replaces",
        "holidays: + 2027-01-01",
        f"answers: yes: in the order {', '.join(data['answers']['yes'])}",
        "trunk carrier: hosts: + 127.0.0.1:5080, − 127.0.0.1:5070",
        "timers: expert: 20 → 30",
    ]


@pytest.fixture
def new(tmp_path: Path, data: Data) -> Path:
    line(data, "12333")["expert"] = "expert-12320"
    file = tmp_path / "new.yaml"
    file.write_text(text_of(data), encoding="utf-8")
    return file


def test_the_command_names_the_line_and_ends_with_exit_code_3(ivr: Callable[..., Result], new: Path) -> None:
    result = ivr("diff", str(new))
    rows = new.read_text(encoding="utf-8").splitlines()
    position = next(number for number, row in enumerate(rows, 1) if "12333" in row and "number:" in row)
    assert result.output == (
        f"{new}:{position}: number 12333: expert: expert-12333 → expert-12320\n"
        "calls to these numbers would go another way: 12333\n"
    )
    assert result.exit_code == DIFFERS == 3


def test_json_of_the_command_has_the_changes(ivr: Callable[..., Result], new: Path) -> None:
    shown = json.loads(ivr("diff", str(new), "--json").output)
    assert [(change["kind"], change["section"], change["name"]) for change in shown["changes"]] == [
        ("changed", "lines", "12333")
    ]
    assert shown["rerouted"] == ["12333"]


def test_without_a_change_the_exit_code_is_0(ivr: Callable[..., Result]) -> None:
    result = ivr("diff", str(ROOT / "numbers.yaml"))
    assert (result.output, result.exit_code) == ("nothing would change\n", 0)


def test_a_broken_file_is_reported_like_by_check(ivr: Callable[..., Result], new: Path) -> None:
    new.write_text(new.read_text(encoding="utf-8").replace("mode: merged", "mode: mergd", 1), encoding="utf-8")
    result = ivr("diff", str(new))
    assert f"{new}:" in result.output
    assert "'mergd' is not a mode; did you mean 'merged'?" in result.output
    assert result.exit_code == 1


def test_the_error_names_a_home_without_a_hotline(
    ivr: Callable[..., Result], new: Path, home: Home
) -> None:  # fmt: skip
    shutil.rmtree(home.root)
    result = ivr("diff", str(new))
    assert result.output.startswith(f"no hotline ever ran in {home.root}")
    assert result.exit_code == 1
