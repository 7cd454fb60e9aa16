"""What is said in the bench, by whom, and into what it is cut for one call."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import yaml

from ivr.engine import speech_service
from testkit.phones.tones import RATE, Samples, read_wav
from tests.speech.listening import silence

VOICES = Path(__file__).parent / "voices"
LEAD = 1.5  # seconds before a caller begins


class Group(StrEnum):
    """Why something is said, as utterances.yaml names it."""

    MENU = "menu"
    DEPARTMENTS = "departments"
    YES_NO = "yes-no"
    EMERGENCIES = "emergencies"
    NO_EMERGENCIES = "no-emergencies"
    OUTSIDE = "outside"

    @property
    def vocabulary(self) -> str:
        """Where in a call it is said."""
        return speech_service.YES_NO if self is Group.YES_NO else "main"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One recording of one voice: 8 kHz, after A-law."""

    voice: str
    group: Group
    text: str

    @property
    def samples(self) -> Samples:
        """What is heard of it."""
        return read_wav(VOICES / self.voice / f"{self.text}.wav")


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """What one caller says in one call, and when: seconds from the first sample."""

    samples: Samples
    utterances: tuple[tuple[Utterance, float, float], ...]

    @property
    def seconds(self) -> float:
        """How long the caller talks."""
        return len(self.samples) / RATE


def voices() -> list[str]:
    """The voices there are."""
    return sorted(path.name for path in VOICES.iterdir() if path.is_dir())


def said_by(voice: str, *groups: Group) -> Iterator[Utterance]:
    """Everything of these groups that one voice says."""
    texts = yaml.safe_load((Path(__file__).parent / "utterances.yaml").read_text(encoding="utf-8"))
    return (Utterance(voice, group, text) for group in groups for text in texts[group.value])


def speech(utterances: Iterable[Utterance], gap: float, lead: float = LEAD) -> Speech:
    """Put utterances behind each other, with ``gap`` seconds of a quiet line after each."""
    parts, placed, at = [silence(lead)], [], lead
    for utterance in utterances:
        samples = utterance.samples
        placed.append((utterance, at, at + len(samples) / RATE))
        parts += [samples, silence(gap)]
        at += len(samples) / RATE + gap
    return Speech(np.concatenate(parts), tuple(placed))
