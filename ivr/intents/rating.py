"""Understands a spoken rating (满意度)."""

from ivr.phonetics.pronunciation import plain

PHRASES = ("非常满意", "满意", "基本满意", "不满意", "非常不满意", "很满意", "一般", "很不满意")
"""The expected phrases, the likeliest first."""

_LEVELS = (
    ("非常不满意", 5),
    ("很不满意", 5),
    ("不满意", 4),
    ("不太满意", 4),
    ("基本满意", 3),
    ("比较满意", 2),
    ("一般", 3),
    ("非常满意", 1),
    ("很满意", 1),
    ("满意", 2),
)  # 满意 stands in most of the others: it comes last


def rating(utterance: str) -> int | None:
    """Understand ``utterance``, any text, as a rating.

    Returns:
        1 (非常满意) to 5 (非常不满意), as the keys; None if it is none.
    """
    words_of_caller = plain(utterance)
    return next((level for words, level in _LEVELS if words in words_of_caller), None)
