"""The four possible decisions about an utterance, each with its guesses."""

from dataclasses import dataclass

from ivr.intents.known_texts import Source, Target
from ivr.phonetics.align import ComparableUtterance


@dataclass(frozen=True, slots=True)
class Match:
    """A known text that was found, by its sound, in a reading."""

    targets: tuple[Target, ...]  # several if the phrase alone does not tell which
    phrase: str
    source: Source
    heard: str  # the stretch that it was found in
    start: int  # of that stretch, in the Chinese characters of the reading
    distance: float  # 0 to 1: how far the stretch sounds from the phrase
    score: float  # 0 to 1: lower if much else was said, above all beside a short phrase
    weak: bool  # yields to any matter that was said: 我要投诉

    @property
    def target(self) -> Target:
        """The meaning of the phrase; the first meaning if it is unclear."""
        return self.targets[0]

    @property
    def end(self) -> int:
        """The end of the stretch, exclusive."""
        return self.start + len(self.heard)

    def share(self, heard: ComparableUtterance) -> float:
        """Return the share of the reading, without filler words, that the stretch takes: 0 to 1."""
        return heard.filler[self.start : self.end].count(False) / heard.content if heard.content else 1.0

    def beside(self, other: "Match") -> bool:
        """Return whether the two matches stand in different places of the reading."""
        return self.end <= other.start or other.end <= self.start


@dataclass(frozen=True, slots=True)
class Guess:
    """A target that the caller may want, and why."""

    target: Target
    confidence: float  # calibrated probability that the caller wants this target, 0 to 1
    match: Match | None  # the known text that sounds most like the utterance
    closest: str  # the known text that is closest in meaning; "" without an encoder


@dataclass(frozen=True, slots=True)
class Sure:
    """The call goes to this target."""

    target: Target
    guesses: tuple[Guess, ...]  # the likeliest first, as in all decisions


@dataclass(frozen=True, slots=True)
class Confirm:
    """The caller is asked whether this target is meant (您要办的是…，对吗？)."""

    target: Target
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class AskWhich:
    """The caller is asked which of two targets is meant."""

    first: Target
    other: Target
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """An agent takes the call, with the text as a hint."""

    text: str
    guesses: tuple[Guess, ...]  # for an explanation; () if nothing was near


Decision = Sure | Confirm | AskWhich | Unknown
