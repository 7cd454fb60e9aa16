"""Understands yes and no in the words that callers use for them."""

from dataclasses import dataclass
from functools import cache

from ivr.phonetics.align import ComparableUtterance, hear
from ivr.phonetics.pronunciation import Sound, differ, plain, sounds
from ivr.registry.model import Answers

_SAME = 0.2
"""How far a sound may be from a word's: an accent, or a homophone (四的 for 是的)."""

_EMPTY, _HUMMED = "啊呀的了吧呢额呃哦谢你您就", "嗯"
_sounds = cache(sounds)  # at the first answer, because the dictionaries of sounds take long to load


@dataclass(frozen=True, slots=True)
class Words:
    """The registry's words for yes and no, the longest first."""

    words: tuple[tuple[tuple[Sound, ...], bool], ...]


def words(answers: Answers) -> Words:
    """Prepare the registry's words. Do it once and keep the result."""
    known = [(sounds(word), True) for word in answers.yes] + [(sounds(word), False) for word in answers.no]
    return Words(tuple(sorted(known, key=lambda word: -len(word[0]))))


def answer(utterance: str, words: Words) -> bool | None:
    """Understand ``utterance``, any text, as an answer to a question.

    Returns:
        True for yes, and only if nothing else was said; False for no, which may go on (不是，我要办护照); None if it
        is neither, or both (是不是).
    """
    heard = hear(utterance)
    found, more = _found(heard, words)
    if len(found) > 1:
        found = [word for word in found if word[0] != _sounds(_HUMMED)] or found[:1]  # 嗯，不是
    meant = {yes for _word, yes in found}
    if meant == {True}:
        return None if more else True
    starts_with_no = bool(found) and len(found[0][0]) > 1 and plain(utterance).startswith(_written(found[0][0]))
    if meant == {False} or (starts_with_no and not found[0][1]):
        return False if not more or starts_with_no else None
    return None


def _written(word: tuple[Sound, ...]) -> str:
    return "".join(sound.character for sound in word)


def _found(heard: ComparableUtterance, words: Words) -> tuple[list[tuple[tuple[Sound, ...], bool]], bool]:
    """Return the words for yes and no in their order, and whether anything else was said."""
    found, more, at = [], False, 0
    while at < len(heard.sounds):
        word = next((word for word in words.words if _stands(word[0], heard, at)), None)
        if word is not None:
            found.append(word)
            at += len(word[0])
            continue
        more = more or heard.sounds[at] not in _sounds(_EMPTY)
        at += 1
    return found, more


def _stands(word: tuple[Sound, ...], heard: ComparableUtterance, at: int) -> bool:
    spoken = heard.sounds[at : at + len(word)]
    return len(spoken) == len(word) and all(differ(*pair) <= _SAME for pair in zip(word, spoken, strict=True))
