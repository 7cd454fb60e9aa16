"""The candidates of a menu, prepared for the comparison with an utterance."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, pairwise, zip_longest

from ivr.intents.known_texts import Source, Target, TargetKind, known, lines_on, merged
from ivr.phonetics.filler_words import filler
from ivr.phonetics.nearest import Inventory
from ivr.phonetics.pronunciation import Sound, plain, sounds
from ivr.registry.model import ChoiceKind, Menu, Registry

_COMMON = 0.25
"""How much a sound loses with each further target that has it in the same place."""

_LEAST = 0.25
"""The weight of a sound that every target has."""

_PARTICLES = frozenset("了的")  # 停电了, 停电啦, 停电


@dataclass(frozen=True, slots=True)
class Candidate:
    """One known text, and its targets: several if the text alone does not decide between them."""

    phrase: str
    targets: tuple[Target, ...]
    source: Source
    sounds: tuple[Sound, ...]
    places: tuple[int, ...]  # of each sound in the inventory
    weights: tuple[float, ...]  # of each sound: 1, and little for a particle
    telling: tuple[float, ...]  # ... and less if the phrases of other targets have it too
    weak: bool  # yields to any matter that was said: filler words (我要投诉), a place (北湖区)


@dataclass(frozen=True, slots=True)
class Candidates:
    """All candidates of one menu on one day."""

    phrases: tuple[Candidate, ...]
    inventory: Inventory
    numbers: Mapping[str, Target]  # a number said as such, in the characters of `ivr.phonetics.pronunciation.plain`
    merged: Mapping[Target, Target]  # lines that lead on to another, and that one
    of_phrase: Mapping[str, Candidate]
    dialect: frozenset[Target]  # keys that lead to an agent at once, because the caller does not understand Mandarin

    def leads_to(self, target: Target) -> Target:
        """Return where a caller who wants ``target`` comes to: the line itself, or the line it is merged into."""
        return self.merged.get(target, target)


def vocabulary(registry: Registry, menu: Menu) -> tuple[str, ...]:
    """Return all phrases that a caller at ``menu`` may say, the likeliest first: for a recogniser.

    First the menu's own keys, then emergencies, then each line's and service's first phrase, their second, and so on.
    """
    keys = [choice.phrases for choice in menu.choices]
    emergencies = [emergency.phrases for emergency in registry.emergencies.values()]
    lists = [line.phrases for line in registry.lines]
    lists += [service.phrases for service in registry.linkage.values()]
    lists += [unclear.phrases for unclear in registry.unclear]
    turns = chain.from_iterable(zip_longest(*lists))
    return tuple(dict.fromkeys(phrase for phrase in chain(*keys, *emergencies, turns) if phrase is not None))


def candidates(registry: Registry, menu: Menu, on: date) -> Candidates:
    """Return the targets that a caller at ``menu`` may want on that day; keep the result, because it takes a while."""
    texts = known(registry, menu, on)
    heard = {each.text: sounds(each.text) for each in texts}
    inventory = Inventory.of(heard.values())
    place = {sound: at for at, sound in enumerate(inventory.sounds)}
    shared = _shared((heard[each.text], each.targets) for each in texts)
    lines = lines_on(registry, on)
    numbers = {line.number: Target(TargetKind.LINE, line.number) for line in lines}
    numbers |= {number: Target(TargetKind.LINKAGE, number) for number in registry.linkage}
    phrases = tuple(
        Candidate(
            each.text,
            each.targets,
            each.source,
            heard[each.text],
            tuple(place[sound] for sound in heard[each.text]),
            _weights(heard[each.text]),
            _telling(heard[each.text], shared),
            each.source is Source.PLACE or all(filler(each.text)),
        )
        for each in texts
    )
    return Candidates(
        phrases=phrases,
        inventory=inventory,
        numbers={plain(number): target for number, target in numbers.items()},
        merged=merged(lines),
        of_phrase={candidate.phrase: candidate for candidate in phrases},
        dialect=frozenset(
            Target(TargetKind.CHOICE, choice.key) for choice in menu.choices if choice.kind is ChoiceKind.DIALECT
        ),
    )


_Shared = Mapping[tuple[str, str], int]


def _shared(phrases: Iterable[tuple[tuple[Sound, ...], tuple[Target, ...]]]) -> _Shared:
    """Count, for each two syllables in a row, the targets whose phrases have them (政府: eleven counties)."""
    owners: dict[tuple[str, str], set[tuple[Target, ...]]] = defaultdict(set)
    for heard, targets in phrases:
        for pair in _in_a_row(heard):
            owners[pair].add(targets)
    return {pair: len(targets) for pair, targets in owners.items()}


def _in_a_row(heard: tuple[Sound, ...]) -> list[tuple[str, str]]:
    return [(first.readings[0], second.readings[0]) for first, second in pairwise(heard)]


def _telling(heard: tuple[Sound, ...], shared: _Shared) -> tuple[float, ...]:
    """Return 1 for a sound that only this target's phrases have, less if the words around it are common."""
    counts = [shared[pair] for pair in _in_a_row(heard)]
    around = (max(counts[max(0, at - 1) : at + 1], default=1) for at in range(len(heard)))
    common = (max(_LEAST, 1 / (1 + _COMMON * (count - 1))) for count in around)
    return tuple(map(min, common, _weights(heard)))


def _weights(heard: tuple[Sound, ...]) -> tuple[float, ...]:
    return tuple(_LEAST if sound.character in _PARTICLES else 1.0 for sound in heard)
