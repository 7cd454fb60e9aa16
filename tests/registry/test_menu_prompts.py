"""`ivr check` names each difference between a menu's keys and the keys that its recording names."""

from pathlib import Path

import pytest

from ivr.registry.checks.menu_prompts import named_keys, warnings
from ivr.registry.load import read
from ivr.registry.model import ChoiceKind, Registry
from ivr.registry.prompts import recorded

ROOT = Path(__file__).parents[2]
FITS = "紧急求助请按7；反映问题请按1；企业服务请按2；查询办理进度请按3；慢速播放请按9；重听请按星号；转人工请按0。"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read(ROOT / "numbers.yaml", recorded(ROOT / "recordings"))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (FITS, "71239*0"),
        ("投诉按一，咨询按二，人工按零", "120"),
        ("投诉请按 １ 号键；重听请按＊，结束请按#", "1*#"),
        ("紧急情况请直接拨打110、119、120、122。", ""),
        ("按1按1按井号键", "1#"),
        ("", ""),
    ],
)
def test_the_keys_are_found_in_the_text_of_a_prompt(text: str, keys: str) -> None:
    assert "".join(named_keys(text)) == keys


def test_a_prompt_that_names_the_menus_keys_causes_no_warning(registry: Registry) -> None:
    assert warnings(registry, {"menu-main": FITS}) == ()


def test_a_key_that_no_caller_hears_of_is_named_with_the_menus_line(registry: Registry) -> None:
    (warning,) = warnings(registry, {"menu-main": FITS.replace("企业服务请按2；", "")})
    assert warning.place == registry.menus["main"].place
    assert "callers do not hear of these keys: 2; the recording menu-main says '紧急求助请按7；" in warning.message


def test_the_prompt_need_not_name_the_dialect_key(registry: Registry) -> None:
    """FITS does not name key 8, because a caller who needs the dialect does not understand the prompt."""
    assert next(choice for choice in registry.menus["main"].choices if choice.key == "8").kind is ChoiceKind.DIALECT
    assert warnings(registry, {"menu-main": FITS}) == ()


def test_a_key_that_callers_hear_of_and_the_menu_lacks_is_named(registry: Registry) -> None:
    (warning,) = warnings(registry, {"menu-main": FITS + "公积金请按4。"})
    assert "callers hear of keys that the menu does not have: 4;" in warning.message


@pytest.mark.parametrize("texts", [{}, {"menu-main": None}])
def test_a_recording_without_known_words_is_named_with_the_command_that_sets_them(
    registry: Registry, texts: dict[str, str | None]
) -> None:
    (warning,) = warnings(registry, texts)
    assert 'ivr prompts import FILE menu-main --text "…"' in warning.message
