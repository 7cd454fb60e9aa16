"""The topic of each text: the model that judges a text has learnt nothing of its topic.

A caller speaks of what no set has foreseen. If only the text itself is left out, its kindred texts stay in, and the
model seems surer than it is.
"""

from collections.abc import Iterable, Mapping, Sequence

from ivr.meaning.comparison import text_meanings
from ivr.meaning.encoder import Encode
from trials.bench.speech.corpus.sets import SampleKind, SampleUtterance

_KINDRED = 0.35
"""Closeness in meaning from which two everyday sentences are of one topic."""


def topics(utterances: Iterable[SampleUtterance], typed: Iterable[str], encode: Encode) -> Mapping[str, str]:
    """Return the topic of each text.

    A matter's topic is its first right target. Of cries for help, hazards, and everyday sentences, spoken and typed,
    those that are close in meaning are one topic.
    """
    found, others = dict[str, str](), dict.fromkeys(typed)
    for utterance in utterances:
        if utterance.right and utterance.kind is not SampleKind.EMERGENCY:
            found.setdefault(utterance.text, utterance.right[0])
        else:
            others.setdefault(utterance.text)
    return found | _kindred([text for text in others if text not in found], encode)


def _kindred(texts: Sequence[str], encode: Encode) -> dict[str, str]:
    """Put each text into the topic of the closest text before it, or into a topic of its own."""
    rows = text_meanings(encode, texts).rows
    closeness = rows @ rows.T
    found: list[str] = []
    for place, text in enumerate(texts):
        closest = int(closeness[place, :place].argmax()) if place else 0
        is_kindred = place > 0 and bool(closeness[place, closest] >= _KINDRED)
        found.append(found[closest] if is_kindred else f"like {text}")
    return dict(zip(texts, found, strict=True))
