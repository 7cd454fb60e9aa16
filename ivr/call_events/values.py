"""The values of fields of call events and call records. Each string stands in logs and databases."""

from enum import StrEnum


class SeatKind(StrEnum):
    """The kind of seat that answers a call (座席类型). The first three are the registry's kinds of group."""

    GENERAL = "general"  # 话务座席
    ENTERPRISE = "enterprise"  # 政企通专席
    EXPERT = "expert"  # 专家座席
    CENTER = "center"  # a seat of a sub-center (分中心)


class PartyKind(StrEnum):
    """The kind of party that an agent consults, or that watches an agent's call."""

    CENTER = "center"  # a sub-center
    LINKAGE = "linkage"  # a linkage number: 110, 119, … (联动)
    LINE = "line"  # another registered line
    SEAT = "seat"  # a seat of an agent
    EXPERT = "expert"  # an expert seat
    SUPERVISOR = "supervisor"  # a supervisor seat (班长席); a supervisor is never consulted, only watches


class CallbackResult(StrEnum):
    """The result of a callback, as the agent says."""

    REACHED = "reached"  # the agent talked with the citizen
    VOICEMAIL = "voicemail"  # a voicemail answered (语音信箱)
    WRONG_NUMBER = "wrong-number"  # another person answered
    AGAIN = "again"  # the citizen wants to be called later


class SecondLineAct(StrEnum):
    """The progress of a consult that an agent makes on the second line of the phone."""

    RING = "ring"  # the party's phone is about to ring
    ANSWERED = "answered"
    BUSY = "busy"
    SILENT = "silent"  # it rang in vain
    AWAY = "away"  # it cannot be reached
    LEFT = "left"  # the talk with the party is over, or the agent hung up while it rang


class WatchAct(StrEnum):
    """An act of a guiding expert, or of a supervisor, at an agent's call."""

    RING = "ring"  # the expert's phone rings
    LISTEN = "listen"  # 监听
    WHISPER = "whisper"  # only the agent hears the watcher (耳语)
    JOIN = "join"  # citizen, agent and watcher hear each other (三方通话)
    TAKE_OVER = "take-over"  # the watcher replaces the agent (接管)
    HANG_UP = "hang-up"  # the watcher ends the call (强拆)
    LEFT = "left"  # the watcher left the call
    BUSY = "busy"  # the expert's phone was busy
    SILENT = "silent"  # the expert's phone rang in vain
    AWAY = "away"  # no expert is signed in


class Reason(StrEnum):
    """The reason of a step of a plan, or of a fallback to the next step: one word, for programs.

    `ivr.routing.plan_wording` puts the reasons of steps into words for people.
    """

    # Reasons of a step.
    HOTLINE = "hotline"  # the citizen dialled 12345
    MERGED = "merged"  # the number dialled is merged into another
    CHAIN = "chain"  # the line into which the number dialled is merged leads on to this line
    DUAL = "dual"  # the number dialled is a dual number: no menu
    EXPERT = "expert"  # the line has an expert seat
    SUBCENTER = "subcenter"  # the line has a center with seats of its own
    UNREGISTERED = "unregistered"  # the number dialled is not registered: a gap in the registry
    NOT_IN_FORCE = "not-in-force"  # the number dialled is registered, but not for this day
    STRAIGHT = "straight"  # the line has no menu
    MENU = "menu"  # the caller pressed the key
    SPOKEN = "spoken"  # the caller named the target
    NOT_UNDERSTOOD = "not-understood"  # the caller spoke, and an agent has to find the target
    EMERGENCY = "emergency"  # the caller reported an emergency
    NO_CHOICE = "no-choice"  # the menu got no key, an unknown key, or three failures
    RECORDED = "recorded"  # the notice that the agent's call will be recorded
    FALLBACK = "fallback"  # the steps before reached nobody

    # Reasons of a step, and of the fallback that led to it.
    EXPERT_AWAY = "expert-away"  # no expert is signed in
    EXPERT_BUSY = "expert-busy"  # experts are signed in, and all are busy
    CLOSED = "closed"  # the call came outside the hours of the line's expert or center
    NO_AGENT = "no-agent"  # no agent of the group is signed in
    CAME_BACK = "came-back"  # the call was sent to a center, and came back
    BLOCKED = "blocked"  # the caller is on the block list
    CALLER_LIMIT = "caller-limit"  # the caller has reached the limit of calls at once
    TRUNK_LIMIT = "trunk-limit"  # the trunk has reached the hotline's limit of calls at once

    # Reasons of a fallback.
    EXPERT_SILENT = "expert-silent"  # an expert's phone rang in vain
    CENTER_BUSY = "center-busy"
    CENTER_SILENT = "center-silent"  # the center's phone rang in vain
    CENTER_UNREACHABLE = "center-unreachable"
    QUEUE_FULL = "queue-full"  # the group's limit of waiting callers is reached
    GAVE_UP = "gave-up"  # the waiting caller pressed 1 to leave a message
    CALLBACK = "callback"  # the waiting caller pressed 2 to be called back
    TECHNICAL = "technical"  # a part of the hotline failed


REFUSALS = frozenset({Reason.BLOCKED, Reason.CALLER_LIMIT, Reason.TRUNK_LIMIT})
"""Reasons for which a call gets no offer at all."""

FALLBACKS = REFUSALS | {
    Reason.EXPERT_AWAY,
    Reason.EXPERT_BUSY,
    Reason.EXPERT_SILENT,
    Reason.CENTER_BUSY,
    Reason.CENTER_SILENT,
    Reason.CENTER_UNREACHABLE,
    Reason.CLOSED,
    Reason.NO_AGENT,
    Reason.QUEUE_FULL,
    Reason.GAVE_UP,
    Reason.CALLBACK,
    Reason.CAME_BACK,
    Reason.TECHNICAL,
}
"""Reasons for which an offer reached nobody, or was not made: the call fell back to the next step of its plan."""


class AnswerEnd(StrEnum):
    """The end of an answer that a caller heard by telephone (群众自助查询)."""

    WHOLE = "whole"  # the caller heard it to its end, and stayed
    KEY = "key"  # the caller pressed a key
    WORD = "word"  # the caller spoke
    HUNG_UP = "hung-up"


class SpeechDecision(StrEnum):
    """The decision of the menu about an utterance of the caller."""

    SURE = "sure"  # the call went to the target
    CONFIRM = "confirm"  # the caller was asked whether the target is meant
    CONFIRMED = "confirmed"  # the caller answered yes
    DENIED = "denied"  # the caller answered no, or nothing
    WHICH = "which"  # the caller was asked which of two targets is meant
    CHOSEN = "chosen"  # the caller chose this target
    UNKNOWN = "unknown"  # an agent had to find the target
    ANSWERED = "answered"  # the caller was told the answer of an article; the words led to no line for sure
    EMERGENCY_ASKED = "emergency-asked"  # the caller was asked whether help is needed
    EMERGENCY_DENIED = "emergency-denied"  # the caller answered no: a false alarm
    EMERGENCY_UNANSWERED = "emergency-unanswered"  # the caller did not answer; the hotline assumed an emergency
    EMERGENCY = "emergency"  # the caller answered yes; the emergency service was called
    EMERGENCY_SURE = "emergency-sure"  # the emergency service was called without a question
    TOO_SLOW = "recognizer-too-slow"  # the caller may have spoken; the recogniser did not keep up
    NO_RECOGNIZER = "recognizer-failed"  # the caller may have spoken; the recogniser died, or did not answer

    @property
    def is_first(self) -> bool:
        """Whether the decision followed the utterance at once, and not the caller's answer to a question."""
        return self in (
            self.SURE, self.CONFIRM, self.WHICH, self.UNKNOWN, self.ANSWERED, self.EMERGENCY_ASKED, self.EMERGENCY_SURE,
        )  # fmt: skip

    @property
    def is_missed(self) -> bool:
        """Whether the utterance was not understood: an agent had to deal with it, or the caller confirmed no guess."""
        return self in (self.UNKNOWN, self.DENIED, self.WHICH)
