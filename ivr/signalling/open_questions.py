"""The phones that are asked by NOTIFY whether they live, and have not answered. Pure.

It counts the NOTIFYs that passed, and not the seconds: a process that was held up sees them late, but in their order.
"""

from dataclasses import dataclass

from ivr.signalling.sip_message import ParsedSip

_NOTIFIES = 5  # by UDP they take 5.5 s with PJSIP's own repetitions (RFC 3261, 17.1.2.2), by TCP and TLS 8 s
_REPEATED_AFTER = 2.0  # seconds without a NOTIFY
_REPETITIONS = 5  # of ours; then the call is over, or nobody copies the messages


@dataclass(slots=True)
class _Question:
    channel: str
    last_at: float  # when it was asked, or a NOTIFY passed
    passed: int = 0
    repetitions: int = 0


class OpenQuestions:
    """Knows them by Call-ID."""

    def __init__(self) -> None:
        """Start with none."""
        self._open: dict[str, _Question] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no question is open."""
        return not self._open

    def ask(self, channel: str, call_id: str, now: float) -> None:
        """A phone is about to be asked."""
        self._open.setdefault(call_id, _Question(channel, now))

    def passed(self, message: ParsedSip, now: float) -> None:
        """Take a NOTIFY, or a response to one: each answers the question, with any code."""
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
        due = [one for one in self._open.values() if now - one.last_at >= _REPEATED_AFTER]
        for one in due:
            one.last_at = now
            one.repetitions += 1
        self._open = {key: one for key, one in self._open.items() if one.repetitions < _REPETITIONS}
        return [one.channel for one in due]

    def unanswered(self) -> list[str]:
        """Return the channels of the phones that answered none, each once."""
        lost = {key: one.channel for key, one in self._open.items() if one.passed >= _NOTIFIES}
        for key in lost:
            del self._open[key]
        return list(lost.values())
