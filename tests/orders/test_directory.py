"""orders.yaml is checked as strictly as numbers.yaml: line, column, what to do."""

from pathlib import Path

import pytest

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.directory_reader import load_directory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order_requests import OrderRequests
from ivr.orders.suggestion import suggest_dispatch
from ivr.records.store.database import Database
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from tests.orders.order_story import AGENT, BEGIN, HOUSING, SUPERVISOR, URBAN, OrderStory

TEXT = (Path(__file__).parents[2] / "orders.yaml").read_text(encoding="utf-8")


def place(text: str, part: str) -> str:
    text_before = text[: text.index(part)]
    return f"orders.yaml:{text_before.count(chr(10)) + 1}:"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("default_unit: 市政府办公室", "default_unit: 市政府办公厅", "did you mean '市政府办公室'?"),
        ("default_kind: help", "", "'default_kind' is missing"),
        ("days: 3, phrases: [咨询", "days: 0, phrases: [咨询", "1 to 250 are allowed"),
        ("{ title: 咨询, days: 3,", "{ title: 咨询, day: 3,", "did you mean 'days'?"),
        ('lines: ["12333"]', 'lines: ["12334"]', "12334 is not in numbers.yaml; did you mean"),
        ("{ class: education, unit: 市教育局 }", "{ class: educaton, unit: 市教育局 }", "did you mean 'education'?"),
        ("{ class: education, unit: 市教育局 }", "{ unit: 市教育局 }", "name a class, line or county"),
        ("{ class: security, unit: 市公安局 }", "{ class: education, unit: 市公安局 }", "this one is never reached"),
        ("  - { name: 市教育局 }", "  - { name: 市教育局 }\n  - { name: 市教育局 }", "a second time"),
        ("helpers: [市城管和综合执法局]", "helpers: [市住房和城乡建设局]", "no other unit"),
        ("escalate_after: 5", "escalate_after: 1", "must be later than remind_after"),
        ('hours: "09:00-20:00"', 'hours: "20:00-09:00"', "ends before it starts"),
        ("limits:\n  extensions: 1", "limits:\n  password: geheim\n  extensions: 1", "password"),
        ("kinds:\n", "kinds: [a]\nkindsx:\n", "must hold keys"),
    ],
)
def test_a_mistake_is_named_with_its_place(registry: Registry, old: str, new: str, said: str) -> None:
    assert TEXT.count(old) >= 1
    with pytest.raises(RegistryError) as refused:
        load_directory(TEXT.replace(old, new, 1), "orders.yaml", registry)
    assert said in str(refused.value)
    assert str(refused.value).startswith("orders.yaml:")


def test_a_misspelt_unit_is_named_by_its_line(registry: Registry) -> None:
    misspelt = TEXT.replace("unit: 北湖区人民政府", "unit: 北湖区政府", 1)
    with pytest.raises(RegistryError) as refused:
        load_directory(misspelt, "orders.yaml", registry)
    assert str(refused.value).startswith(place(misspelt, "unit: 北湖区政府"))


def test_the_shipped_directory_knows_every_unit_of_the_registry(registry: Registry, directory: OrderDirectory) -> None:
    assert {line.unit for line in registry.lines if line.unit} <= directory.units.keys()
    assert all(suggest_dispatch(directory, line.number, "").unit in directory.units for line in registry.lines)


@pytest.mark.parametrize(
    ("number", "words", "kind", "klass", "unit"),
    [
        ("12333", "我要投诉，老板拖欠工资", "complaint", "labour", "市人社局"),
        ("12345", "桂阳县的路灯坏了", "help", "urban", "桂阳县人民政府"),
        ("4412345", "", "help", "", "桂阳县人民政府"),
        ("12345", "请问小学入学要什么材料，学校说不行", "consultation", "education", "市教育局"),
        ("12345", "", "help", "government", "市政府办公室"),
        ("12360", "", "help", "", "市政府办公室"),
        ("12345", "工资三个月没发", "help", "labour", "市人社局"),
        ("12333", "路灯三天不亮", "help", "urban", "市城管和综合执法局"),
    ],
)
def test_a_matter_finds_its_unit(
    directory: OrderDirectory, number: str, words: str, kind: str, klass: str, unit: str
) -> None:
    suggestion = suggest_dispatch(directory, number, words)
    assert (suggestion.kind, suggestion.klass, suggestion.unit) == (kind, klass, unit)


def test_a_matter_unknown_to_the_directory_follows_earlier_work_orders(
    database: Database, directory: OrderDirectory
) -> None:
    """No phrase of orders.yaml stands in the words; a confidential work order teaches nothing."""
    words = "共享单车乱停放堵住人行道"
    earlier = [OrderStory(database, directory, title=f"{words}{count}") for count in range(3)]
    for story, unit in zip(earlier, (HOUSING, HOUSING, URBAN), strict=True):
        story.act(OrderAct.RECEIVE, AGENT, kind="help", **{"class": "housing" if unit == HOUSING else "urban"})
        story.act(OrderAct.DISPATCH, AGENT, unit=unit)
    requests = OrderRequests(database, lambda: directory, lambda: BEGIN)

    def suggested(words: str) -> tuple[str, str, list[str]]:
        draft = requests.draft(
            {"name": "wang", "role": "agent"}, caller="", number="", words=words, county="", place="", klass=""
        )
        suggestion = draft["suggestion"]
        return suggestion["class"], suggestion["unit"], sorted(suggestion["history"])

    both = sorted(story.order.order for story in earlier[:2])
    assert suggested("共享单车乱停放") == ("housing", HOUSING, both)
    assert suggested("路灯边的共享单车") == ("urban", URBAN, []), "the directory knows that word"
    assert suggested("完全没有说过的事") == ("", directory.default_unit, [])
    earlier[0].act(OrderAct.AMEND, SUPERVISOR, confidential=True)
    assert suggested("共享单车乱停放") == ("", directory.default_unit, []), (
        "two earlier orders with different units give no suggestion"
    )
