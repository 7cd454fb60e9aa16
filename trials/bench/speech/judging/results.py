"""The results of calls, counted. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard
from trials.bench.speech.calls.conversation import Record, Trial
from trials.bench.speech.corpus.sets import SampleUtterance
from trials.bench.speech.judging.destinations import Destinations
from trials.bench.speech.judging.intervals import Share
from trials.bench.speech.judging.judge import (
    AlarmWay,
    Judgement,
    UtteranceOutcome,
    Verdict,
    Way,
    is_needless,
    judge,
    may_alarm,
)

_AFTER_QUESTION = (
    SpeechDecision.CONFIRMED, SpeechDecision.CHOSEN, SpeechDecision.EMERGENCY, SpeechDecision.EMERGENCY_UNANSWERED,
)  # fmt: skip
_ALARMS = {SpeechDecision.EMERGENCY_SURE: AlarmWay.CALL, SpeechDecision.EMERGENCY_ASKED: AlarmWay.QUESTION}


@dataclass(frozen=True, slots=True)
class Result:
    """One call and its judgement."""

    trial: Trial
    judgement: Judgement
    text: str  # the first recognised text; "" if nothing was heard
    score: float
    goes: tuple[str, ...]  # the places that the caller was led to
    is_sent: bool  # ... to a line, a service or the enterprises' seats, and not just to an agent
    delay: float | None  # seconds from the end of speech to the first decision
    is_alone: bool

    @property
    def utterance(self) -> SampleUtterance:
        """Return the utterance."""
        return self.trial.take.utterance


def result(record: Record, leads: Destinations) -> Result:
    """Judge a call."""
    utterance = record.trial.take.utterance
    events = [event for _moment, event in record.decisions]
    outcome = _outcome(events, utterance, record.answer)
    judgement = judge(utterance, outcome, leads)
    if events and events[-1].decision in _AFTER_QUESTION and judgement.verdict is Verdict.AT_ONCE:
        judgement = replace(judgement, verdict=Verdict.AFTER_QUESTION)
    if utterance.kind.is_answer:
        judgement = replace(judgement, verdict=_plain(judgement.verdict))
    asked = any(event.decision in (SpeechDecision.CONFIRM, SpeechDecision.WHICH) for event in events)
    alarms = [
        alarm
        for event in events
        if (alarm := _ALARMS.get(event.decision)) and not may_alarm(utterance, event.target, alarm)
    ]
    judgement = replace(
        judgement,
        asked=asked,
        needless=asked and is_needless(utterance, understood=judgement.understood),
        false_alarm=AlarmWay.CALL if AlarmWay.CALL in alarms else AlarmWay.QUESTION if alarms else AlarmWay.NONE,
    )
    first = events[0] if events else None
    return Result(
        record.trial,
        judgement,
        record.answer if utterance.kind.is_answer else first.text if first else "",
        first.score if first else 0.0,
        outcome.targets,
        not set(outcome.targets) <= leads.agents,
        record.delay,
        record.is_alone,
    )


def _plain(verdict: Verdict) -> Verdict:
    """Return a right answer to a question as right at once."""
    return Verdict.AT_ONCE if verdict is Verdict.AFTER_QUESTION else verdict


def _outcome(events: list[SpeechHeard], utterance: SampleUtterance, answer: str) -> UtteranceOutcome:
    if not events:
        return UtteranceOutcome(Way.NOTHING)
    last = events[-1]
    target = last.target.rpartition(":")[2]
    match last.decision:
        case SpeechDecision.CONFIRMED if utterance.kind.is_answer:
            return UtteranceOutcome(Way.YES)
        case SpeechDecision.DENIED if utterance.kind.is_answer:
            return UtteranceOutcome(Way.NO if answer else Way.NOTHING)
        case SpeechDecision.SURE | SpeechDecision.CONFIRMED | SpeechDecision.CHOSEN:
            return UtteranceOutcome(Way.GOES, (target,))
        case SpeechDecision.EMERGENCY | SpeechDecision.EMERGENCY_SURE | SpeechDecision.EMERGENCY_UNANSWERED:
            return UtteranceOutcome(Way.ALARM, (target,))
    return UtteranceOutcome(Way.AGENT)


def share(results: Iterable[Result], has_property: Callable[[Result], bool]) -> Share:
    """Return the share of results with a property."""
    found = [has_property(call) for call in results]
    return Share(sum(found), len(found))


def is_understood(call: Result) -> bool:
    """Return whether the caller reached a right target, at once or after a question."""
    return call.judgement.understood


def is_wrong(call: Result) -> bool:
    """Return whether the caller was led to a wrong target."""
    return call.judgement.verdict is Verdict.WRONG
