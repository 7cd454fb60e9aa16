"""The guesses about an utterance, the likeliest first: sound, meaning and evidence weighed together."""

from collections.abc import Sequence

from ivr.intents.candidates import Candidates
from ivr.intents.decisions import Guess, Match
from ivr.intents.evidence import Evidence, share
from ivr.intents.features import TargetFigures, compare
from ivr.intents.known_texts import Target
from ivr.intents.likelihood import Coefficients, likelihoods
from ivr.intents.match import ranked
from ivr.intents.meaning_matcher import MeaningMatcher
from ivr.phonetics.align import ComparableUtterance

_REACH = 0.4  # how far behind the best a match by sound may be
_HEARD = 0.76  # score from which a match by sound contradicts the target closest in meaning
_CLOSER = 0.15  # how much closer in meaning another target is for that


def compared(
    text: str,
    heard: ComparableUtterance,
    candidates: Candidates,
    by_meaning: MeaningMatcher | None = None,
    evidence: Evidence | None = None,
) -> tuple[TargetFigures, Sequence[Match]]:
    """Return the figures of an utterance, and its matches by sound, the best first."""
    matches = ranked(heard, candidates, _REACH)
    meant = by_meaning(text) if by_meaning is not None and heard.text else None
    speaks_for = candidates.of_phrase.get(evidence.phrase) if evidence is not None else None
    nats, score = (share(evidence.nats), evidence.score) if evidence is not None else (0.0, 1.0)
    return compare(heard, matches, meant, nats, speaks_for, score), matches


def guesses(comparison: TargetFigures, candidates: Candidates, coefficients: Coefficients) -> tuple[Guess, ...]:
    """Return every target in question, the likeliest first; lines that are merged into the same one count together.

    The confidences add up to less than 1: what is missing is the likelihood of none of them.
    """
    likely = likelihoods(comparison, coefficients)
    found: dict[Target, Guess] = {}
    for figures, likelihood in sorted(zip(comparison.targets, likely.targets, strict=True), key=lambda each: -each[1]):
        leads_to = candidates.leads_to(figures.target)
        if leads_to in found:
            first = found[leads_to]
            found[leads_to] = Guess(first.target, first.confidence + likelihood, first.match, first.closest)
        else:
            closest = figures.closeness.text if figures.closeness else ""
            found[leads_to] = Guess(figures.target, likelihood, figures.match, closest)
    return tuple(sorted(found.values(), key=lambda guess: -guess.confidence))


def disagree(comparison: TargetFigures, matches: Sequence[Match], candidates: Candidates) -> bool:
    """Tell whether the utterance sounds like one thing and means another (报税 in 举报食品安全, half heard)."""
    heard = next((match for match in matches if not match.weak and match.score >= _HEARD), None)
    close = {figures.target: figures.closeness.value for figures in comparison.targets if figures.closeness}
    if heard is None or not close:
        return False
    means = max(close, key=lambda target: close[target])
    if candidates.leads_to(means) in map(candidates.leads_to, heard.targets):
        return False
    return close[means] - max(close.get(target, 0.0) for target in heard.targets) > _CLOSER
