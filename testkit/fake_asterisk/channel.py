"""A model of the caller's channel, which answers AGI commands like Asterisk 22 and records the course of the call."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from testkit.fake_asterisk import dialplan
from testkit.fake_asterisk.dialplan import split_arguments, static_dialplan

QueueOutcome = Literal[
    "answered",  # a seat took the call and hung up first; the script goes on if the option c (Dial: g) was given
    "talked",  # a seat took the call and the caller hung up first
    "timeout",
    "full",
    "joinempty",
    "leaveempty",
    "unknown",
    "key",  # the caller pressed the exit key, and Asterisk does not change QUEUESTATUS
    "hangup",  # the caller hung up while waiting
]
DialOutcome = Literal["answered", "talked", "busy", "noanswer", "congestion", "chanunavail", "hangup"]

_BY_TRUNK = re.compile(r"PJSIP/([a-z]+)/sip:([+0-9]*)@[^,]*,(\d+),i(.*)b\(ring\^([a-z]+)\^1\)")
_DIALSTATUS = {"answered": "ANSWER", "talked": "ANSWER", "hangup": "CANCEL"}
_USAGE = """520-Invalid command syntax.  Proper usage follows:
Does something to the channel. Returns <literal>0</literal> or <literal>-1</literal>.
200 result=1 (a line that could be taken for a reply)
520 End of proper usage."""
_COMMANDS = {  # least number of arguments, and whether the command needs a channel that is up
    "ANSWER": (0, True),
    "CHANNEL STATUS": (0, True),
    "EXEC": (1, False),
    "GET FULL VARIABLE": (1, False),
    "GOSUB": (3, True),
    "HANGUP": (0, True),
    "NOOP": (0, False),
    "RECORD FILE": (4, True),
    "SET VARIABLE": (2, False),
    "SPEECH CREATE": (1, True),
    "SPEECH DESTROY": (0, True),
    "SPEECH RECOGNIZE": (2, True),
    "SPEECH SET": (2, True),
    "STREAM FILE": (2, True),
    "VERBOSE": (1, False),
    "WAIT FOR DIGIT": (1, True),
}


@dataclass
class ApplicationRun:
    """A dialplan application that the script ran, with the channel variables at that moment."""

    application: str
    arguments: tuple[str, ...]
    variables: dict[str, str]


@dataclass
class Story:
    """The course of one call."""

    heard: list[str] = field(default_factory=list)  # prompts, in order
    queues: list[tuple[str, str]] = field(default_factory=list)  # (queue, outcome)
    dials: list[tuple[str, str]] = field(default_factory=list)  # (target, outcome)
    call_events: list[tuple[str, str]] = field(default_factory=list)  # (name, extra), as CEL would have them
    runs: list[ApplicationRun] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)  # each line that the script sent
    acts: list[list[str]] = field(default_factory=list)  # verb and arguments; for GOSUB those of the dialplan's steps
    progress: list[tuple[str, int]] = field(default_factory=list)  # HOTLINE_PROGRESS, with the count of earlier acts
    unknown: list[str] = field(default_factory=list)  # each of `commands` that Asterisk does not know
    answered: bool = False
    hung_up: bool = False  # by caller, agent or script
    released: bool = False  # Dial hung up after an answered call


@dataclass
class FakeCaller:
    """The behaviour of the caller, the seats, the called parties and the recogniser.

    Attributes:
        keys: a string has the keys that the caller presses, each when the script waits for a key; a space is a
            silence. A mapping has, by prompt, the key that the caller presses during the prompt.
        says: a sequence has the caller's answers after the prompts; "" is silence, "deaf" a recogniser that dies,
            "slow" a recogniser that is late. A mapping has, by prompt, the words said during the prompt.
        recogniser_free: whether the speech server has a recogniser for this caller.
        seats: by queue, the counts of signed-in seats and of ready seats; one and one by default.
        queues: by queue, the end of each visit, or the ends of successive visits.
        dials: by target, or by a part of it, the end of a Dial. "noanswer" of an emergency's conference: nobody came.
        queue_key: the key with which the caller leaves a queue.
        queue_seconds: the seconds that the caller has waited before that key.
        message: seconds of speech after the tone.
        hang_up_after: the caller hangs up during the AGI command of this number, counted from 1.
        hang_up_at: the caller hangs up at this prompt, application or AGI command.
        hangup_line_first: whether the HANGUP line comes before that command's reply, or before the reply of the next.
        silent_at: the AGI command, prompt or application that Asterisk never answers.
        missing: prompts that have no recording, and recordings that cannot be written.
    """

    keys: str | Mapping[str, str] = ""
    says: Sequence[str] | Mapping[str, str] = ()
    recogniser_free: bool = True
    seats: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    queues: Mapping[str, QueueOutcome | list[QueueOutcome]] = field(default_factory=dict)
    dials: Mapping[str, DialOutcome] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    queue_key: str = "1"
    queue_seconds: int = 60
    message: float = 5.0
    hang_up_after: int = 0
    hang_up_at: str = ""
    hangup_line_first: bool = False
    silent_at: str = ""
    missing: frozenset[str] = frozenset()


class Channel:
    """The channel of a call: it replies to AGI commands, and writes the `Story`."""

    def __init__(self, caller: FakeCaller, variables: Mapping[str, str]) -> None:
        self.story = Story(variables=dict(variables) | dict(caller.variables))
        self._caller = caller
        self._pending = caller.keys if isinstance(caller.keys, str) else ""
        self._says = list(caller.says) if not isinstance(caller.says, Mapping) else []
        self._hears = False
        self._hangup_line_due = False
        self._visits: dict[str, int] = {}
        self._waited = 0  # seconds in queues
        self._run = dialplan.DialplanRun(static_dialplan(), self.story.variables, self._value, self._application)
        self._next: tuple[str, str, str] | None = None
        self._failed = False  # whether an application of the dialplan failed

    def go_on(self) -> bool:
        """Run the dialplan from the place that the script named at its end; return whether the script is run again."""
        if self._next is None:
            return False
        place, self._next = self._next, None
        self._gosub(*place)
        self.story.hung_up |= self._failed  # without a script, Asterisk hangs up if an application fails
        return self.story.variables["HOTLINE_SCRIPT"] == "left" and not self.story.hung_up

    def reply(self, line: str) -> str | None:
        """Return Asterisk's reply to a line, without the last line end; None for no reply."""
        self.story.commands.append(line)
        due, self._hangup_line_due = self._hangup_line_due, False
        verb, arguments = _split(line)
        if verb != "GOSUB" and arguments[:1] != ["Gosub"]:
            self.story.acts.append(words(line))
        if self._caller.silent_at and self._caller.silent_at in (verb, *re.split(r"[ ,&]", " ".join(arguments))):
            return None
        was_hung_up = self.story.hung_up
        hang_up_at = self._caller.hang_up_at
        if (hang_up_at and hang_up_at in (verb, *arguments)) or len(self.story.commands) == self._caller.hang_up_after:
            self.story.hung_up = True
        answer = self._answer(verb, arguments, dead=was_hung_up)
        if self.story.hung_up and not was_hung_up:
            due = self._caller.hangup_line_first
            self._hangup_line_due = not due
        return f"HANGUP\n{answer}" if due else answer

    def _answer(self, verb: str, arguments: list[str], *, dead: bool) -> str:
        if verb not in _COMMANDS:
            self.story.unknown.append(self.story.commands[-1])
            return "510 Invalid or unknown command"
        least, needs_living = _COMMANDS[verb]
        if dead and needs_living:
            return "511 Command Not Permitted on a dead channel or intercept routine"
        if len(arguments) < least:
            self.story.unknown.append(self.story.commands[-1])
            return _USAGE
        return f"200 result={self._carry_out(verb, arguments)}"

    def _carry_out(self, verb: str, arguments: list[str]) -> str:  # noqa: PLR0911, PLR0912
        match verb:
            case "ANSWER":
                self.story.answered = True
                return self._unless_gone("0")
            case "CHANNEL STATUS":
                return self._unless_gone("6")
            case "EXEC":
                return self._exec(*arguments)
            case "GET FULL VARIABLE":
                return f"1 ({re.sub(r'[$][{](.*?)[}]', lambda match: self._value(match[1]), arguments[0])})"
            case "GOSUB":
                context, exten, _priority, *gosub_arguments = arguments
                self._gosub(context, exten, *gosub_arguments)
                return "0 Gosub complete"
            case "HANGUP":
                self.story.hung_up = True
                return "1"
            case "RECORD FILE":
                return self._record(*arguments)
            case "SET VARIABLE":
                name, value, *_ = arguments
                self._set(name, value)
                return "1"
            case "SPEECH CREATE":
                self._hears = self._caller.recogniser_free
                return self._unless_gone(str(int(self._hears)))
            case "SPEECH DESTROY":
                self._hears = False
                return "1"
            case "SPEECH SET":
                return "1" if self._hears else "0"
            case "SPEECH RECOGNIZE":
                return self._recognize(*arguments)
            case "STREAM FILE":
                return self._stream(*arguments)
            case "WAIT FOR DIGIT":
                key, self._pending = self._pending[:1], self._pending[1:]
                return self._unless_gone(str(ord(key)) if key.strip() else "0")
        return "0"

    def _stream(self, prompt: str, keys: str, offset: str = "0") -> str:
        if prompt in self._caller.missing:
            return "-1 endpos=0"
        if offset != "0":  # an offset past the prompt's end stops the prompt that plays
            return self._unless_gone("0 endpos=0")
        self.story.heard.append(prompt)
        if self.story.hung_up:
            return "-1 endpos=14560"
        key = self._pending[:1]
        if not isinstance(self._caller.keys, str):
            key = self._caller.keys.get(prompt, "")
        if key and key in keys:
            self._pending = self._pending[1:]
            return f"{ord(key)} endpos=9760"
        return "0 endpos=16000"

    def _recognize(self, prompt: str, _seconds: str, offset: str = "0") -> str:
        """Play a prompt, or only wait if the offset is past its end; the caller may press a key or speak meanwhile."""
        if not self._hears:
            return "0"
        if prompt in self._caller.missing:
            return "0 endpos=0"
        waits = offset != "0"
        if not waits:
            self.story.heard.append(prompt)
        if self.story.hung_up:
            return "1 (hangup) endpos=0"
        key, speech = self._pending[:1], ""
        if not isinstance(self._caller.keys, str):
            key = "" if waits else self._caller.keys.get(prompt, "")
        if isinstance(self._caller.says, Mapping):
            speech = "" if waits else self._caller.says.get(prompt, "")
        elif waits and self._says:
            speech = self._says.pop(0)
        if key.strip() and not speech:
            self._pending = self._pending[1:]
            return f"1 (digit) digit={key} endpos=0"
        if speech in ("slow", "deaf"):
            return f'1 (speech) endpos=0 results=1 score0=0 text0="" grammar0={speech}'
        if speech:
            text, _, score = speech.partition("@")
            return f'1 (speech) endpos=0 results=1 score0={score or 900} text0="{text}" grammar0=heard/fake/12'
        self._pending = self._pending[1:] if waits else self._pending
        return "1 (timeout) endpos=0"

    def _record(self, name: str, kind: str, ends: str, milliseconds: str, *_: str) -> str:
        if name in self._caller.missing:
            return "-1 (writefile)"
        seconds = min(self._caller.message, int(milliseconds) / 1000)
        self.story.recordings.append(f"{name}.{kind}")
        end = "-1 (hangup)" if self.story.hung_up else f"{ord(ends[0])} (dtmf)" if ends else "0 (timeout)"
        return f"{end} endpos={int(seconds * 8000)}"

    def _exec(self, application: str, options: str = "", *_: str) -> str:  # noqa: PLR0911
        if application == "Gosub":
            context, extension, arguments_of_it = options.split(",", 2)
            self._next = context, extension, arguments_of_it.partition("(")[2].removesuffix(")")
            return self._unless_gone("0")
        arguments = tuple(split_arguments(options))
        self.story.runs.append(ApplicationRun(application, arguments, dict(self.story.variables)))
        match application.lower():
            case "queue":
                return self._queue(*arguments)
            case "dial":
                return self._dial(*arguments)
            case "mset":
                return self._set_all(arguments)
            case "celgenuserevent":
                name, _comma, event_fields = options.partition(",")
                self.story.call_events.append((name, event_fields))
                return "0"
            case "addqueuemember" | "removequeuemember" | "pausequeuemember" | "unpausequeuemember":
                return "0"
            case "hangup":
                self.story.hung_up = True
                return "-1"
            case (
                "originate"
                | "softhangup"
                | "wait"
                | "mixmonitor"
                | "echo"
                | "playback"
                | "noop"
                | "userevent"
                | "senddtmf"
                | "set"
                | "goto"
            ):
                return self._unless_gone("0")
        return "-2"

    def _set_all(self, pairs: Iterable[str]) -> str:
        for pair in pairs:
            name, _equals, value = pair.partition("=")
            self._set(name, value)
        return "0"

    def _set(self, name: str, value: str) -> None:
        self.story.variables[name.lstrip("_")] = value
        if name == "HOTLINE_PROGRESS":
            self.story.progress.append((value, len(self.story.acts)))

    def _gosub(self, context: str, exten: str, arguments: str = "") -> None:
        """Run the real dialplan, with the channel variables, until it returns or the caller hangs up."""
        self._run = dialplan.DialplanRun(static_dialplan(), self.story.variables, self._value, self._application)
        self._run(context, exten, arguments)

    def _application(self, name: str, arguments: str) -> bool:  # noqa: PLR0912
        """Run an application of the dialplan; False ends the run: the caller hung up, or the application failed."""
        at = self._caller.hang_up_at
        if at and at in (name, *re.split(r"[,&]", arguments)):
            self.story.hung_up = True
        if self.story.hung_up:
            return False
        match name:
            case "Playback":
                self.story.variables["PLAYBACKSTATUS"] = "SUCCESS"
                self.story.answered = True
                for prompt in arguments.split("&"):
                    self.story.acts.append(["STREAM", "FILE", prompt, ""])
                    if self._stream(prompt, "").startswith("-1"):
                        self.story.variables["PLAYBACKSTATUS"] = "FAILED"
            case "Background":
                self._background(*arguments.split(","))
            case "Read":
                variable, _prompt, _most, _options, _times, seconds = arguments.split(",")
                self.story.acts.append(["WAIT", "FOR", "DIGIT", f"{seconds}000"])
                key, self._pending = self._pending[:1], self._pending[1:]
                self.story.variables[variable] = key.strip()
            case "Record" | "Wait":
                self.story.acts.append(["EXEC", name, arguments])
            case "Answer":
                self.story.acts.append(["ANSWER"])
                self.story.answered = True
            case "Set" | "MSet":
                self._set_all([arguments] if name == "Set" else split_arguments(arguments))
            case "HangupCauseClear":
                pass
            case "TryExec":
                application, _, options = arguments.removesuffix(")").partition("(")
                self.story.acts.append(["EXEC", application, options])
                result = self._exec(application, options)
                self.story.variables["TRYSTATUS"] = {"-2": "NOAPP", "-1": "FAILED"}.get(result, "SUCCESS")
            case _:
                arguments = _BY_TRUNK.sub(
                    r"PJSIP/\2@\1,\3,\4b(ring^\5^1)", arguments
                )  # `Story` has no host of the trunk
                self.story.acts.append(["EXEC", name, arguments])
                if self._exec(name, arguments).startswith("-"):
                    is_answered_dial = name == "Dial" and self.story.dials[-1][1] == "answered"
                    self.story.released = is_answered_dial and not self.story.hung_up
                    self.story.hung_up = self.story.hung_up or self.story.released
                    self._failed = True
                    return False
        return not self.story.hung_up

    def _background(self, prompts: str, _options: str, _language: str, keys: str) -> None:
        """Play prompts until the caller presses a key (an extension of context ``keys``) or a recording is missing."""
        self.story.answered = True
        for prompt in prompts.split("&"):
            self.story.acts.append(["STREAM", "FILE", prompt, dialplan.ALL_KEYS])
            played = self._stream(prompt, dialplan.ALL_KEYS)
            if key := int(played.split()[0]):
                if key > 0:
                    self._run.goto(keys, chr(key))
                self.story.variables["BACKGROUNDSTATUS"] = "SUCCESS" if key > 0 else "FAILED"
                return
        self.story.variables["BACKGROUNDSTATUS"] = "SUCCESS"

    def _queue(self, name: str = "", options: str = "", *_: str) -> str:
        if not name:
            return "-1"
        outcome = self._outcome(name)
        if outcome == "full" and not name.startswith("group-expert"):
            outcome = "answered"  # only the queues of experts have a limit
        self.story.queues.append((name, outcome))
        if outcome in ("hangup", "talked"):
            self.story.hung_up = True
        elif outcome == "answered":
            if not _has(options, "c"):
                return "-1"  # the caller did not hang up; Asterisk ends the call
            self.story.variables["QUEUESTATUS"] = "CONTINUE"
        elif outcome == "key":
            self._waited += self._caller.queue_seconds
            self._run.goto("queue-keys", self._caller.queue_key)
        else:
            self.story.variables["QUEUESTATUS"] = outcome.upper()
        return self._unless_gone("0")

    def _outcome(self, queue: str) -> QueueOutcome:
        outcome = self._caller.queues.get(queue)
        if outcome is None:
            return "answered" if self._caller.seats.get(queue, (1, 1))[0] else "joinempty"
        if isinstance(outcome, str):
            return outcome
        visit = self._visits.get(queue, 0)
        self._visits[queue] = visit + 1
        return outcome[min(visit, len(outcome) - 1)]

    def _dial(self, target: str = "", _seconds: str = "", options: str = "", *_: str) -> str:
        outcomes: Mapping[str, DialOutcome] = self._caller.dials
        outcome: DialOutcome = next(
            (outcomes[target_part] for target_part in outcomes if target_part in target), "answered"
        )
        self.story.dials.append((target, outcome))
        self.story.variables["DIALSTATUS"] = _DIALSTATUS.get(outcome, outcome.upper())
        if outcome in ("hangup", "talked"):
            self.story.hung_up = True
        elif outcome == "answered" and not _has(options, "g"):
            return "-1"
        if target.endswith("@emergency/n"):  # the conference answers even if nobody comes
            end = "served" if outcome == "answered" else "alone"
            self.story.variables |= {"DIALSTATUS": "ANSWER", "HOTLINE_SERVICE_END": end}
        return self._unless_gone("0")

    def _value(self, name: str) -> str:
        if name in self.story.variables:
            return self.story.variables[name]
        if name == "EPOCH":
            return str(int(time.time()) + self._waited)
        if member := re.fullmatch(r"QUEUE_MEMBER\((.+),(logged|free)\)", name):
            signed_in, free = self._caller.seats.get(member[1], (1, 1))
            return str(signed_in if member[2] == "logged" else free)
        if name.startswith("GROUP_COUNT("):
            return "0"
        if waiting := re.fullmatch(r"QUEUE_WAITING_COUNT\((.+)\)", name):
            return "999" if self._caller.queues.get(waiting[1]) == "full" else "0"
        return ""

    def _unless_gone(self, result: str) -> str:
        return "-1" if self.story.hung_up else result


def _has(options: str, option: str) -> bool:
    return option in re.sub(r"\(.*?\)", "", options)


def words(line: str) -> list[str]:
    """Split a line like Asterisk's AGI: quotes group words, and a backslash escapes the next character."""
    line_words: list[str] = []
    current: str | None = None
    quoted = escaped = False
    for character in line:
        if escaped:
            current = (current or "") + character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
            current = current or ""
        elif character in " \t" and not quoted:
            if current is not None:
                line_words.append(current)
            current = None
        else:
            current = (current or "") + character
    return line_words if current is None else [*line_words, current]


def _split(line: str) -> tuple[str, list[str]]:
    line_words = words(line)
    for length in (3, 2, 1):
        verb = " ".join(line_words[:length]).upper()
        if verb in _COMMANDS:
            return verb, line_words[length:]
    return line, []
