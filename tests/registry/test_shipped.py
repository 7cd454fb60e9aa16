"""The shipped numbers.yaml is the annex of 郴政办发〔2021〕22号, row by row."""

from pathlib import Path

import pytest
import yaml

import ivr
from ivr.registry import tree
from ivr.registry.load import load, read
from ivr.registry.model import ChoiceKind, GroupKind, Mode, Registry
from ivr.registry.prompts import NEEDED

SHIPPED = Path(ivr.__file__).parent.parent / "numbers.yaml"
PROMPTS = {*NEEDED, "menu-main"}

MERGED = """\
全国统一科技公益服务电话|12396|市科学技术局|已暂停服务
全国电信用户申诉渠道咨询电话|12300|市工信局|
全国统一民政服务电话|12349|市民政局|已暂停服务
全国统一自然资源违法举报电话|12336|市自然资源和规划局|已归并到12345
全国统一商务领域举报投诉咨询服务电话|12312|市商务局|已归并到12345
全国统一旅游资讯服务电话|12301|市文旅广体局|已归并到12345
人口和计划生育法律法规咨询及举报投诉服务专用电话|12356|市卫生健康委|已暂停服务
火灾隐患举报投诉电话|96119|市消防救援支队|由119兼职接听
全国统一知识产权维权援助公益服务电话|12330|市市场监管局|已归并到12315
全国统一食品药品监督举报服务电话|12331|市市场监管局|已归并到12315
全国价格投诉举报统一电话|12358|市市场监管局|已归并到12315
全国质量技术监督系统和出入境检验检疫统一电话|12365|市市场监管局|已归并到12315
全国防震减灾公益服务电话|12322|市地震局|
医疗保障服务热线|12393|市医疗保障局|已暂停服务
河长制工作监督举报电话|96322|市水利局|
北湖区区长公开电话|2912345|北湖区人民政府|
苏仙区区长公开电话|2812345|苏仙区人民政府|
资兴市市长公开电话|3312345|资兴市人民政府|
桂阳县县长公开电话|4412345|桂阳县人民政府|
宜章县县长公开电话|3712345|宜章县人民政府|
永兴县县长公开电话|5612345|永兴县人民政府|
嘉禾县县长公开电话|6712345|嘉禾县人民政府|
临武县县长公开电话|6612345|临武县人民政府|
汝城县县长公开电话|8412345|汝城县人民政府|
桂东县县长公开电话|8812345|桂东县人民政府|
安仁县县长公开电话|5212345|安仁县人民政府|
"""
DUAL = """\
全国公共法律服务专用电话|12348|市司法局|设专家座席
全国人力资源和社会保障服务电话|12333|市人社局|设专家座席
环境保护投诉举报电话|12369|市生态环境局|
全国住房和城乡建设服务电话|12319|市城管和综合执法局|
全国交通运输服务监督电话|12328|市交通运输局|
全国农业系统公益服务电话|12316|市农业农村局|
全国文化市场举报电话|12318|市文旅广体局|
全国统一公共卫生公益服务电话|12320|市卫生健康委|设专家座席
全国统一安全生产举报投诉电话|12350|市应急管理局|
12315市场监管投诉举报热线|12315|市市场监管局|设专家座席
全国扶贫监督举报电话|12317|市乡村振兴局|
全国残疾人维权服务电话|12385|市残联|
"""
SUBCENTER = """\
全国统一海关公益服务电话|12360||省级设立分中心
全国税务系统统一电话|12366|市税务局|市级设立分中心
全国烟草专卖品市场监管举报电话|12313||省级设立分中心
国家移民管理局12367咨询服务热线|12367||省级设立分中心
全国邮政业用户申诉电话|12305||省级设立分中心
全国统一住房公积金热线服务电话|12329||省级设立分中心
"""
ANNEX = [
    (mode, *row.split("|"))
    for mode, rows in ((Mode.MERGED, MERGED), (Mode.DUAL, DUAL), (Mode.SUBCENTER, SUBCENTER))
    for row in rows.splitlines()
]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read(SHIPPED, PROMPTS)


def test_the_hotline_stands_first_then_all_44_rows_of_the_annex_in_its_order(registry: Registry) -> None:
    assert len(ANNEX) == 44
    first, *lines_after = registry.lines
    assert (first.mode, first.name, first.number, first.unit, first.menu) == (
        Mode.HOTLINE,
        "12345政务服务便民热线",
        "12345",
        "市政府办公室",
        "main",
    )
    assert [(line.mode, line.name, line.number, line.unit, line.remark) for line in lines_after] == ANNEX


def test_exactly_the_remarks_that_name_a_number_are_chains(registry: Registry) -> None:
    chains = {line.number: line.into for line in registry.lines if line.into}
    assert chains == {number: remark[-5:] for _mode, _name, number, _unit, remark in ANNEX if "归并到" in remark}


def test_every_remark_that_names_an_expert_seat_has_one(registry: Registry) -> None:
    experts = {line.number: line.expert for line in registry.lines if line.expert}
    assert experts == {row[2]: f"expert-{row[2]}" for row in ANNEX if row[4] == "设专家座席"}
    seats = {seat.number: seat.groups for seat in registry.seats.values() if seat.groups[0] in experts.values()}
    assert seats == {f"8{number[2:]}": (group,) for number, group in experts.items()}


def test_seats_groups_and_menu_are_those_of_the_plan(registry: Registry) -> None:
    assert {seat for seat, entry in registry.seats.items() if entry.groups == ("general",)} == {
        "8001",
        "8002",
        "8003",
        "8004",
    }
    assert registry.seats["8101"].groups == ("enterprise",)
    assert registry.groups["enterprise"].kind is GroupKind.ENTERPRISE
    assert registry.groups["enterprise"].overflow == "general"
    menu = registry.menus["main"]
    assert (menu.prompt, menu.human) == ("menu-main", "general")
    assert [(choice.key, choice.kind, choice.target, choice.topic) for choice in menu.choices] == [
        ("1", ChoiceKind.GROUP, "general", "反映问题"),
        ("2", ChoiceKind.GROUP, "enterprise", "企业服务"),
        ("3", ChoiceKind.PROGRESS, "general", "查询办理进度"),
        ("9", ChoiceKind.SLOW, None, ""),
        ("8", ChoiceKind.DIALECT, "general", "需方言"),
        ("*", ChoiceKind.REPEAT, None, ""),
        ("7", ChoiceKind.EMERGENCY, "general", "紧急求助"),
        ("0", ChoiceKind.GROUP, "general", "转人工"),
    ]


def test_agents_can_bring_in_the_emergency_services_and_the_utilities(registry: Registry) -> None:
    assert list(registry.linkage) == ["110", "119", "120", "122", "95598", "9601", "9602"]
    assert all(service.reach == number for number, service in registry.linkage.items())


def test_service_is_round_the_clock(registry: Registry) -> None:
    assert not [line for line in registry.lines if line.hours]


def test_every_line_has_its_place_in_the_file(registry: Registry) -> None:
    text = SHIPPED.read_text(encoding="utf-8").splitlines()
    for line in registry.lines:
        assert text[line.place.line - 1][line.place.column - 1 :] == f'number: "{line.number}"'


def test_both_builds_of_the_yaml_library_read_the_same_registry(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "_LOADER", yaml.SafeLoader)
    assert load(SHIPPED.read_text(encoding="utf-8"), str(SHIPPED), PROMPTS) == registry
