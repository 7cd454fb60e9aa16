"""Yes and no, as people say them."""

import pytest

from ivr.intents.answer import answer, words
from ivr.registry.model import Answers, Registry
from tests.intents.table import table

MEANT = {"yes": True, "no": False, "unclear": None}


@pytest.mark.parametrize(
    ("text", "meant"), [(text, MEANT[kind]) for kind, texts in table()["answers"].items() for text in texts]
)
def test_an_answer_is_understood(text: str, meant: bool | None, chenzhou: Registry) -> None:
    assert answer(text, words(chenzhou.answers)) is meant


@pytest.mark.parametrize("text", ["", "...", "ok", "\ud800", "🙂"])
def test_silence_is_no_answer(text: str, chenzhou: Registry) -> None:
    assert answer(text, words(chenzhou.answers)) is None


def test_without_words_in_the_registry_keys_must_do() -> None:
    assert answer("是", words(Answers())) is None
