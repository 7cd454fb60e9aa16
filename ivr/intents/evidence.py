"""The recogniser's evidence: how likely phrases are by the sound itself, beside the text that it wrote."""

from dataclasses import dataclass

_NATS = 6.0  # beyond which evidence is no stronger


@dataclass(frozen=True, slots=True)
class Evidence:
    """The expected phrase that the sound speaks for most."""

    phrase: str  # "" if none was compared
    nats: float  # by which the sound makes the phrase likelier than the reading; mostly below 0


def share(nats: float) -> float:
    """Return evidence as a figure: -1 to 1."""
    return max(-1.0, min(1.0, nats / _NATS))
