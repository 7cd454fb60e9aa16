"""The result of an utterance, and whether it is right. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from trials.bench.speech.corpus.sets import SampleKind, SampleUtterance
from trials.bench.speech.judging.destinations import Destinations


class Way(StrEnum):
    """The way of the caller after an utterance."""

    NOTHING = "nothing heard"
    AGENT = "an agent, not understood"
    ASKED = "asked"
    GOES = "goes"
    YES = "yes"
    NO = "no"
    ALARM_ASKED = "asked whether it is an emergency"
    ALARM = "emergency called"


@dataclass(frozen=True, slots=True)
class UtteranceOutcome:
    """The hotline's decision about an utterance, before the caller answers any question."""

    way: Way
    targets: tuple[str, ...] = ()  # numbers, or keys of the menu


class Verdict(StrEnum):
    """The verdict on an outcome."""

    AT_ONCE = "right at once"
    AFTER_QUESTION = "right after a question"
    NOT_UNDERSTOOD = "not understood"  # an agent, or the menu again
    WRONG = "wrong"


class AlarmWay(StrEnum):
    """The way in which an emergency service was brought in."""

    NONE = ""
    QUESTION = "question"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, with the alarms and questions that count apart."""

    verdict: Verdict
    asked: bool = False  # the caller was asked
    needless: bool = False  # ... although there is but one right answer, or about something wrong
    false_alarm: AlarmWay = AlarmWay.NONE  # without a cry

    @property
    def understood(self) -> bool:
        """Return whether the caller reaches a right target, at once or after a question."""
        return self.verdict in (Verdict.AT_ONCE, Verdict.AFTER_QUESTION)


def judge(utterance: SampleUtterance, outcome: UtteranceOutcome, leads: Destinations) -> Judgement:
    """Compare an outcome with the right one.

    Args:
        utterance: the caller's words.
        outcome: the hotline's decision.
        leads: the destinations of lines and keys. A number that a right number leads on to is right, too.
    """
    right = {*utterance.right, *(leads.merged[number] for number in utterance.right if number in leads.merged)}
    verdict = _verdict(utterance, outcome, right, to_agents=set(outcome.targets) <= leads.agents)
    asked = outcome.way in (Way.ASKED, Way.ALARM_ASKED)
    alarm = {Way.ALARM: AlarmWay.CALL, Way.ALARM_ASKED: AlarmWay.QUESTION}.get(outcome.way, AlarmWay.NONE)
    if alarm is not AlarmWay.NONE and may_alarm(utterance, outcome.targets[0], alarm):
        alarm = AlarmWay.NONE
    needless = outcome.way is Way.ASKED and is_needless(utterance, understood=verdict is Verdict.AFTER_QUESTION)
    return Judgement(verdict, asked, needless, alarm)


def is_needless(utterance: SampleUtterance, *, understood: bool) -> bool:
    """Return whether a question was needless: only one answer is right, or the question was about a wrong target."""
    return not understood or len(utterance.right) < 2


def may_alarm(utterance: SampleUtterance, service: str, alarm: AlarmWay) -> bool:
    """Return whether an emergency service is a proper answer: to a cry, or as a question to a caller of the service."""
    if utterance.kind is SampleKind.EMERGENCY:
        return True
    return alarm is AlarmWay.QUESTION and utterance.kind is SampleKind.LINKAGE and service in utterance.right


def _verdict(utterance: SampleUtterance, outcome: UtteranceOutcome, right: set[str], *, to_agents: bool) -> Verdict:
    hit = bool(right & set(outcome.targets))
    match outcome.way:
        case Way.NOTHING | Way.AGENT:
            verdict = _unanswered(utterance)
        case Way.YES | Way.NO:
            meant = {SampleKind.YES: Way.YES, SampleKind.NO: Way.NO, SampleKind.CORRECTION: Way.NO}.get(utterance.kind)
            verdict = Verdict.AT_ONCE if outcome.way is meant else Verdict.WRONG
        case Way.ALARM:
            verdict = Verdict.AT_ONCE if utterance.kind is SampleKind.EMERGENCY and hit else Verdict.WRONG
        case Way.ALARM_ASKED if hit and may_alarm(utterance, outcome.targets[0], AlarmWay.QUESTION):
            verdict = Verdict.AFTER_QUESTION
        case Way.ASKED if hit:
            verdict = Verdict.AFTER_QUESTION
        case Way.ALARM_ASKED | Way.ASKED:
            verdict = _unanswered(utterance)  # the caller says no, and an agent comes
        case Way.GOES:
            verdict = _sent(utterance, hit=hit, to_agents=to_agents)
    return verdict


def _sent(utterance: SampleUtterance, *, hit: bool, to_agents: bool) -> Verdict:
    if hit or (to_agents and _no_line_meant(utterance)):
        return Verdict.AT_ONCE
    return Verdict.NOT_UNDERSTOOD if to_agents else Verdict.WRONG


def _unanswered(utterance: SampleUtterance) -> Verdict:
    return Verdict.AT_ONCE if _no_line_meant(utterance) else Verdict.NOT_UNDERSTOOD


def _no_line_meant(utterance: SampleUtterance) -> bool:
    return utterance.kind in (SampleKind.NONE, SampleKind.HOTLINE) or (
        utterance.kind is SampleKind.NO_EMERGENCY and not utterance.right
    )
