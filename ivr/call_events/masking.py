"""Masks long numbers in a caller's words (telephone, identity card, bank card) before the words are stored."""

import re
from collections.abc import Collection

MASK = "***"  # of one length for every number, so that the mask tells nothing of the number
_SHORTEST = 5  # digits
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九幺两", "00012345678912")
_DIGIT = r"[\d零〇○一二三四五六七八九幺两]"
_BETWEEN = r"[\s,，、.。·-]*"  # signs that a recogniser writes between the digits of a number
_NUMBER = re.compile(rf"{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{{_SHORTEST - 1},}}")


def mask_numbers(text: str, plain: Collection[str] = ()) -> str:
    """Return ``text`` with each number of five digits or more masked, whether written 13800000000 or 一三八零….

    Args:
        text: the reading of a recogniser; any text.
        plain: numbers that stay readable: the numbers of the registry.
    """

    def mask(match: re.Match[str]) -> str:
        digits = "".join(sign for sign in match[0].translate(_CHINESE_DIGITS) if sign.isdigit())
        return match[0] if digits in plain else MASK

    return _NUMBER.sub(mask, text)
