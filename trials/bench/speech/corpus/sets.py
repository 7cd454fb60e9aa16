"""The utterances of a set and the right answers to each, as the files in ``sets/`` have them.

Keys of a set's file:
    lines, linkage: for each number its name, units, short names, and what citizens say who want it (`said`)
    choices, more_choices: for each key of the menu what asks for it
    hotline:        what names 12345 itself: no line, but an agent or the menu again
    unclear:        matters that more than one line serves
    also:           further right answers, beside the number or key under which an utterance stands
    emergencies, also_emergencies: cries for help, for each service
    no_emergencies: hazards and stories: their lines, or none
    answers, corrections: what is said to the question whether that is meant
    none:           everyday sentences that belong to no line
    more_emergencies, more_no_emergencies, more_none: as above, behind all else
    former_emergencies, former_no_emergencies, former_none: what another set said until it was written anew, behind that
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SETS = Path(__file__).parent / "sets"
TUNING, PROOF, OPEN = "tuning", "proof", "open"
SET_NAMES = (PROOF, OPEN, TUNING)


class SampleKind(StrEnum):
    """The kind of an utterance."""

    LINE = "line"
    LINKAGE = "linkage"
    CHOICE = "choice"
    HOTLINE = "hotline"
    UNCLEAR = "unclear"
    EMERGENCY = "emergency"
    NO_EMERGENCY = "no emergency"
    YES = "yes"
    NO = "no"
    CORRECTION = "correction"
    NONE = "none"

    @property
    def is_answer(self) -> bool:
        """Return whether a caller says it to a question and not at the menu."""
        return self in (SampleKind.YES, SampleKind.NO, SampleKind.CORRECTION)


MATTERS = frozenset({SampleKind.LINE, SampleKind.LINKAGE, SampleKind.CHOICE, SampleKind.UNCLEAR})
"""The kinds of utterances that name a target of the menu."""


class UtteranceForm(StrEnum):
    """The way in which an utterance names a line."""

    NAME = "name"
    UNIT = "unit"
    SHORT = "short name"
    SAID = "as citizens say it"


@dataclass(frozen=True, slots=True)
class SampleUtterance:
    """A text that a caller says, and its right targets."""

    text: str
    kind: SampleKind
    right: tuple[str, ...]  # numbers, keys or services, each of them right; () if none is
    form: UtteranceForm = UtteranceForm.SAID


@dataclass(frozen=True, slots=True)
class Voice:
    """A synthetic voice."""

    name: str
    styles: tuple[tuple[str, float], ...]  # voices of Kokoro and their shares
    engine: str = "kokoro"
    pitch: float = 1.0


def utterances(name: str) -> list[SampleUtterance]:
    """Return all utterances of a set, in the order of its file.

    Raises:
        ValueError: There are further right answers for an utterance that the set does not have there.
    """
    content = _read(name)
    listed = list(_utterances(content))
    further = [(number, text) for number, texts in content.get("also", {}).items() for text in texts]
    known = {(utterance.right[0], utterance.text) for utterance in listed if utterance.right}
    lost = [text for number, text in further if (number, text) not in known]
    lost += content.get("also_emergencies", {}).keys() - {text for _number, text in known}
    if lost:
        raise ValueError(f"{name}.yaml: also: not said there: {', '.join(lost)}")
    return listed


def exists(name: str) -> bool:
    """Return whether there is such a set."""
    return (SETS / f"{name}.yaml").exists()


def cast(name: str) -> list[Voice]:
    """Return the voices of a set."""
    voices: dict[str, dict[str, Any]] = _read("cast")[name]
    return [
        Voice(voice, tuple(entry.get("styles", {}).items()), entry.get("engine", "kokoro"), entry.get("pitch", 1.0))
        for voice, entry in voices.items()
    ]


@cache
def _read(name: str) -> Mapping[str, Any]:
    text = (SETS / f"{name}.yaml").read_text(encoding="utf-8")
    content: Mapping[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return content


def _utterances(content: Mapping[str, Any]) -> Iterator[SampleUtterance]:
    also = content.get("also", {})
    for section, kind in (("lines", SampleKind.LINE), ("linkage", SampleKind.LINKAGE)):
        for number, entry in content.get(section, {}).items():
            yield from _of_number(number, kind, entry, also.get(number, {}))
    yield from _choices(content.get("choices", {}), also)
    yield from _sample_utterances(content.get("hotline", ()), SampleKind.HOTLINE)
    for entry in content.get("unclear", ()):
        yield from _sample_utterances(entry["said"], SampleKind.UNCLEAR, *entry["lines"])
    yield from _emergencies(content, "emergencies", "no_emergencies")
    answers = content.get("answers", {})
    yield from _sample_utterances(answers.get("affirmative", ()), SampleKind.YES)
    yield from _sample_utterances(answers.get("negative", ()), SampleKind.NO)
    for entry in content.get("corrections", ()):
        yield from _sample_utterances(entry["said"], SampleKind.CORRECTION, *entry["lines"])
    yield from _sample_utterances(content.get("none", ()), SampleKind.NONE)
    yield from _choices(content.get("more_choices", {}), also)
    yield from _emergencies(content, "more_emergencies", "more_no_emergencies")
    yield from _sample_utterances(content.get("more_none", ()), SampleKind.NONE)
    yield from _emergencies(content, "former_emergencies", "former_no_emergencies")
    yield from _sample_utterances(content.get("former_none", ()), SampleKind.NONE)


def _emergencies(content: Mapping[str, Any], cries: str, hazards: str) -> Iterator[SampleUtterance]:
    """Return cries for help, then hazards and stories, from the sections of these names."""
    others = content.get("also_emergencies", {})
    for service, texts in content.get(cries, {}).items():
        yield from (SampleUtterance(text, SampleKind.EMERGENCY, (service, *others.get(text, ()))) for text in texts)
    for entry in content.get(hazards, ()):
        yield from _sample_utterances(entry["said"], SampleKind.NO_EMERGENCY, *entry["lines"])


def _choices(
    choices: Mapping[str, Iterable[str]], also: Mapping[str, Mapping[str, Iterable[str]]]
) -> Iterator[SampleUtterance]:
    for key, texts in choices.items():
        yield from (SampleUtterance(text, SampleKind.CHOICE, (key, *also.get(key, {}).get(text, ()))) for text in texts)


def _of_number(
    number: str, kind: SampleKind, entry: Mapping[str, Any], also: Mapping[str, Iterable[str]]
) -> Iterator[SampleUtterance]:
    forms = (
        (UtteranceForm.NAME, [entry["name"]]),
        (UtteranceForm.UNIT, entry["unit"]),
        (UtteranceForm.SHORT, entry["short"]),
        (UtteranceForm.SAID, entry["said"]),
    )
    for form, texts in forms:
        yield from (SampleUtterance(text, kind, (number, *also.get(text, ())), form) for text in texts)


def _sample_utterances(texts: Iterable[str], kind: SampleKind, *right: str) -> Iterator[SampleUtterance]:
    return (SampleUtterance(text, kind, right) for text in texts)
