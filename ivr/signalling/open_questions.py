"""The phones that got a NOTIFY as a check, and have not answered it. Pure.

NOTIFYs are counted instead of seconds, because a delayed process sees them late, but in their order.
"""

from dataclasses import dataclass

from ivr.signalling.sip_message import ParsedSip

_NOTIFIES = 5  # by UDP they take 5.5 s with PJSIP's own repetitions (RFC 3261, 17.1.2.2), by TCP and TLS 8 s
_REPEATED_AFTER = 2.0  # seconds without a NOTIFY
_REPETITIONS = 5  # by the engine; after them the call is over, or the messages are not copied to the engine


@dataclass(slots=True)
class _Question:
    channel: str
    last_at: float  # when it was asked, or a NOTIFY passed
    passed: int = 0
    repetitions: int = 0


class OpenQuestions:
    """The questions that are open, by the Call-ID of their call."""

    def __init__(self) -> None:
        """Start without a question."""
        self._open: dict[str, _Question] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no question is open."""
        return not self._open

    def ask(self, channel: str, call_id: str, now: float) -> None:
        """Open a question, because a phone is about to be asked."""
        self._open.setdefault(call_id, _Question(channel, now))

    def passed(self, message: ParsedSip, now: float) -> None:
        """Take a NOTIFY, or a response to a NOTIFY, which answers the question with any code."""
        question = self._open.get(message.call_id)
        if question is None or message.method != "NOTIFY":
            return
        if message.status:
            del self._open[message.call_id]
        else:
            question.passed += 1
            question.last_at = now

    def to_repeat(self, now: float) -> list[str]:
        """Return the channels that are to be asked again now."""
        due = [question for question in self._open.values() if now - question.last_at >= _REPEATED_AFTER]
        for question in due:
            question.last_at = now
            question.repetitions += 1
        self._open = {key: question for key, question in self._open.items() if question.repetitions < _REPETITIONS}
        return [question.channel for question in due]

    def unanswered(self) -> list[str]:
        """Return the channels of the phones that did not answer, each once."""
        lost = {key: question.channel for key, question in self._open.items() if question.passed >= _NOTIFIES}
        for key in lost:
            del self._open[key]
        return list(lost.values())
