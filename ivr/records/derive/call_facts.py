"""Derives the facts of one call from its trace: a method for each field of the call record. Pure."""

import re
from collections.abc import Collection
from datetime import datetime
from operator import itemgetter

from ivr.call_events.values import REFUSALS, AnswerEnd, Reason, SeatKind, SpeechDecision
from ivr.call_events.vocabulary import (
    AnswerPlayed,
    CallHeld,
    CallPulled,
    CallRated,
    EmergencyStarted,
    FallbackTaken,
    KeyPressed,
    MessageLeft,
    OfferStarted,
    PhoneLost,
    RecordingStarted,
    RouteChosen,
    SpeechHeard,
    WorkOrderMade,
)
from ivr.records.derive.call_spans import holds, recording_pauses
from ivr.records.derive.call_trace import CallTrace
from ivr.records.derive.call_utterances import utterances_of
from ivr.records.derive.legs import legs_of
from ivr.records.derive.record_parts import Leg, LegKind, Outcome, Spans, Utterance, WorkOrder

_SEAT_KINDS = {LegKind(kind): kind for kind in SeatKind}
_HUMANS = {*_SEAT_KINDS, LegKind.LINKAGE}
_RECORDED_PARTIES = (LegKind.GENERAL, LegKind.ENTERPRISE, LegKind.EXPERT, LegKind.LINKAGE)


