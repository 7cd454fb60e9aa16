"""Text as it sounds: one syllable a character, with every reading that the character may have."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ivr.phonetics import dictionaries
from ivr.phonetics.syllables import apart

_LONGEST = 40
"""Characters of an utterance that are looked at: eight seconds of fast speech."""

_OTHERS_WRITTEN = 0.06
"""The cost if two sounds are the same and the characters are not: little, because a recogniser guesses characters."""

_DIGITS = str.maketrans("0123456789幺〇", "零一二三四五六七八九一零")
_HUMMED = {"n": "en", "ng": "en", "m": "en", "hm": "en", "hng": "en", "ê": "ai"}  # 嗯 and the like
_CHINESE = range(0x4E00, 0xA000)


@dataclass(frozen=True, slots=True)
class Sound:
    """One character, as it is written and as it may be read."""

    character: str
    readings: tuple[str, ...]  # toneless, the likeliest first


def plain(text: str) -> str:
    """Return the Chinese characters of ``text``, digits among them as 一二三, and nothing else."""
    text = unicodedata.normalize("NFKC", text[: 4 * _LONGEST]).translate(_DIGITS)
    readings = dictionaries.pypinyin.constants.PINYIN_DICT
    return "".join(character for character in text if ord(character) in _CHINESE and ord(character) in readings)[
        :_LONGEST
    ]


def sounds(text: str) -> tuple[Sound, ...]:
    """Return the sounds of ``text`` after `plain`."""
    text = plain(text)
    if not text:
        return ()
    pypinyin = dictionaries.pypinyin
    read = pypinyin.pinyin(text, style=pypinyin.Style.NORMAL, heteronym=True)
    return tuple(_sound(character, readings) for character, readings in zip(text, read, strict=True))


def _sound(character: str, readings: list[str]) -> Sound:
    return Sound(character, tuple(dict.fromkeys(_HUMMED.get(reading, reading) for reading in readings)))


def differ(first: Sound, second: Sound) -> float:
    """Return the distance of two sounds, 0 to 1."""
    return 0.0 if first.character == second.character else _differ(first.readings, second.readings)


@lru_cache(maxsize=1 << 17)
def _differ(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    return min(1.0, _OTHERS_WRITTEN + min(apart(reading, reading2) for reading in first for reading2 in second))
