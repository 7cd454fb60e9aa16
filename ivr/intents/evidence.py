"""The recogniser's evidence: how sure it is of its text, and how likely phrases are by the sound itself."""

from dataclasses import dataclass

_NATS = 6.0  # beyond which evidence is no stronger


@dataclass(frozen=True, slots=True)
class Evidence:
    """The expected phrase that the sound speaks for most, and how sure the text is."""

    phrase: str  # "" if none was compared
    nats: float  # by which the sound makes the phrase likelier than the reading; mostly below 0
    score: float = 1.0  # 0 to 1: how sure the recogniser is of its text


def share(nats: float) -> float:
    """Return evidence as a figure: -1 to 1."""
    return max(-1.0, min(1.0, nats / _NATS))
