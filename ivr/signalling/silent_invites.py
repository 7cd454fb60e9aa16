"""The hotline's INVITEs without a response: after two seconds the call goes to the next trunk. Pure."""

from dataclasses import dataclass

WAIT = 2.0  # seconds for any response, even 100


@dataclass(frozen=True, slots=True)
class SilentInvite:
    """An INVITE without any response."""

    call_id: str
    host: tuple[str, int]


class SilentInvites:
    """Knows the INVITEs that wait for their first response."""

    def __init__(self) -> None:
        """Begin without an INVITE."""
        self._waiting: dict[str, tuple[float, tuple[str, int]]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no INVITE waits."""
        return not self._waiting

    def sent(self, call_id: str, host: tuple[str, int], now: float) -> None:
        """Take an outgoing INVITE, or its retransmission."""
        self._waiting.setdefault(call_id, (now, host))

    def answered(self, call_id: str) -> None:
        """Take any response to an INVITE."""
        self._waiting.pop(call_id, None)

    def silent(self, now: float) -> list[SilentInvite]:
        """Return the INVITEs that have waited too long, each once."""
        silent_invites = [
            SilentInvite(call_id, host) for call_id, (at, host) in self._waiting.items() if now - at >= WAIT
        ]
        for invite in silent_invites:
            del self._waiting[invite.call_id]
        return silent_invites
