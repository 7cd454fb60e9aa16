"""The recogniser of this machine, in words for the admin who starts a hotline."""

import os
from dataclasses import dataclass

from ivr.speech import model_search
from ivr.texts import _

SPEAKERS = "HOTLINE_SPEAKERS"
"""Environment variable: how many callers may speak at once; if it is 0, callers can only press keys."""


@dataclass(frozen=True, slots=True)
class RecognizerAvailability:
    """The recogniser of this machine."""

    found: model_search.FoundRecognizer | None
    callers: int | None  # callers who may speak at once; None is two for each core
    summary: str  # for the admin


def recognizer_availability() -> RecognizerAvailability:
    """Look for a recogniser, unless the environment says that nobody may speak."""
    given = os.environ.get(SPEAKERS, "")
    if given == "0":
        return RecognizerAvailability(None, None, _("no speech, callers press keys: {name} is 0").format(name=SPEAKERS))
    choice = model_search.choose()
    if choice.found is None:
        return RecognizerAvailability(
            None, None, _("no speech, callers press keys: {why}").format(why="; ".join(choice.reasons))
        )
    summary = _("callers are heard by {name}").format(name=choice.found.name)
    if given and not (given.isascii() and given.isdecimal()):
        wrong = _("{name} is no number, and not used: {given}").format(name=SPEAKERS, given=ascii(given))
        return RecognizerAvailability(choice.found, None, f"{summary}; {wrong}")
    return RecognizerAvailability(choice.found, int(given) if given else None, summary)
