"""Names of lines and units are understood, and so are their usual short forms; no registry lists them."""

from dataclasses import replace
from datetime import date

import pytest

from ivr.intents.candidates import Candidates, candidates
from ivr.intents.decide_intent import decide
from ivr.intents.decisions import AskWhich, Confirm, Sure, Unknown
from ivr.intents.known_texts import Target, TargetKind
from ivr.intents.names import line_names, places, unit_names
from ivr.registry.model import Registry

NOT_LISTED = {
    "12348": "公共法律服务 公共法律 司法局 市司法局",
    "12315": "市场监管 市场监管局 市市场监管局 市场监督管理局 市监局 市场监管举报电话",
    "12369": "生态环境 生态环境局 环保局 环境保护 环保热线",
    "12333": "人社局 市人社局 人力资源和社会保障局 社会保障 人社热线",
    "12329": "住房公积金热线 公积金热线",
    "12393": "医疗保障 医保局 医疗保障局",
    "12319": "城管 城管局 住建热线 综合执法局",
    "12328": "交通运输局 交通局",
    "12316": "农业农村局 农业局",
    "12349": "民政局 民政",
    "12336": "自然资源局 国土局 自然资源和规划局",
    "12313": "烟草专卖局 烟草",
    "12367": "移民局 移民管理局 出入境管理局",
    "12385": "残联 残疾人联合会",
    "12366": "税务局 税务",
    "12350": "应急管理局 应急局",
    "12317": "乡村振兴局 扶贫",
    "12396": "科技局 科学技术局",
    "12300": "工信局 电信",
    "12322": "地震局",
    "96322": "水利局 河长制",
    "96119": "消防救援支队 消防救援",
    "2912345": "北湖区政府 北湖政府 北湖区人民政府",
}


@pytest.mark.parametrize(("number", "said"), [(line, said) for line, all in NOT_LISTED.items() for said in all.split()])
def test_a_name_and_its_short_forms_lead_to_the_line(number: str, said: str, main: Candidates) -> None:
    decision = decide(said, main)
    assert isinstance(decision, Sure), said
    assert decision.target == Target(TargetKind.LINE, number)


@pytest.mark.parametrize("said", ["卫健委", "卫生健康委", "市卫生健康委"])
def test_a_unit_with_two_lines_is_asked_about(said: str, main: Candidates) -> None:
    decision = decide(said, main)
    assert isinstance(decision, AskWhich)
    assert {decision.first.name, decision.other.name} == {"12320", "12356"}


def test_a_unit_with_three_lines_comes_to_an_agent(chenzhou: Registry) -> None:
    lines = tuple(replace(line, unit="市卫生健康委") if line.number == "12322" else line for line in chenzhou.lines)
    known = candidates(replace(chenzhou, lines=lines), chenzhou.menus["main"], date(2026, 6, 1))
    assert isinstance(decide("卫健委", known), Unknown)


def test_a_unit_whose_lines_are_merged_into_one_is_that_line(main: Candidates) -> None:
    decision = decide("找市场监管局", main)  # five lines; four of them are merged into the fifth
    assert isinstance(decision, Sure)
    assert decision.target.name == "12315"


def test_a_county_alone_is_asked_about_and_yields_to_a_matter(main: Candidates) -> None:
    alone, beside = decide("我是桂阳县的", main), decide("北湖区这边路灯不亮", main)
    assert isinstance(alone, Confirm)
    assert alone.target.name == "4412345"
    assert isinstance(beside, Sure | Confirm)
    assert beside.target.name == "12319"


def test_a_phrase_of_the_registry_counts_more_than_a_name(chenzhou: Registry) -> None:
    lines = tuple(
        replace(line, phrases=(*line.phrases, "民政局")) if line.number == "12317" else line for line in chenzhou.lines
    )
    known = candidates(replace(chenzhou, lines=lines), chenzhou.menus["main"], date(2026, 6, 1))
    decision = decide("民政局", known)
    assert isinstance(decision, Sure)
    assert decision.target.name == "12317"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("全国统一知识产权维权援助公益服务电话", "知识产权"),
        ("全国烟草专卖品市场监管举报电话", "烟草专卖"),
        ("人口和计划生育法律法规咨询及举报投诉服务专用电话", "计划生育"),
        ("北湖区区长公开电话", "北湖区长"),
        ("12345政务服务便民热线", "政务服务便民"),
    ],
)
def test_words_that_every_line_has_are_taken_away(name: str, short: str) -> None:
    assert line_names(name)[0] == name
    assert short in line_names(name)


@pytest.mark.parametrize(
    ("unit", "short"),
    [("市场监管局", "市监局"), ("市市场监管局", "市监局"), ("郴州市市场监管局", "市场监管局"), ("市残联", "残联")],
)
def test_the_city_before_a_unit_is_taken_away(unit: str, short: str) -> None:
    assert short in unit_names(unit, "郴州市")


def test_an_empty_name_gives_no_short_form() -> None:
    assert unit_names("") == ()
    assert line_names("电话") == ("电话",)
    assert places("市水利局") == ()
