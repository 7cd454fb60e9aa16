"""Articles on offer have the sound of their present version and no other; the engine looks for answers among them."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from ivr.engine import article_sounds
from ivr.engine.article_sounds import ArticleSounds
from ivr.engine.telephone_answers import TelephoneAnswers
from ivr.knowledge.article import ArticleContent
from ivr.knowledge.article_search import FoundArticle
from ivr.knowledge.spoken_answer import answer_prompt, answers_for_sure, asks_for_information, spoken_text
from ivr.knowledge.store.article_store import find_article
from ivr.shipped import RECORDINGS
from tests.knowledge.conftest import REVIEWER, UNIT, KnowledgeStory

SOUND = (RECORDINGS / "zh" / "order-ask.wav").read_bytes()


@pytest.fixture(autouse=True)
def _no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(article_sounds, "_VOICE", "no_such_voice")


def looked(story: KnowledgeStory, folder: Path, sounds: ArticleSounds | None = None) -> ArticleSounds:
    """The sounds after one look."""
    article_sounds = sounds or ArticleSounds(folder, story.database, None, lambda: story.now, lambda: None)  # type: ignore[arg-type]
    asyncio.run(article_sounds._look())
    return article_sounds


def put(folder: Path, article: str, version: int) -> Path:
    path = folder / article / f"{version}.wav"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(SOUND)
    return path


def test_only_the_version_on_offer_keeps_its_sound(story: KnowledgeStory, tmp_path: Path) -> None:
    story.release("overtime", "加班工资怎么算")
    present, withdrawn = put(tmp_path, "overtime", 1), put(tmp_path, "withdrawn", 1)
    sounds = looked(story, tmp_path)
    assert (present.exists(), withdrawn.exists(), sounds.has_sounds) == (True, False, True)
    assert sounds.seconds("overtime", 1)
    story.requests.act(UNIT, "overtime", "revise", {"short": "新的回答。"})
    looked(story, tmp_path, sounds)
    assert present.exists(), "the released version stays on offer while a new one is written"
    story.requests.act(REVIEWER, "overtime", "withdraw", {"reason": "法律修改"})
    looked(story, tmp_path, sounds)
    assert (present.exists(), sounds.has_sounds) == (False, False)


async def test_without_sounds_nothing_is_looked_up(story: KnowledgeStory, tmp_path: Path) -> None:
    def never() -> None:
        raise AssertionError("the encoder is not loaded")

    sounds = ArticleSounds(tmp_path, story.database, None, lambda: story.now, lambda: None)  # type: ignore[arg-type]
    answers = TelephoneAnswers(story.database, sounds, never, datetime.now)  # type: ignore[arg-type]
    assert await answers.find("加班工资怎么算") is None


def test_a_damaged_sound_counts_as_none(story: KnowledgeStory, tmp_path: Path) -> None:
    story.release("overtime", "加班工资怎么算")
    put(tmp_path, "overtime", 1).write_bytes(b"RIFF")
    assert not looked(story, tmp_path).has_sounds


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("加班费怎么算", True), ("公积金能不能提取", True), ("办护照要多少钱", True), ("公积金", False),
        ("我要投诉怎么没人管", False), ("工资怎么还没有发", False), ("查一下我的单子到哪一步了", False),
        ("转人工", False),
    ],
)  # fmt: skip
def test_a_question_is_distinguished_from_a_matter_and_a_complaint(words: str, asks: bool) -> None:
    assert asks_for_information(words) is asks


def test_an_answer_must_be_far_ahead_and_mean_the_same(story: KnowledgeStory) -> None:
    story.release("overtime", "加班工资怎么算")
    with story.database.begin() as connection:
        article = find_article(connection, "overtime")
    assert article

    def found(rank: float, meaning: float) -> FoundArticle:
        return FoundArticle(article, rank, rank - meaning, 0.0, meaning)

    assert answers_for_sure([found(1.5, 0.7), found(0.9, 0.5)])
    assert not answers_for_sure([found(1.5, 0.7), found(1.4, 0.6)]), "two articles answer equally well"
    assert not answers_for_sure([found(1.5, 0.2)]), "the words are the same, but the meaning differs"
    assert not answers_for_sure([found(0.5, 0.5)])
    assert not answers_for_sure([])


def test_the_caller_hears_that_a_machine_reads_and_no_signs() -> None:
    text = spoken_text(ArticleContent(short="按《劳动法》（2018年修正）第四十四条，\n周末加班支付200%。"))
    assert text.startswith("以下是知识库的语音答复")
    assert "按劳动法第四十四条，周末加班支付200%。需要人工服务请稍候" in text
    assert answer_prompt("12333-overtime", 3) == "answers/12333-overtime/3"
