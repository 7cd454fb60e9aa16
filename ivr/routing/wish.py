"""What a caller at a menu was understood to want, other than a key of it."""

from dataclasses import dataclass

from ivr.routing.plan import Why


@dataclass(frozen=True, slots=True)
class WantsLine:
    """A registered line."""

    number: str
    topic: str  # the line in words, for the agent


@dataclass(frozen=True, slots=True)
class WantsAgent:
    """A service that is never dialled for a caller, or words that were not understood: an agent deals with them."""

    topic: str  # the service, or the words, for the agent
    why: Why


@dataclass(frozen=True, slots=True)
class NeedsHelp:
    """An emergency."""

    number: str  # 110, 119, …


Wish = WantsLine | WantsAgent | NeedsHelp
