"""The schedule of the bench: take, condition and moment of each utterance, the same each time. Pure, except for the
sets' files."""

import itertools
import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from trials.bench.speech.calls.conversation import Trial
from trials.bench.speech.calls.moments import MOMENTS, Moment
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import MATTERS, OPEN, PROOF, SET_NAMES, TUNING, SampleKind
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.telephone.conditions import CLEAN, CONDITIONS, LEVELS, LINES, NOISY, TEN, Condition

OTHER_CONDITIONS = tuple(condition for condition in (*LEVELS, *NOISY, *LINES) if condition not in TEN)
_FIRST, _FIRST_ALONE = 13_900_000_000, 13_800_000_000  # the first caller's number
_ALONE = 40  # calls that are placed one at a time


def trials(*, everything: bool = False, sets: Collection[str] = SET_NAMES) -> list[Trial]:
    """Return the bench's calls, in a mixed order: those of a usual run, or every take clean and once more otherwise.

    ``sets`` are the sets of which takes are said.
    """
    rows = [row for row in (_everything() if everything else _sample()) if row[0] in sets]
    random.Random(1).shuffle(rows)
    firsts = itertools.cycle(
        range(len(MOMENTS))
    )  # a condition of few takes has not each moment: not all begin with one
    turns = defaultdict[tuple[str, str], Iterator[Moment]](lambda: _moments(next(firsts)))
    planned = []
    answers = {name: _answers(name) for name in (TUNING, PROOF)}
    for number, (set_name, take, condition) in enumerate(rows):
        is_answer = take.utterance.kind.is_answer
        moment = Moment.QUESTION if is_answer else next(turns[set_name, condition.name])
        source = set_name if set_name in answers else PROOF
        yes, no = (takes[number % len(takes)] for takes in answers[source])
        planned.append(Trial(str(_FIRST + number), set_name, take, condition, moment, (source, yes, no)))
    return planned


def trials_one_at_a_time() -> list[Trial]:
    """Return the calls that measure a caller's wait without other callers.

    They are of the tuning set, and the callers speak early, so that a call takes seconds.
    """
    yes, no = (takes[0] for takes in _answers(TUNING))
    return [
        Trial(str(_FIRST_ALONE + number), TUNING, take, CLEAN, Moment.OPENING, (TUNING, yes, no))
        for number, take in enumerate(_mixed(TUNING, MATTERS)[:_ALONE])
    ]


def _moments(first: int) -> Iterator[Moment]:
    """Yield all moments over and over, from one of them on."""
    return itertools.islice(itertools.cycle(MOMENTS), first, None)


def _sample() -> Iterator[tuple[str, Take, Condition]]:
    matters, cries, hazards, answers = (_mixed(PROOF, kinds) for kinds in (
        MATTERS, {SampleKind.EMERGENCY}, {SampleKind.NO_EMERGENCY, SampleKind.HOTLINE},
        {SampleKind.YES, SampleKind.NO, SampleKind.CORRECTION},
    ))  # fmt: skip
    everyday, learnt = _mixed(OPEN, {SampleKind.NONE}), _mixed(TUNING, MATTERS)
    matter, sentence = itertools.cycle(matters), iter(everyday)  # each sentence once, or its call would count twice
    for condition, count in (
        (CLEAN, 220),
        *((condition, 28) for condition in TEN),
        *((condition, 8) for condition in OTHER_CONDITIONS),
    ):
        yield from ((PROOF, next(matter), condition) for _ in range(count))
    yield from ((PROOF, take, CLEAN) for take in (*cries, *hazards, *answers[:30]))
    for condition, count in (
        *((condition, 12) for condition in TEN),
        *((condition, 1) for condition in OTHER_CONDITIONS),
    ):
        yield from ((OPEN, take, condition) for take in itertools.islice(sentence, count))
    yield from ((OPEN, take, CLEAN) for take in sentence)
    yield from ((TUNING, take, CLEAN) for take in (*learnt[:110], *_mixed(TUNING, {SampleKind.EMERGENCY})[:20]))


def _everything() -> Iterator[tuple[str, Take, Condition]]:
    others = itertools.cycle(condition for condition in CONDITIONS if condition != CLEAN)
    for set_name in SET_NAMES:
        for take in _mixed(set_name, set(SampleKind)):
            yield set_name, take, CLEAN
            if set_name != TUNING:
                yield set_name, take, next(others)


def _mixed(set_name: str, kinds: set[SampleKind] | frozenset[SampleKind]) -> list[Take]:
    """Return recorded takes so that any beginning of the list has each number about as often."""
    by_number = defaultdict[tuple[str, ...], list[Take]](list)
    for take in recordings.recorded(set_name):
        if take.utterance.kind in kinds:
            by_number[take.utterance.right[:1]].append(take)
    order = random.Random(set_name)
    for takes in by_number.values():
        order.shuffle(takes)
    rounds = itertools.zip_longest(*by_number.values())
    return [take for takes in rounds for take in takes if take is not None]


def _answers(set_name: str) -> tuple[Sequence[Take], Sequence[Take]]:
    """Return takes that say yes, and takes that say no."""
    takes = recordings.recorded(set_name)
    yes, no = ([take for take in takes if take.utterance.kind is kind] for kind in (SampleKind.YES, SampleKind.NO))
    return yes, no
