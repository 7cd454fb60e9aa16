"""The terms of a text's sound: its syllables, and each two in a row, spelt alike if many speakers say them alike."""

from itertools import pairwise

from ivr.phonetics.pronunciation import sounds

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"))
"""Initials that southern speakers do not tell apart; nor do they tell in from ing, en from eng, an from ang."""


def sound_terms(text: str) -> list[str]:
    """Return the terms of any text, the single syllables first.

    >>> sound_terms("身份证")
    ['sen', 'fen', 'zen', 'sen fen', 'fen zen']
    """
    syllables = [_broad(sound.readings[0]) for sound in sounds(text)]
    return [*syllables, *(f"{first} {second}" for first, second in pairwise(syllables))]


def _broad(syllable: str) -> str:
    for narrow, broad in _INITIALS:
        if syllable.startswith(narrow):
            syllable = broad + syllable.removeprefix(narrow)
            break
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable
