"""The pairs of characters by which a work order is found, as whole numbers. Pure.

Neither SQLite's nor PostgreSQL's own search divides Chinese into words, and their trigrams find no word of two
characters (路灯). A pair is one whole number, so that the index is small, and the same in both databases.
"""

import unicodedata
from itertools import pairwise

_END = "\0"
_BITS = 21  # of a code point


def pairs_of(text: str) -> set[int]:
    """Return the pairs of neighbouring characters of a text, whatever its spaces and capital letters."""
    return {pair_of(first, second) for word in normal_form(text).split() for first, second in pairwise(word)}


def pairs_to_keep(text: str) -> set[int]:
    """Return the pairs of a text, and a pair for the end of each run, so that every character begins a pair."""
    return pairs_of(text) | {pair_of(word[-1], _END) for word in normal_form(text).split()}


def pair_of(first: str, second: str) -> int:
    """Return a pair of characters as a number."""
    return ord(first) << _BITS | ord(second)


def pairs_beginning_with(character: str) -> tuple[int, int]:
    """Return the first and the last number of the pairs that begin with a character."""
    return ord(character) << _BITS, (ord(character) + 1 << _BITS) - 1


def normal_form(text: str) -> str:
    """Return a text in the form in which pairs are made of it: NFKC, small letters."""
    return unicodedata.normalize("NFKC", text).lower()
