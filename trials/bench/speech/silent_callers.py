"""Callers who say nothing: what is heard of the line's noise, the street, an office, a television. Without calls."""

from collections import Counter

from ivr.speech.recognizer import ListenerWork, Recognizer, Vocabulary
from testkit.phones.tones import RATE
from trials.bench.speech.corpus.sets import SampleKind
from trials.bench.speech.judging.decision import Decider
from trials.bench.speech.judging.judge import Way
from trials.bench.speech.telephone.background import Noises
from trials.bench.speech.telephone.conditions import Condition
from trials.bench.speech.telephone.microphone import FRAME, Microphone

SECONDS = 30.0
"""Seconds for which each caller is listened to: a menu that is said twice."""


def heard_of_silent_callers(
    recognizer: Recognizer,
    decider: Decider,
    vocabulary: Vocabulary,
    set_name: str,
    condition: Condition,
    callers: int,
) -> Counter[Way]:
    """Return the number of callers of whom something was heard although nobody spoke, by the decision about it."""
    noises, counted = Noises(set_name), Counter[Way]()
    for caller in range(callers):
        microphone = Microphone(condition, noises, f"{set_name} silent {caller}")
        listener = recognizer.listen(vocabulary)
        for _packet in range(round(SECONDS * RATE / FRAME)):
            if (sound := microphone.delivered_sound()) is None:
                continue
            heard = listener.feed(sound)
            while not heard and listener.work is not ListenerWork.NONE:
                heard = listener.step()
            if heard:
                counted[decider.outcome(heard, SampleKind.NONE).way] += 1
                break  # the call has gone on
    return counted


def line(set_name: str, condition: Condition, callers: int, counted: Counter[Way]) -> str:
    """Return the result as a line of text."""
    found = ", ".join(f"{way}: {count}" for way, count in sorted(counted.items())) or "nothing was heard"
    return f"{set_name}, {condition.name}: {callers} silent callers of {SECONDS:.0f} s: {found}"
