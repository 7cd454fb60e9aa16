"""Decides what a caller wants at a menu: ``(utterance, candidates) → decision``, for any text."""

from collections.abc import Sequence

from ivr.intents.calibration import BY_SOUND, WITH_MEANING
from ivr.intents.candidates import Candidates
from ivr.intents.decisions import AskWhich, Confirm, Decision, Guess, Match, Sure, Unknown
from ivr.intents.evidence import Evidence
from ivr.intents.guess import compared, disagree, guesses
from ivr.intents.known_texts import Source, Target, TargetKind
from ivr.intents.likelihood import Calibration
from ivr.intents.match import number
from ivr.intents.meaning_matcher import MeaningMatcher
from ivr.intents.wording import corrected
from ivr.phonetics.align import ComparableUtterance, hear

_MOST_DISTANCE = 0.10
"""Distance up to which a phrase was said as it stands, but for a homophone or an accent."""

APART = 0.07
"""Difference of distance between two phrases below which it is not clear which of them was said."""

_NEARLY = 0.76
"""Score from which a phrase that means several targets was said."""

_CERTAIN = 0.99
"""Confidence in a phrase that was read exactly: of 55 such readings of the tuning set all were right."""

KEPT = 3
"""Guesses that a decision names."""


def decide(
    utterance: str, candidates: Candidates, by_meaning: MeaningMatcher | None = None, evidence: Evidence | None = None
) -> Decision:
    """Decide what a caller wants.

    Args:
        utterance: the text that a recogniser wrote; any text, of any length. Of a correction the last part counts.
        candidates: the targets that a caller can want, as `ivr.intents.candidates.candidates` made them.
        by_meaning: the same, ready to be compared by meaning; without it, sound alone decides.
        evidence: the recogniser's evidence about the sound itself.

    Returns:
        A decision for every text. `ivr.intents.emergency.find_emergency` has looked for an emergency before.
    """
    text = corrected(utterance)
    heard = hear(text)
    comparison, matches = compared(text, heard, candidates, by_meaning, evidence)
    if certain := decide_by_exact_words(utterance, heard, matches, candidates):
        return certain
    calibration = WITH_MEANING if by_meaning is not None else BY_SOUND
    best = guesses(comparison, candidates, calibration.coefficients)[:KEPT]
    if best and best[0].target in candidates.dialect and best[0].confidence >= calibration.ask:
        return Sure(
            best[0].target, best
        )  # a caller who does not understand Mandarin cannot answer a question; a mistake leads to an agent, too
    return decided(utterance, best, calibration, agree=not disagree(comparison, matches, candidates))


def decide_by_exact_words(
    utterance: str, heard: ComparableUtterance, matches: Sequence[Match], candidates: Candidates
) -> Decision | None:
    """Decide by what the caller said in so many words; None if nothing known was said so.

    Args:
        utterance: what a recogniser wrote.
        heard: the same, without what a correction took back.
        matches: its matches by sound, the best first.
        candidates: the targets that a caller can want.
    """
    if digit := number(heard, candidates):
        return Confirm(digit.target, _only(digit))  # a digit is easily misheard
    if key := _key_asked_for(matches):
        return Sure(key.target, _only(key))
    whole = [match for match in matches if match.distance <= _MOST_DISTANCE and match.share(heard) == 1]
    whole = [match for match in whole if not match.weak or not heard.content or match.source is Source.PLACE]
    first = next((match for match in whole if match.source is not Source.MATTER), None)
    if first is None:
        return None
    if first.source is Source.PLACE:  # 贵阳 is a city elsewhere
        return Confirm(first.target, _only(first)) if first.distance == 0 else None
    leads = {candidates.leads_to(target) for target in first.targets}
    rivals = [match for match in whole if not leads & {candidates.leads_to(target) for target in match.targets}]
    rivals = [match for match in rivals if match.distance - first.distance < APART]
    targets = tuple(dict.fromkeys((*first.targets, *(target for match in rivals for target in match.targets))))
    return _meant(utterance, targets, _only(first))


def decided(utterance: str, best: tuple[Guess, ...], calibration: Calibration, *, agree: bool) -> Decision:
    """Decide by the likeliest guesses; ``agree`` tells whether sound and meaning point to the same target."""
    if not best:
        return Unknown(utterance, ())
    first, second = best[0], best[1] if len(best) > 1 else None
    either = first.confidence + (second.confidence if second else 0.0)
    if either < calibration.ask:
        return Unknown(utterance, best)
    if first.match and len(first.match.targets) > 1 and first.match.score >= _NEARLY:
        return _meant(utterance, first.match.targets, best)
    is_place = first.match is not None and first.match.source is Source.PLACE
    if first.confidence >= calibration.sure and agree and not is_place:
        return Sure(first.target, best)
    if second and second.confidence >= calibration.which:
        return AskWhich(first.target, second.target, best)
    return Confirm(first.target, best) if first.confidence >= calibration.ask else Unknown(utterance, best)


def _meant(utterance: str, targets: tuple[Target, ...], best: tuple[Guess, ...]) -> Decision:
    """Decide by what a phrase means: one target, either of two (宅基地), or one of many, which an agent has to find."""
    match targets:
        case [target]:
            return Sure(target, best)
        case [first, other]:
            return AskWhich(first, other, best)
    return Unknown(utterance, best)


def _only(match: Match) -> tuple[Guess, ...]:
    return (Guess(match.target, _CERTAIN, match, ""),)


def _key_asked_for(matches: Sequence[Match]) -> Match | None:
    """Return a key of the menu that was asked for in so many words (转人工), whatever else was said."""
    for match in matches:
        if (
            match.target.kind is TargetKind.CHOICE
            and not match.weak
            and match.distance <= _MOST_DISTANCE
            and len(match.phrase) > 2
        ):
            return match if match is matches[0] or match.beside(matches[0]) else None
    return None
