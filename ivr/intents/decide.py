"""What a caller wants, of what a menu offers: ``(utterance, candidates) → decision``, for any text."""

from ivr.intents.candidates import Candidates
from ivr.intents.known import Kind, Source, Target
from ivr.intents.match import number, ranked
from ivr.intents.results import Confirm, Decision, Match, Sure, Unknown, Which
from ivr.phonetics.align import hear

SURE = 0.84
"""Score from which a call goes where it was understood to go, without a question."""

NEARLY = 0.76
"""Score below which nothing was understood."""

MARGIN = 0.10
"""How far the second must be behind for the first to be sure; with less than half of that the caller is asked which."""

_SAID = 0.10
"""Distance up to which a phrase was said as it stands, but for a homophone or an accent."""


def decide(utterance: str, candidates: Candidates) -> Decision:
    """Decide what a caller wants.

    Args:
        utterance: what a recogniser wrote; any text, of any length.
        candidates: what there is to want, as `ivr.intents.candidates.candidates` made it.

    Returns:
        A decision for every text. Emergencies are not looked for here but in `ivr.intents.emergency.alarm`, before.
    """
    heard = hear(utterance)
    said = number(heard, candidates)
    if said is not None:
        return Confirm(said.target, said, None)  # a digit is easily misheard
    matches = ranked(heard, candidates, MARGIN)
    best = _best(matches)
    second = _second(best, matches, candidates) if best is not None else None
    if best is None or best.score < NEARLY:
        return Unknown(utterance, best, second)
    ahead = best.score - second.score if second is not None else 1.0
    if len(best.targets) > 1:
        return Which(*best.targets, best, None) if len(best.targets) == 2 else Unknown(utterance, best, second)
    if second is not None and (ahead < MARGIN / 2 or best.beside(second)):
        return Which(best.target, second.target, best, second)
    if best.score >= SURE and ahead >= MARGIN and best.source is not Source.PLACE:
        return Sure(best.target, best, second)
    return Confirm(best.target, best, second)


def _best(matches: list[Match]) -> Match | None:
    """Return what counts most: a key that was asked for (转人工), then a matter, then the mere asking (我要投诉)."""
    if not matches:
        return None
    matter = next((match for match in matches if not match.weak and _outdoes(match, matches[0])), matches[0])
    wanted = (match for match in matches if match.target.kind is Kind.CHOICE and not match.weak)
    asked_for = next((match for match in wanted if match.distance <= _SAID and len(match.phrase) > 2), None)
    return asked_for if asked_for is not None and asked_for.beside(matter) else matter


def _outdoes(matter: Match, best: Match) -> bool:
    """Tell whether a matter counts although another match scores better: that one is weak, and stands elsewhere."""
    return matter.score >= NEARLY and (matter is best or (best.weak and not best.covers(matter)))


def _second(best: Match, matches: list[Match], candidates: Candidates) -> Match | None:
    """Return the nearest rival: another meaning of the same words, or another matter named beside them."""
    for match in matches:
        if best.target in match.targets or _leads_to(best, candidates) == _leads_to(match, candidates):
            continue
        if match.weak and not best.weak:
            continue
        if match.within(best) and best.distance <= match.distance + _SAID:
            continue
        if match.beside(best) and (best.target.kind is Kind.CHOICE or not _said(match)):
            continue
        return match
    return None


def _said(match: Match) -> bool:
    return match.distance <= _SAID and match.score >= NEARLY


def _leads_to(match: Match, candidates: Candidates) -> Target:
    return candidates.merged.get(match.target, match.target)
