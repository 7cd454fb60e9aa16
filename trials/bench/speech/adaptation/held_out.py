"""The takes that adapters may learn, and the takes that they may be judged on. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from trials.bench.speech.corpus.takes import Take

_SEED = 2  # of the order of the topics


@dataclass(frozen=True, slots=True)
class Fold:
    """One of several parts into which the topics are divided."""

    number: int  # 1 for the first
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def fold(text: str) -> Fold:
    """Read a fold such as ``1/3``.

    Raises:
        ValueError: there is no such fold.
    """
    number, slash, count = text.partition("/")
    if not (slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count) > 1):
        raise ValueError(f"{text} is no fold: 1/3 is the first of three")
    return Fold(int(number), int(count))


def topics_of_fold(topics: Iterable[str], chosen: Fold) -> frozenset[str]:
    """Return the topics of one fold; each topic is in one fold, in the same one for every order of ``topics``."""
    ordered = sorted(set(topics))
    Random(_SEED).shuffle(ordered)
    return frozenset(ordered[chosen.number - 1 :: chosen.count])


@dataclass(frozen=True, slots=True)
class Split:
    """The names of takes."""

    learnt: frozenset[str]
    held_out: frozenset[str]  # of which neither a topic nor a voice that is left out was learnt


def split(
    takes: Iterable[Take],
    topic_of: Mapping[str, str],
    without_topics: Collection[str],
    without_voices: Collection[str],
) -> Split:
    """Divide takes.

    A take is learnt if neither its topic nor its voice is left out. If topics and voices are left out, a take is held
    out if both its topic and its voice are; the rest is neither learnt nor held out.

    Args:
        takes: the takes.
        topic_of: the topic of each text.
        without_topics: the topics that are left out; none: the topic does not count.
        without_voices: the names of the voices that are left out; none: the voice does not count.
    """
    learnt, held_out = set[str](), set[str]()
    for take in takes:
        is_left_out = [
            found in left_out
            for found, left_out in ((topic_of[take.utterance.text], without_topics), (take.voice.name, without_voices))
            if left_out
        ]
        if not any(is_left_out):
            learnt.add(take.name)
        elif all(is_left_out):
            held_out.add(take.name)
    return Split(frozenset(learnt), frozenset(held_out))
