"""The conditions under which callers speak.

Levels are in dBov (ITU-T G.191): RMS of the speech without its pauses, below full scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trials.bench.speech.telephone.background import NoiseKind
from trials.bench.speech.telephone.codecs import Codec

NOMINAL = -26.0
"""Level of the recordings, and of a caller who speaks as loudly as most."""


class Quiet(StrEnum):
    """The sound that a phone sends while the caller is silent."""

    NOISE = "line noise"
    ZEROS = "digital silence"
    COMFORT = "comfort noise"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the sound that arrives."""

    name: str
    level: float = NOMINAL
    noise: NoiseKind | None = None
    snr: float = 0.0  # dB
    codec: Codec = Codec.ALAW
    loss: float = 0.0  # share of the packets that are lost
    hands_free: bool = False
    echo: float | None = None  # dB by which the phone returns what it plays; None: not at all
    quiet: Quiet = Quiet.NOISE


CLEAN = Condition("clean")
NOISY = tuple(Condition(f"{kind}, {snr} dB", noise=kind, snr=snr) for kind in NoiseKind for snr in (20, 10, 5))
TEN = tuple(condition for condition in NOISY if condition.snr == 10)
LEVELS = tuple(Condition(f"{level} dBov", level=level) for level in (-35, -30, -18, -10))
LINES = (
    Condition("µ-law", codec=Codec.ULAW),
    Condition("1 % of packets lost", loss=0.01),
    Condition("3 % of packets lost", loss=0.03),
    Condition("5 % of packets lost", loss=0.05),
    Condition("hands-free", hands_free=True),
    Condition("echo at −20 dB", echo=-20.0),
    Condition("digital silence", quiet=Quiet.ZEROS),
    Condition("comfort noise", quiet=Quiet.COMFORT),
    Condition("sends nothing", quiet=Quiet.NOTHING),
)
CONDITIONS = (CLEAN, *LEVELS, *NOISY, *LINES)


def named(names: Sequence[str]) -> list[Condition]:
    """Return conditions by name.

    Raises:
        KeyError: there is no such condition.
    """
    known = {condition.name: condition for condition in CONDITIONS}
    return [known[name] for name in names]
