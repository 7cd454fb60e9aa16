"""What comes of an utterance: four decisions, each with the phrases that they rest on."""

from dataclasses import dataclass

from ivr.intents.known import Source, Target


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase that was found in what was heard."""

    targets: tuple[Target, ...]  # several if the phrase alone does not tell which
    phrase: str
    source: Source
    heard: str  # the stretch that it was found in
    start: int  # of that stretch, in the Chinese characters of what was heard
    distance: float  # 0 to 1: how far the stretch sounds from the phrase
    score: float  # 0 to 1: lower where much else was said, above all beside a short phrase
    weak: bool  # yields to any matter that was said: 我要投诉

    @property
    def target(self) -> Target:
        """What the phrase means; the first where it is unclear."""
        return self.targets[0]

    @property
    def end(self) -> int:
        """Where the stretch ends, exclusive."""
        return self.start + len(self.heard)

    def beside(self, other: "Match") -> bool:
        """Tell whether the two stand in different places of what was heard."""
        return self.end <= other.start or other.end <= self.start

    def covers(self, other: "Match") -> bool:
        """Tell whether the other stands nowhere but where this does."""
        return self.start <= other.start and other.end <= self.end

    def within(self, other: "Match") -> bool:
        """Tell whether this is a part of a longer phrase that was said (预付卡 of 预付卡跑路)."""
        return other.start <= self.start and self.end <= other.end and len(self.heard) < len(other.heard)


@dataclass(frozen=True, slots=True)
class Sure:
    """Go there."""

    target: Target
    match: Match
    second: Match | None


@dataclass(frozen=True, slots=True)
class Confirm:
    """Ask whether that is meant (您要办的是…，对吗？)."""

    target: Target
    match: Match
    second: Match | None


@dataclass(frozen=True, slots=True)
class Which:
    """Ask which of the two is meant."""

    first: Target
    other: Target
    match: Match
    second: Match | None  # None where the phrase itself means both


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bring in an agent, with the text as a hint."""

    text: str
    match: Match | None  # the nearest phrase, for an explanation
    second: Match | None


Decision = Sure | Confirm | Which | Unknown
