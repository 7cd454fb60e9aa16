"""Splits phrases into words that a model knows, because a grammar accepts nothing else. Pure."""

from collections.abc import Callable

_LONGEST = 8  # characters of a word


def split(phrase: str, known: Callable[[str], bool]) -> tuple[str, ...] | None:
    """Return the phrase as the fewest known words, or None if it cannot be said in known words.

    Punctuation is dropped. A space ends a word. Chinese has no spaces, so a word may begin at every character.
    """
    words: list[str] = []
    for part in "".join(character if character.isalnum() else " " for character in phrase).split():
        if known(part):
            words.append(part)
        elif (pieces := _pieces(part, known)) is not None:
            words += pieces
        else:
            return None
    return tuple(words)


def _pieces(text: str, known: Callable[[str], bool]) -> tuple[str, ...] | None:
    best: list[tuple[str, ...] | None] = [()]  # the fewest words for each beginning of the text
    for end in range(1, len(text) + 1):
        ways = [
            (*before, text[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if (before := best[start]) is not None and known(text[start:end])
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1]
