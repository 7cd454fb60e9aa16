"""Answers that callers are told by telephone (群众自助查询): when, and in which words. Pure."""

import re
from collections.abc import Sequence
from typing import Protocol

from ivr.knowledge.article import ArticleContent

FOLDER = "answers"
"""The folder of the answers' sounds, below Asterisk's sounds and in the state folder."""

_ASKS = re.compile(
    r"怎么|怎样|咋|如何|什么|啥|哪|几|多少|多久|多长|多高|多大|是不是|能不能|可不可以|要不要|有没有|是否|能否|可否|谁"
    r"|吗|呢|[?？]"
)
_WANTS_A_PERSON = re.compile(
    r"投诉|举报|反映|人工|没人|不处理|拖欠|催|还没|没有?到|没有?发|好几[天次个]|一直|突然|不给|今天|查一下|哪一步"
)
"""Words of a caller who wants something done, or asks how a matter of the own stands: no article answers that."""

# Chosen on the tuning set of trials/bench/knowledge, which prints what follows from them.
_SURE = 0.9  # rank of an article that answers for sure
_APART = 0.25  # rank by which the next article is behind
_MEANT = 0.4  # closeness in meaning; common words alone (今天天气怎么样) reach the rank, too

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
        """Return how well it answers: the higher, the likelier."""

    @property
    def meaning(self) -> float:
        """Return its closeness in meaning, 0 to 1."""


def asks_for_information(words: str) -> bool:
    """Tell whether a caller asks something that an article may answer, and does not only name a matter (公积金)."""
    return bool(_ASKS.search(words)) and not _WANTS_A_PERSON.search(words)


def answers_for_sure(found: Sequence[Ranked]) -> bool:
    """Tell whether the first article answers beyond doubt: by rank, by meaning, and with the next well behind."""
    if not found or found[0].rank < _SURE or found[0].meaning < _MEANT:
        return False
    return len(found) == 1 or found[0].rank - found[1].rank >= _APART


def spoken_text(content: ArticleContent) -> str:
    """Return what a caller hears: that a machine reads the answer, the answer, and that an agent follows.

    GB 45438-2025 asks that a sound made by a machine is named as such.
    """
    plain = _SIGNS_TWICE.sub(r"\1", _BREAKS.sub("，", _BRACKETS.sub("", content.short).translate(_SIGNS).strip()))
    return f"{_BEGIN}{plain.rstrip('。')}。{_END}"


def answer_prompt(article: str, version: int) -> str:
    """Return the prompt id of an answer's sound."""
    return f"{FOLDER}/{article}/{version}"
