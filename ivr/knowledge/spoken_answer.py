"""Answers that callers hear by telephone (群众自助查询): the conditions, and the words. Pure."""

import re
from collections.abc import Sequence
from typing import Protocol

from ivr.knowledge.article import ArticleContent

FOLDER = "answers"
"""The folder of the answers' sounds, below Asterisk's sounds and in the state folder."""

_QUESTION = re.compile(
    r"怎么|怎样|咋|如何|什么|啥|哪|几|多少|多久|多长|多高|多大|是不是|能不能|可不可以|要不要|有没有|是否|能否|可否|谁"
    r"|吗|呢|[?？]"
)
_WANTS_A_PERSON = re.compile(
    r"投诉|举报|反映|人工|没人|不处理|拖欠|催|还没|没有?到|没有?发|好几[天次个]|一直|突然|不给|今天|查一下|哪一步"
)
"""Words of a caller who wants an act, or asks for the state of the caller's own matter. No article answers that."""

# Chosen on the tuning set of trials/bench/knowledge, which prints the results of a choice.
_SURE = 0.9  # least rank of an article that answers for sure
_DISTANCE = 0.25  # least distance in rank to the next article
_LEAST_MEANING = 0.4  # least closeness in meaning, because common words alone (今天天气怎么样) may reach the rank

_BEGIN = "以下是知识库的语音答复，按任意键或者说转人工，随时转接话务员。"
_END = "需要人工服务请稍候，不需要请挂机。"
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_BREAKS = re.compile(r"\s*\n\s*")
_SIGNS_TWICE = re.compile(r"([，。；！？])，")
_SIGNS = str.maketrans({"《": "", "》": "", "“": "", "”": "", "、": "，", "：": "，", "—": "，"})


class Ranked(Protocol):
    """An article that was found, with its rank."""

    @property
    def rank(self) -> float:
        """Return the rank; the higher it is, the likelier the article answers."""

    @property
    def meaning(self) -> float:
        """Return the closeness of the article in meaning, 0 to 1."""


def asks_for_information(words: str) -> bool:
    """Tell whether a caller asks a question that an article may answer. A mere name (公积金) is no question."""
    return bool(_QUESTION.search(words)) and not _WANTS_A_PERSON.search(words)


def answers_for_sure(ranked_articles: Sequence[Ranked]) -> bool:
    """Tell whether the first article answers for sure: by its rank, its meaning, and its distance to the next."""
    if not ranked_articles or ranked_articles[0].rank < _SURE or ranked_articles[0].meaning < _LEAST_MEANING:
        return False
    return len(ranked_articles) == 1 or ranked_articles[0].rank - ranked_articles[1].rank >= _DISTANCE


def spoken_text(content: ArticleContent) -> str:
    """Return the words that a caller hears: a notice that a machine reads, the answer, and the way to an agent.

    GB 45438-2025 requires a notice before synthetic speech.
    """
    plain = _SIGNS_TWICE.sub(r"\1", _BREAKS.sub("，", _BRACKETS.sub("", content.short).translate(_SIGNS).strip()))
    return f"{_BEGIN}{plain.rstrip('。')}。{_END}"


def answer_prompt(article: str, version: int) -> str:
    """Return the prompt id of an answer's sound."""
    return f"{FOLDER}/{article}/{version}"
