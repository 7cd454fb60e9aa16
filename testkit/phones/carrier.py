"""The trunk's other end: citizens who call the hotline, and the centers that it calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .heard_recording import ToneParty
from .invite import Invite, address, uri
from .phone_call import PhoneCall
from .phones import Phones, SipAccount

_CALLS = 4  # at once into the carrier's port: what one endpoint holds


@dataclass
class Center:
    """A number that the carrier reaches.

    Attributes:
        number: what the hotline dials.
        name: who it is in timelines.
        tone: its tone in Hz.
        answers: True picks up, False only rings, a SIP code refuses.
        after: seconds of ringing before it picks up or refuses.
        forwards_to: a number of the hotline that its calls are led to, in place of an answer.
        calls: the calls that it got.
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
        """Its latest call; AssertionError when it had none."""
        assert self.calls, f"center {self.name} has had no call"
        return self.calls[-1]

    @property
    def ringing(self) -> PhoneCall | None:
        """The call that waits for an answer, if there is one."""
        return next((call for call in self.calls if call.ringing), None)

    @property
    def talking(self) -> bool:
        """Whether it is in an answered call."""
        return any(call.connected for call in self.calls)

    def hears(self, *who: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether its latest call hears each of `who` now."""
        return bool(self.calls) and self.call.hears(*who, seconds=seconds)

    def hears_only(self, *who: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether its latest call hears exactly `who` now."""
        return bool(self.calls) and self.call.hears_only(*who, seconds=seconds)

    def hang_up(self) -> None:
        """End its latest call."""
        self.call.hang_up()


class Carrier:
    """A telephone company with one UDP port on loopback and no registration.

    Args:
        phones: the phones it is one of.
        hotline: "HOST:PORT" that it delivers calls to; may be set later.
        port: UDP port for calls from the hotline; 0 for a free one.
        name: who it is in messages.
    """

    def __init__(self, phones: Phones, hotline: str = "", port: int = 0, name: str = "carrier") -> None:
        self.phones = phones
        self.hotline = hotline
        self.name = name
        self.centers: dict[str, Center] = {}
        self.calls: list[PhoneCall] = []  # of citizens, in the order of dialling
        self.unexpected: list[Invite] = []  # calls to numbers that are no center, answered with 404
        self._line = phones.open_line(self, _CALLS, "trunk", port=port)
        self._outgoing: list[tuple[SipAccount, list[PhoneCall]]] = []

    @property
    def port(self) -> int:
        """Its UDP port."""
        return self._line.port

    @property
    def address(self) -> str:
        """HOST:PORT, what `ivr up --carrier` takes."""
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
        """Have a citizen call a number of the hotline; does not wait.

        Args:
            number: what is dialled, in whatever spelling.
            from_: the caller's number, which may hold anything; "" withholds it.
            name: who it is in timelines.
            tone: the caller's tone in Hz; a free one unless given.
            sound: a WAV file that is sent again and again, in place of a tone.
            caller_name: caller-id name.
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
        """Put a center at a number, or another in its place; see `Center` for what it may do."""
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
            call.takes_media(None)
            self._forward(call, center.forwards_to)
            return
        call.takes_media(self.phones.tone_file(center.tone))
        if center.answers is True or center.answers is False or center.after:
            call.ring()
        if center.answers is not False:
            code = int(center.answers)
            self.phones.after(center.after, call.answer if center.answers is True else lambda: call.reject(code))

    def on_registration(self, code: int, reason: str, active: bool) -> None:
        """Never called: a carrier does not register."""

    def leave(self) -> bool:
        """Nothing to sign off from."""
        return True

    def describe(self) -> str:
        """Say what was called that should not have been."""
        strangers = ", ".join(invite.called for invite in self.unexpected)
        return f"{self.name} at {self.address}" + (f"; calls to unknown numbers: {strangers}" if strangers else "")

    def _free_outgoing(self) -> tuple[SipAccount, list[PhoneCall]]:
        """Return an account with a free call slot; a trunk's calls may come from any port."""
        for line, calls in self._outgoing:
            calls[:] = [call for call in calls if not call.closed]
            if len(calls) < _CALLS:
                return line, calls
        self._outgoing.append((self.phones.open_line(self, _CALLS, "trunk"), []))
        return self._outgoing[-1]

    def _forward(self, call: PhoneCall, number: str) -> None:
        """Lead a call on to the hotline, which then has it twice."""
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
