"""The caller name on an agent's phone: the number dialled, its name, and marks that are never cut."""

from datetime import datetime

import pytest

from ivr.registry.model import Registry
from ivr.routing.calendar import CITY_TIME
from ivr.routing.decide import plan
from ivr.routing.display import LONGEST, caller_name, own_words
from ivr.routing.explain import everybody

MORNING = datetime(2026, 3, 31, 9, 30, tzinfo=CITY_TIME)


def shown(registry: Registry, dialled: str, *, needs_expert: bool = False, topic: str = "") -> str:
    decided = plan(registry, dialled, "", MORNING, everybody(registry))
    return caller_name(decided, needs_expert=needs_expert, topic=topic)


@pytest.mark.parametrize(
    ("dialled", "needs_expert", "topic", "name"),
    [
        ("12345", False, "", "12345 12345政务服务便民热线"),
        ("12345", False, "企业服务", "12345 12345政务服务便民热线 企业服务"),
        ("12333", False, "", "12333 全国人力资源和社会保障服务电话"),
        ("12333", True, "", "12333 全国人力资源和社会保障服务电话 需专家"),
        ("12333", True, "社保", "12333 全国人力资源和社会保障服务电话 需专家 社保"),
        ("073512331", True, "", "12331 全国统一食品药品监督举报服务电话 需专家"),  # the number dialled, and not 12315
        ("2912345", False, "反映问题", "2912345 北湖区区长公开电话 反映问题"),
        ("99999", False, "", "99999 未登记号码"),
        ("99999", False, "企业服务", "99999 未登记号码 企业服务"),
        ("1&System(x)", False, "", "12345 未登记号码"),
        ("9" * 20, False, "", f"{'9' * 20} 未登记号码"),
        ("9" * 20, True, "十二个字的主题占满整行", f"{'9' * 20} 未登记 需专家 十二个字的主题占满整行"),
        ("12365", True, "乱收费", "12365 全国质量技术监督系统和出入境检验检疫统一电话 需专家 乱收费"),
        ("12365", True, "检验检疫证书办理", "12365 全国质量技术监督系统和出入境检验检疫统一电 需专家 检验检疫证书办理"),
    ],
)
def test_the_display_has_number_name_and_marks(
    chenzhou: Registry, dialled: str, needs_expert: bool, topic: str, name: str
) -> None:
    assert shown(chenzhou, dialled, needs_expert=needs_expert, topic=topic) == name


@pytest.mark.parametrize("topic", ["", "转人工", "查询办理进度", "一" * 20])
@pytest.mark.parametrize("needs_expert", [False, True])
def test_no_display_is_longer_than_a_phone_shows(chenzhou: Registry, needs_expert: bool, topic: str) -> None:
    for line in chenzhou.lines:
        name = shown(chenzhou, line.number, needs_expert=needs_expert, topic=topic)
        assert len(name) <= LONGEST
        assert name.startswith(f"{line.number} ")
        assert name.endswith((" 需专家" if needs_expert else "") + (f" {topic}" if topic else ""))


@pytest.mark.parametrize(
    ("text", "sure", "guess", "words"),
    [
        ("路灯不亮", True, "", "“路灯不亮”"),
        ("路灯不亮", False, "", "“路灯不亮”?"),
        ("路灯不亮", False, "12319", "12319?“路灯不亮”"),
        ("我的电话是***，请回", False, "", "“我的电话是***请回”?"),
        ('a"b,c) ${X} 火', False, "", "“abcX火”?"),
        ("一" * 50, True, "", f"“{'一' * 12}”"),
        ("……", False, "12319", ""),
    ],
)
def test_the_display_has_the_callers_own_words(text: str, sure: bool, guess: str, words: str) -> None:
    assert own_words(text, sure=sure, guess=guess) == words


@pytest.mark.parametrize(
    "topic", ["", "反映问题", "12328 全国统一交通运输服务监督电话", "12333 全国人力资源和社会保障服务电话"]
)
@pytest.mark.parametrize("said", ["“公路坑洼公路坑洼公路坑洼”", "“公路坑洼公路坑洼公路坑洼”?"])
def test_own_words_are_shown_whole_beside_the_topic(chenzhou: Registry, topic: str, said: str) -> None:
    decided = plan(chenzhou, "12345", "", MORNING, everybody(chenzhou))
    name = caller_name(decided, needs_expert=True, topic=topic, words=said)
    assert len(name) <= LONGEST
    assert name.startswith("12345 ")
    assert name.endswith(said)
    assert " 需专家 " in name
    assert topic[:12] in name


def test_words_that_equal_the_topic_are_shown_once(chenzhou: Registry) -> None:
    decided = plan(chenzhou, "12345", "", MORNING, everybody(chenzhou))
    name = caller_name(decided, needs_expert=False, topic="企业服务", words="“企业服务”")
    assert name == "12345 12345政务服务便民热线 企业服务"


def test_marks_are_kept_even_if_they_alone_exceed_the_length(chenzhou: Registry) -> None:
    topic = "一" * LONGEST
    assert shown(chenzhou, "12333", needs_expert=True, topic=topic) == f"12333 需专家 {topic}"
