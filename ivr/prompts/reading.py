"""The spoken form of a text in Mandarin: telephone numbers are read digit by digit."""

import re

_SINGLE = str.maketrans("0123456789", "零一二三四五六七八九")
_IN_NUMBER = str.maketrans("0123456789", "零幺二三四五六七八九")
_DIGITS = re.compile(r"\d+", re.ASCII)
_SENTENCE = re.compile(r"[^。；！？]+[。；！？]?")
_HAN = re.compile(r"[一-鿿]")


def spoken(text: str) -> str:
    """Return ``text`` with its digits in Chinese characters, as a hotline reads them.

    In a run of digits each digit is read by itself, and 1 is 幺 (12345 is 幺二三四五). A single digit is a key or a
    count, and 1 is 一 (请按1 is 请按一).
    """
    return _DIGITS.sub(lambda run: run[0].translate(_IN_NUMBER if len(run[0]) > 1 else _SINGLE), text)


def sentences(text: str) -> list[str]:
    """Split a text after each 。；！ and ？, at which the voice pauses; the mark stays with its sentence."""
    return [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]


def is_fragment(text: str) -> bool:
    """Return whether a text has no end (您拨打的), because another prompt continues it at once."""
    return not text.endswith(("。", "！", "？"))


def syllables(text: str) -> int:
    """Return the number of spoken syllables of ``text``: one for each Chinese character and digit."""
    return len(_HAN.findall(spoken(text)))
