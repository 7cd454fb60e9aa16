"""The utterances of one call: each with the last decision about it. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard
from ivr.records.derive.call_trace import TracedEvent
from ivr.records.derive.record_parts import Utterance


def utterances_of(events: Iterable[TracedEvent]) -> tuple[Utterance, ...]:
    """Return the caller's utterances, in order of time.

    An answer to a question is no utterance of its own; it decides about the utterance before it. An utterance that was
    asked about as an emergency, and was understood otherwise after a no, is one utterance.
    """
    utterances: list[Utterance] = []
    for traced in events:
        match traced.event:
            case SpeechHeard(text=""):
                pass  # no recogniser heard the utterance
            case SpeechHeard(menu, text, score, _recognizer, _milliseconds, decision, target, _topic):
                utterance = Utterance(traced.at, menu, text, decision, target, score)
                if utterances and not decision.is_first:
                    utterances[-1] = replace(utterances[-1], at=traced.at, decision=decision, target=target)
                elif utterances and _is_false_alarm(utterances[-1], text):
                    utterances[-1] = utterance
                else:
                    utterances.append(utterance)
            case _:
                pass
    return tuple(utterances)


def _is_false_alarm(utterance: Utterance, text: str) -> bool:
    return utterance.decision is SpeechDecision.EMERGENCY_DENIED and utterance.text == text
