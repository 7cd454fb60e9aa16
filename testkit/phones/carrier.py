"""The carrier's end of the trunk: citizens who call the hotline, and the centers that the hotline calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .heard_recording import ToneParty
from .invite import Invite, address, uri
from .phone_call import PhoneCall
from .phones import Phones, SipAccount

_CALLS = 4  # at once on one of the carrier's ports, because a PJSIP endpoint holds no more


@dataclass
class Center:
    """A center that the carrier can reach, at its number.

    Attributes:
        number: the number that the hotline dials.
        name: the center's name in timelines.
        tone: the center's tone in Hz.
        answers: True to pick up, False to ring without end, or the SIP code of a refusal.
        after: seconds of ringing before the center picks up or refuses.
        forwards_to: a number of the hotline to which the center forwards its calls, in place of an answer.
        calls: the center's calls so far.
    """

    number: str
    name: str
    tone: int
    answers: bool | int = True
    after: float = 0.0
    forwards_to: str = ""
    calls: list[PhoneCall] = field(default_factory=list)

    @property
    def call(self) -> PhoneCall:
        """The center's latest call; AssertionError if the center has had no call."""
        assert self.calls, f"center {self.name} has had no call"
        return self.calls[-1]

    @property
    def ringing(self) -> PhoneCall | None:
        """The call that waits for an answer, or None."""
        return next((call for call in self.calls if call.ringing), None)

    @property
    def talking(self) -> bool:
        """Whether the center is in an answered call."""
        return any(call.connected for call in self.calls)

    def hears(self, *parties: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether the center hears each of `parties` now, in its latest call."""
        return bool(self.calls) and self.call.hears(*parties, seconds=seconds)

    def hears_only(self, *parties: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether the center hears exactly `parties` now, in its latest call."""
        return bool(self.calls) and self.call.hears_only(*parties, seconds=seconds)

    def hang_up(self) -> None:
        """End the center's latest call."""
        self.call.hang_up()


class Carrier:
    """A telephone company with one UDP port on loopback and no registration.

    Args:
        phones: the phones of the test.
        hotline: "HOST:PORT" to which the carrier sends calls; may be set later.
        port: UDP port for calls from the hotline; 0 for a free one.
        name: the carrier's name in messages.
    """

    def __init__(self, phones: Phones, hotline: str = "", port: int = 0, name: str = "carrier") -> None:
        self.phones = phones
        self.hotline = hotline
        self.name = name
        self.centers: dict[str, Center] = {}
        self.calls: list[PhoneCall] = []  # of citizens, in the order of dialling
        self.unexpected: list[Invite] = []  # INVITEs to a number without a center, answered with 404
        self._line = phones.open_line(self, _CALLS, "trunk", port=port)
        self._outgoing: list[tuple[SipAccount, list[PhoneCall]]] = []

    @property
    def port(self) -> int:
        """The carrier's UDP port."""
        return self._line.port

    @property
    def address(self) -> str:
        """HOST:PORT, as `ivr up --carrier` expects it."""
        return f"127.0.0.1:{self.port}"

    def call(
        self,
        number: str,
        from_: str = "13800000001",
        *,
        name: str = "citizen",
        tone: int = 0,
        sound: Path | None = None,
        caller_name: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> PhoneCall:
        """Let a citizen call a number of the hotline, and return at once.

        Args:
            number: the digits that the citizen dials, in any spelling.
            from_: the caller's number, any text; "" to withhold the number.
            name: the citizen's name in timelines.
            tone: the citizen's tone in Hz; a free tone unless given.
            sound: a WAV file that the citizen's phone sends again and again, in place of a tone.
            caller_name: the name in From.
            headers: further headers of the INVITE.
        """
        assert self.hotline, "the carrier does not know the hotline's address"
        sender = (
            address(from_, self.address, caller_name)
            if from_
            else address("anonymous", "anonymous.invalid", "Anonymous")
        )
        line, calls = self._free_outgoing()
        tone = tone or self.phones.free_tone(name)
        call = self.phones.dial(
            line, name, tone, uri(number, self.hotline), sender=sender, headers=headers, sound=sound
        )
        calls.append(call)
        self.calls.append(call)
        return call

    def center(
        self,
        number: str,
        *,
        name: str = "",
        tone: int = 0,
        answers: bool | int = True,
        after: float = 0.0,
        forwards_to: str = "",
    ) -> Center:
        """Put a center at a number, in place of any earlier center; `Center` describes the arguments."""
        name = name or f"center-{number}"
        self.centers[number] = center = Center(
            number, name, tone or self.phones.free_tone(name), answers, after, forwards_to
        )
        self.phones.tones[name] = center.tone
        return center

    def on_incoming(self, key: str, invite: Invite) -> None:
        """Take in a call from the hotline (called by `Phones`)."""
        center = self.centers.get(invite.called)
        if center is None:
            self.unexpected.append(invite)
            self.phones.open_call(self._line, key, "", 0, invite).reject(404)
            return
        call = self.phones.open_call(self._line, key, center.name, center.tone, invite)
        center.calls.append(call)
        if center.forwards_to:
            call.give_media(None)
            self._forward(call, center.forwards_to)
            return
        call.give_media(self.phones.tone_file(center.tone))
        if center.answers is True or center.answers is False or center.after:
            call.ring()
        if center.answers is not False:
            code = int(center.answers)
            self.phones.after(center.after, call.answer if center.answers is True else lambda: call.reject(code))

    def on_registration(self, code: int, reason: str, active: bool) -> None:
        """Do nothing, because a carrier does not register."""

    def leave(self) -> bool:
        """Return True, because a carrier has no registration."""
        return True

    def describe(self) -> str:
        """Return the carrier's address, and the numbers without a center that were called."""
        unknown = ", ".join(invite.called for invite in self.unexpected)
        return f"{self.name} at {self.address}" + (f"; calls to unknown numbers: {unknown}" if unknown else "")

    def _free_outgoing(self) -> tuple[SipAccount, list[PhoneCall]]:
        """Return an account with a free call slot. A carrier may send calls from several ports."""
        for line, calls in self._outgoing:
            calls[:] = [call for call in calls if not call.closed]
            if len(calls) < _CALLS:
                return line, calls
        self._outgoing.append((self.phones.open_line(self, _CALLS, "trunk"), []))
        return self._outgoing[-1]

    def _forward(self, call: PhoneCall, number: str) -> None:
        """Forward a call to the hotline, which then has two legs of it."""
        onward = self.phones.dial(
            self._line, "", 0, uri(number, self.hotline), sender=address(call.caller, self.address, call.caller_name)
        )

        def follow() -> None:
            if onward.connected and not call.was_connected:
                call.answer()
                call.bridge(onward)
            elif onward.ended and not call.ended:
                call.hang_up() if call.was_connected else call.reject(onward.code)
            elif onward.state == "early" and call.state == "incoming":
                call.ring()

        def give_up() -> None:
            if call.ended and not onward.ended:
                onward.hang_up()

        onward.changed.append(follow)
        call.changed.append(give_up)
