"""The decision in the call record if speech recognition failed while a caller may have spoken."""

from typing import assert_never

from ivr.asterisk.agi.speech import CallerListener, Failure
from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard


def failure_of(listener: CallerListener) -> SpeechDecision | None:
    """Return the decision for the call record if speech recognition failed at the last question; None if it did not."""
    match listener.failure:
        case None:
            return None
        case Failure.TOO_SLOW:
            return SpeechDecision.TOO_SLOW
        case Failure.NO_RECOGNIZER:
            return SpeechDecision.NO_RECOGNIZER
        case _:
            assert_never(listener.failure)


def unheard(menu: str, decision: SpeechDecision) -> SpeechHeard:
    """Return the call event of words at a menu that were not recognised."""
    return SpeechHeard(menu, "", 0.0, "", 0, decision, "", "")
