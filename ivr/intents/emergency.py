"""Emergencies said in so many words, anywhere in a call: 着火了 is one, 我家以前着过火 is not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ivr.intents.calibration import CRY_BY_SOUND, CRY_WITH_MEANING
from ivr.intents.cry import Cry, figures
from ivr.intents.emergency_context_words import without_surroundings
from ivr.intents.evidence import Evidence
from ivr.intents.meaning_matcher import MeaningMatcher
from ivr.phonetics.align import ComparableUtterance, align_within, hear
from ivr.phonetics.pronunciation import Sound, plain, sounds
from ivr.registry.model import Emergency, Registry

_SOUNDS_LIKE = 0.14
"""Distance of a phrase up to which the caller is asked whether it was said: half a syllable in three."""

_SHORT = 3
"""Characters of a phrase that much else sounds like (打架了, 大家了解): it counts only if little else was said."""


@dataclass(frozen=True, slots=True)
class CallService:
    """The hotline calls the service at once and joins it with the caller."""

    number: str
    phrase: str


@dataclass(frozen=True, slots=True)
class AskEmergency:
    """The caller is asked one short question (您要报火警吗？).

    After silence the next free agent takes the call, ahead of every other caller.
    """

    number: str
    phrase: str
    heard: str  # the stretch that sounds like it
    distance: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class EmergencyPhrases:
    """The phrases of one emergency of the registry, prepared for comparison."""

    number: str
    phrases: tuple[tuple[str, tuple[Sound, ...]], ...]
    cry: Cry
    unless: tuple[str, ...]  # as they are written: a word that only sounds like one of them must not silence a cry


def prepared_emergencies(registry: Registry) -> tuple[EmergencyPhrases, ...]:
    """Prepare the registry's emergencies for comparison. Do it once and keep the result."""
    return tuple(_alarm(emergency) for emergency in registry.emergencies.values())


def find_emergency(
    utterance: str,
    emergencies: tuple[EmergencyPhrases, ...],
    *,
    certain: bool = True,
    by_meaning: MeaningMatcher | None = None,
    evidence: Evidence | None = None,
    cry: Evidence | None = None,
) -> CallService | AskEmergency | None:
    """Tell whether ``utterance``, any text, is an emergency.

    Args:
        utterance: the text that was heard.
        emergencies: the emergencies of the registry.
        certain: whether the text was heard for certain; otherwise nothing is a `CallService`.
        by_meaning: tells the meaning of an utterance; without it, sound and evidence alone decide.
        evidence: the recogniser's evidence about the sound itself.
        cry: the same of the utterance with a cry for help in place of what sounds like it.

    Returns:
        `CallService` only if a phrase of the registry was written character by character, and beside the phrase nothing
        but a place and persons. `AskEmergency` if the utterance sounds like a phrase, says more, or likely is or means
        a cry for help. None for anything else.
    """
    heard = hear(utterance.replace("啦", "了"))
    if not heard.sounds:
        return None
    meant = possible(heard, emergencies, cry)
    calibration = CRY_WITH_MEANING if by_meaning is not None else CRY_BY_SOUND
    if decision := in_words(heard, meant, cry, certain=certain, cried=calibration.cried):
        return decision
    found = figures(
        heard,
        (emergency.cry for emergency in meant),
        by_meaning(heard.text) if by_meaning is not None else None,
        evidence,
        cry,
    )
    if found is None or (likelihood := calibration.likelihood(found)) < calibration.ask:
        return None
    return AskEmergency(found.number, found.phrase, heard.text, 1 - likelihood)


def possible(
    heard: ComparableUtterance, emergencies: Iterable[EmergencyPhrases], cry: Evidence | None
) -> list[EmergencyPhrases]:
    """Return the emergencies that no word of the utterance rules out, as it was written or with ``cry`` in it."""
    texts = (heard.text, cry.phrase if cry is not None else "")
    return [
        emergency for emergency in emergencies if not any(word in text for text in texts for word in emergency.unless)
    ]


def in_words(
    heard: ComparableUtterance,
    emergencies: Sequence[EmergencyPhrases],
    cry: Evidence | None,
    *,
    certain: bool,
    cried: float,
) -> CallService | AskEmergency | None:
    """Decide as `find_emergency` does, but by the registry's own words alone, among the `possible` emergencies.

    ``cried`` is the nats of evidence from which ``cry`` was said.
    """
    found_phrases = [
        (heard.text.index(phrase), -len(phrase), phrase, emergency)
        for emergency in emergencies
        for phrase, _sounds in emergency.phrases
        if phrase in heard.text
    ]
    if found_phrases:
        _at, _length, phrase, meant = min(found_phrases, key=lambda found_phrase: found_phrase[:2])
        rest = heard.text
        for found_phrase in sorted(found_phrases, key=lambda found_phrase: found_phrase[1]):
            rest = rest.replace(found_phrase[2], "，")
        alone = certain and not _more(rest)
        return CallService(meant.number, phrase) if alone else AskEmergency(meant.number, phrase, phrase, 0.0)
    asks = (ask for emergency in emergencies for ask in _sounds_like(emergency, heard))
    return min(asks, key=lambda ask: ask.distance, default=None) or _by_its_sound(cry, emergencies, cried)


def _alarm(emergency: Emergency) -> EmergencyPhrases:
    phrases = tuple((phrase, sounds(phrase)) for phrase in emergency.phrases)
    cry = Cry.of(emergency.number, (*emergency.phrases, *emergency.situations))
    return EmergencyPhrases(emergency.number, phrases, cry, emergency.unless)


def _by_its_sound(cry: Evidence | None, emergencies: Iterable[EmergencyPhrases], cried: float) -> AskEmergency | None:
    """Ask about the longest cry for help that the sound itself speaks for, though something else was written."""
    if cry is None or cry.nats < cried:
        return None
    found = [
        (len(text), text, emergency) for emergency in emergencies for text in emergency.cry.sounds if text in cry.phrase
    ]
    if not found:
        return None
    _length, text, meant = max(found, key=lambda each: each[0])
    return AskEmergency(meant.number, text, cry.phrase, 0.0)


def _sounds_like(emergency_phrases: EmergencyPhrases, heard: ComparableUtterance) -> Iterator[AskEmergency]:
    for phrase, phrase_sounds in emergency_phrases.phrases:
        fit = align_within(phrase_sounds, (1.0,) * len(phrase_sounds), heard, _SOUNDS_LIKE * len(phrase_sounds))
        if fit is None:
            continue
        distance = fit.cost / len(phrase_sounds)
        rest = f"{heard.text[: fit.start]}，{heard.text[fit.end :]}"
        if distance <= _SOUNDS_LIKE and not (len(phrase) <= _SHORT and _more(rest)):
            yield AskEmergency(emergency_phrases.number, phrase, heard.text[fit.start : fit.end], distance)
    before, found, after = heard.text.partition(plain(emergency_phrases.number))
    if found and not _more(f"{before}，{after}"):  # 打幺二零
        yield AskEmergency(emergency_phrases.number, emergency_phrases.number, found, 0.0)


def _more(rest: str) -> bool:
    """Tell whether the text has words that a caller in an emergency would not say."""
    return bool(without_surroundings(rest).replace("，", ""))