class CallFacts:
    """The facts of one call. A value that several methods need is computed once."""

    def __init__(self, trace: CallTrace) -> None:
        """Take the trace of the call."""
        self.trace = trace
        self.legs = legs_of(trace)  # in the order in which they began
        self.last_known_at = trace.caller.ended_at or trace.last_at  # the caller's end, or the time of the last event
        self.route: RouteChosen | None = None  # None if no script ran
        self.speech: SpeechHeard | None = None  # the last utterance at a menu, with the last decision about it
        self.fallback_reasons: tuple[Reason, ...] = ()  # in order
        self._menu_events: list[KeyPressed | SpeechHeard] = []
        for traced in trace.events:
            match traced.event:
                case RouteChosen() as route:
                    self.route = self.route or route
                case KeyPressed() as key:
                    self._menu_events.append(key)
                case SpeechHeard() as speech:
                    self._menu_events.append(speech)
                    if (
                        speech.text or self.speech is None
                    ):  # an utterance without text does not replace an utterance with text
                        self.speech = speech
                case FallbackTaken(reason=reason):
                    self.fallback_reasons += (reason,)
        self.seat_answer = self._first_answer(_SEAT_KINDS)  # leg and time of the seat or center that answered first
        self._human_answer = self._first_answer(_HUMANS)

    def caller(self) -> str:
        """Return the caller's number; "" if withheld."""
        return self.route.caller if self.route else _digits(self.trace.caller.number)

    def dialled(self) -> str:
        """Return the number dialled as registered; as delivered by the carrier if no script ran."""
        return self.route.dialled if self.route else _digits(self.trace.caller.exten)

    def line(self) -> str:
        """Return the number of the line whose service the call got."""
        return self.route.line if self.route else self.dialled()

    def mode(self) -> str | None:
        """Return the mode of the number dialled; None if it is unregistered, or no script ran."""
        return (self.route.mode or None) if self.route else None

    def gap(self) -> bool:
        """Return whether the number dialled is unregistered or not in force."""
        return self.route.gap if self.route else False

    def path(self) -> str:
        """Return the way through the menus: "main:1", "main:*/main:1", "main:speech"; "" if there was no menu."""
        return "/".join(filter(None, map(_path_step, self._menu_events)))

    def topic(self) -> str:
        """Return the last choice in words; "" if nothing was chosen."""
        return next((event.topic for event in reversed(self._menu_events) if event.topic), "")

    def intent_text(self) -> str | None:
        """Return the reading of the caller's last utterance."""
        return self.speech.text if self.speech else None

    def intent_decision(self) -> SpeechDecision | None:
        """Return the decision about the caller's last utterance."""
        return self.speech.decision if self.speech else None

    def intent_target(self) -> str | None:
        """Return the target of the caller's last utterance: "main:1" for a menu's key, else a number; "" for none."""
        return self.speech.target if self.speech else None

    def confidence(self) -> float | None:
        """Return how likely the caller wants the target of the last utterance, 0 to 1.

        Of an emergency, it is the recogniser's score.
        """
        return self.speech.score if self.speech else None

    def recognizer(self) -> str | None:
        """Return the name of the recogniser that read the caller's last utterance."""
        return self.speech.recognizer if self.speech else None

    def heard_ms(self) -> int | None:
        """Return the milliseconds of computing after the caller's last utterance ended."""
        return self.speech.milliseconds if self.speech else None

    def utterances(self) -> tuple[Utterance, ...]:
        """Return the caller's utterances at menus."""
        return utterances_of(self.trace.events) if self.speech else ()

    def answer_article(self) -> str | None:
        """Return the last article whose short answer the caller heard (群众自助查询)."""
        answer = self._answer()
        return answer.article if answer else None

    def answer_title(self) -> str | None:
        """Return the title of that article."""
        answer = self._answer()
        return answer.title if answer else None

    def answer_s(self) -> int | None:
        """Return the seconds of the answer that the caller heard."""
        answer = self._answer()
        return answer.seconds if answer else None

    def answer_end(self) -> AnswerEnd | None:
        """Return how the answer ended: to its end, or by a key, a word or the caller's hang-up."""
        answer = self._answer()
        return answer.end if answer else None

    def queue(self) -> str | None:
        """Return the last group in whose queue the caller waited."""
        groups = [event.group for event in self.trace.queue_events if event.type == "ENTERQUEUE"]
        groups += [event.group for event in self.trace.of_type(EmergencyStarted) if event.group]
        return groups[-1] if groups else None

    def first_offer_at(self) -> datetime | None:
        """Return when the call was first offered to a human: it entered a queue, or a center's phone began to ring."""
        for traced in self.trace.events:
            if isinstance(traced.event, OfferStarted | EmergencyStarted):
                return traced.at
        entered = (event.at for event in self.trace.queue_events if event.type == "ENTERQUEUE")
        return next(entered, None)

    def wait_s(self) -> int:
        """Return the seconds in all queues.

        A caller who never left a queue waited in it until the end of the call, or until the next queue if the node
        of the queue was gone.
        """
        waited, since = 0, None
        for event in self.trace.queue_events:
            if event.left:
                waited, since = waited + event.waited, None
            elif event.type == "ENTERQUEUE":
                waited, since = waited + _seconds(since, event.at), event.at
        if self.trace.is_over:
            waited += _seconds(since, self.last_known_at)
        return waited + self._waited_in_emergency()

    def ring_s(self) -> float | None:
        """Return the seconds for which the phone that answered first rang."""
        answer = self.seat_answer
        return round((answer[1] - answer[0].started_at).total_seconds(), 1) if answer else None

    def seat(self) -> str | None:
        """Return the seat, or the number of the center, that answered first."""
        return self.seat_answer[0].target if self.seat_answer else None

    def seat_kind(self) -> SeatKind | None:
        """Return the kind of the seat that answered first."""
        return _SEAT_KINDS[self.seat_answer[0].kind] if self.seat_answer else None

    def started_at(self) -> datetime:
        """Return when the call came in."""
        return self.trace.caller.started_at

    def answered_at(self) -> datetime | None:
        """Return when the first human answered: a seat, a center, or an emergency service."""
        return self._human_answer[1] if self._human_answer else None

    def ended_at(self) -> datetime | None:
        """Return when the caller was gone; None while the call lasts."""
        return self.last_known_at if self.trace.is_over else None

    def outcome(self) -> Outcome:
        """Return how the call ended for the citizen."""
        if not self.trace.is_over:
            return Outcome.IN_PROGRESS
        if self.answered_at():
            return Outcome.ANSWERED
        if self.trace.of_type(MessageLeft):
            return Outcome.MESSAGE
        if not REFUSALS.isdisjoint(self.fallback_reasons):
            return Outcome.REFUSED
        return Outcome.INFORMED if self._is_answered_by_article() else self._unserved_outcome()

    def _unserved_outcome(self) -> Outcome:
        """Return how a call ended in which no human, no message and no article served the caller."""
        caller, reasons = self.trace.caller, self.fallback_reasons
        if Reason.CALLBACK in reasons or caller.ended_by == caller.name:
            return Outcome.ABANDONED
        if any(event.type == "ABANDON" for event in self.trace.queue_events):
            return Outcome.ABANDONED
        return Outcome.REFUSED if caller.ended_at and not caller.answered_at else Outcome.FAILED

    def rating(self) -> int | None:
        """Return the citizen's last valid rating, 1 (very satisfied) to 5."""
        levels = [event.level for event in self.trace.of_type(CallRated) if 1 <= event.level <= 5]
        return levels[-1] if levels else None

    def recording(self) -> str | None:
        """Return the file of the recording; None if no recorded party answered, because then the file is empty."""
        started = self.trace.of_type(RecordingStarted)
        return started[-1].recording if started and self._recorded_from() else None

    def recording_paused(self) -> Spans:
        """Return the spans in which the recording was paused."""
        begin = self._recorded_from() if self.recording() else None
        return recording_pauses(self.trace.events, begin, self.last_known_at) if begin else ()

    def held(self) -> Spans:
        """Return the spans during which an agent held the other party, in seconds from the first recorded answer."""
        begin, events = self.answered_at(), self.trace.events
        if begin is None or not self.trace.of_type(CallHeld):
            return ()
        holding = [traced.uniqueid for traced in events if isinstance(traced.event, CallHeld)]
        channel = self.trace.channels.get(holding[-1])  # an agent who hangs up meanwhile ends the hold
        return holds(events, begin, (channel.ended_at if channel else None) or self.last_known_at)

    def phones_lost(self) -> tuple[str, ...]:
        """Return the seats whose phones were lost in the call, in order."""
        return tuple(event.seat for event in self.trace.of_type(PhoneLost))

    def pulled_by(self) -> str | None:
        """Return the seat of the supervisor who pulled the caller out of the queue last."""
        pulls = self.trace.of_type(CallPulled)
        return pulls[-1].by if pulls else None

    def work_orders(self) -> tuple[WorkOrder, ...]:
        """Return a work order for each message, and each work order of an agent."""
        if self.trace.by_type.keys().isdisjoint((MessageLeft, WorkOrderMade)):
            return ()
        orders = {}
        call_id, caller = self.trace.call_id, self.caller()
        for traced in self.trace.events:
            match traced.event:
                case MessageLeft(order, number, unit, file, seconds):
                    orders[order] = WorkOrder(order, call_id, caller, _digits(number), unit, file, seconds, traced.at)
                case WorkOrderMade(order, number, unit):
                    orders[order] = WorkOrder(order, call_id, caller, _digits(number), unit, "", 0, traced.at)
        return tuple(orders.values())

    def _answer(self) -> AnswerPlayed | None:
        played = self.trace.of_type(AnswerPlayed)
        return played[-1] if played else None

    def _is_answered_by_article(self) -> bool:
        """Tell whether the caller heard at least half of an answer and hung up before an offer."""
        answer = self._answer()
        return answer is not None and 2 * answer.seconds >= answer.length and self.first_offer_at() is None

    def _first_answer(self, kinds: Collection[LegKind]) -> tuple[Leg, datetime] | None:
        answers = [(leg, leg.answered_at) for leg in self.legs if leg.answered_at and leg.kind in kinds]
        return min(answers, key=itemgetter(1)) if len(answers) > 1 else answers[0] if answers else None

    def _recorded_from(self) -> datetime | None:
        answer = self._first_answer(_RECORDED_PARTIES)
        return answer[1] if answer else None

    def _waited_in_emergency(self) -> int:
        """Return the seconds until an agent came to an emergency.

        The caller's queue events do not have this time, because a Local channel waits in the queue for the caller.
        """
        if not self.trace.of_type(EmergencyStarted):
            return 0
        answer = self.seat_answer
        for traced in self.trace.events:
            if isinstance(traced.event, EmergencyStarted) and traced.event.group and (answer or self.trace.is_over):
                came_at = answer[1] if answer else self.last_known_at
                return max(0, int((came_at - traced.at).total_seconds()))
        return 0


def _seconds(begin: datetime | None, end: datetime) -> int:
    return max(int((end - begin).total_seconds()), 0) if begin else 0


def _path_step(event: KeyPressed | SpeechHeard) -> str:
    """Return one step of a call's path; "" for the caller's answer to a question about the step before."""
    if isinstance(event, KeyPressed):
        return f"{event.menu}:{event.key or 'silence'}"
    return f"{event.menu}:speech" if event.decision.is_first else ""


def _digits(number: str) -> str:
    """Return the digits of an unchecked number, and a leading plus, 40 characters at most."""
    return "".join(re.findall(r"[0-9*#]|^\+", number))[:40]
