"""Every text gives a registry or problems, and never an unexpected exception."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ivr.registry import tree
from ivr.registry.load import load
from ivr.registry.problems import RegistryError
from ivr.registry.prompts import NEEDED

GOOD = (Path(__file__).parent / "good" / "history.yaml").read_text(encoding="utf-8")
WORDS = ["city", "lines", "number", "mode", "merged", "into", "keys", "12345", "0735", "2026-02-30", "a", "\n", "  "]
MARKS = [": ", "- ", "[", "]", "{", "}", ",", "&a ", "*a", "!!int ", "|\n", "#", '"', "'", "\t", "---\n", "? ", "%YAML"]
VALUES = ["12345", "0735", "", "general", "2026-02-30", "~", "yes", "&", "\u202e", "\ud800", "\x00", "1e9", "{", "true"]


def survives(text: str) -> None:
    try:
        load(text, "x.yaml", NEEDED)
    except RegistryError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.message
            assert problem.message.isprintable()
            assert 1 <= problem.place.line <= text.count("\n") + text.count("\r") + 2


@given(st.text(st.characters()))
def test_any_text_gives_a_registry_or_problems(text: str) -> None:
    survives(text)


@given(st.lists(st.sampled_from(WORDS + MARKS), max_size=40).map("".join))
def test_any_yaml_like_text_gives_a_registry_or_problems(text: str) -> None:
    survives(text)


@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.sampled_from(WORDS + MARKS + VALUES))
def test_a_damaged_file_gives_a_registry_or_problems(start: int, length: int, instead: str) -> None:
    survives(GOOD[:start] + instead + GOOD[start + length :])


_node = st.recursive(
    st.sampled_from(VALUES) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["city", "lines", "groups", "seats", "menus", "hours", "timers"]), _node))
def test_any_values_of_the_keys_give_a_registry_or_problems(values: dict[str, object]) -> None:
    survives(yaml.safe_dump(values, allow_unicode=True))


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000, "? " * 5000, "&a [*a]", '"\\ud800"', "a: *b"])
@pytest.mark.parametrize("loader", [tree._LOADER, yaml.SafeLoader], ids=["fast", "pure"])
def test_texts_made_to_break_a_parser_give_a_registry_or_problems(
    text: str, loader: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "_LOADER", loader)
    survives(text)
