"""The terms by which an article is found: words, pairs of characters, and pairs of syllables. Pure.

Neither SQLite's nor PostgreSQL's own search divides Chinese into words, so the terms are made here for both databases.
A pair of characters finds a part of a word. A pair of syllables, written ``~gong ji``, finds words that a recogniser
wrote with other characters. Sounds that speakers and recognisers confuse have one spelling.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from ivr.knowledge.article import ArticleContent
from ivr.phonetics import dictionaries
from ivr.phonetics.filler_words import filler

LONGEST_QUERY = 80  # characters; the rest of a longer query is ignored
SOUND = "~"  # begins a term of two syllables
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_WEIGHTS = {
    "title": 2.0,
    "questions": 2.0,
    "short": 1.0,
    "long": 0.5,
}  # by weight, the title first
HIGHEST = max(_WEIGHTS.values())
_SAME_SOUND = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("hu", "f"))  # beginnings


def terms_of_article(content: ArticleContent) -> dict[str, float]:
    """Return the terms of a version with their weights."""
    weights: dict[str, float] = {}
    texts = {
        "title": content.title,
        "questions": "\n".join(content.questions),
        "short": content.short,
        "long": content.long,
    }
    for field, field_text in texts.items():
        weight, text = _WEIGHTS[field], normal_form(field_text)
        for term in word_terms(text):
            weights[term] = max(weight, weights.get(term, 0.0))
        if field in ("title", "questions"):
            for term in sound_terms(text):
                weights[term] = max(weight, weights.get(term, 0.0))
    return weights


def query_text(query: str) -> str:
    """Return a query without filler words such as 我想问一下; the whole query if nothing else is left."""
    text = normal_form(query[:LONGEST_QUERY])
    matter = "".join(" " if is_filler else sign for sign, is_filler in zip(text, filler(text), strict=True))
    return matter if _RUN.search(matter) else text


def normal_form(text: str) -> str:
    """Return a text in the form in which terms are made of it: NFKC, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def word_terms(text: str) -> Iterator[str]:
    """Yield words and pairs of characters of a text in `normal` form; a single character only if it stands alone."""
    for word_run in _RUN.findall(text):
        if len(word_run) == 1 or not _CHINESE.match(word_run):
            yield word_run
        else:
            yield from _pairs(word_run)
            yield from (word for word in dictionaries.rjieba.cut_for_search(word_run) if len(word) > 2)


def sound_terms(text: str) -> Iterator[str]:
    """Yield the pairs of syllables of a text in `normal` form."""
    pypinyin = dictionaries.pypinyin
    for chinese_run in _CHINESE.findall(text):
        syllables = [_sound(syllable) for syllable in pypinyin.lazy_pinyin(chinese_run, style=pypinyin.Style.NORMAL)]
        yield from (f"{SOUND}{first} {second}" for first, second in pairwise(syllables))


def _pairs(characters: str) -> Iterable[str]:
    return (characters[position : position + 2] for position in range(len(characters) - 1))


@lru_cache(maxsize=2048)
def _sound(syllable: str) -> str:
    for beginning, same_sound in _SAME_SOUND:
        if syllable.startswith(beginning) and syllable != beginning:
            syllable = same_sound + syllable[len(beginning) :]
            break
    return syllable[:-1] if syllable.endswith("ng") else syllable
