"""An agent's, an expert's or any other SIP phone."""

from pathlib import Path
from typing import Literal

from .heard_recording import ToneParty
from .invite import Invite, uri
from .phone_call import PhoneCall
from .phones import Phones

Behaviour = Literal["answers", "rings", "busy", "deaf"]


class SeatPhone:
    """A SIP phone with one account.

    It rings when called. What it does next is `behaviour`: "rings" only rings, until the test says `answer`
    or `reject`; "answers" picks up at once; "busy" refuses with 486; "deaf" does not even send 180.

    Args:
        phones: the phones it is one of.
        user: SIP user, which is the seat's number.
        password: its password.
        server: registrar, "127.0.0.1:5060"; "" for a phone that is called directly at `uri`.
        name: who it is in timelines; the user unless given.
        tone: its tone in Hz; a free one unless given.
        behaviour: what it does when called.
        calls: how many it can hold at once; many phones of one call need half as many processes.
        transport: "udp", "tcp", or "tls", with SRTP and nothing else.
        trusts: with "tls", the file of the server's certificate.
    """

    def __init__(
        self,
        phones: Phones,
        user: str,
        password: str = "",
        server: str = "",
        *,
        name: str = "",
        tone: int = 0,
        behaviour: Behaviour = "rings",
        calls: int = 2,
        transport: str = "udp",
        trusts: Path | None = None,
    ) -> None:
        self.phones = phones
        self.user = user
        self.server = server
        self.name = name or user
        self.behaviour = behaviour
        self.registered = False
        self.registration_code = 0  # the registrar's last answer; 0 while there is none
        self.calls: list[PhoneCall] = []
        self._leaving = False
        self.tone = tone or phones.free_tone(self.name)
        phones.tones[self.name] = self.tone
        self._line = phones.open_line(
            self, calls, user, server=server, password=password, transport=transport, trusts=trusts
        )

    @property
    def uri(self) -> str:
        """The address of the phone without a server."""
        return uri(self.user, f"127.0.0.1:{self._line.port}")

    @property
    def call(self) -> PhoneCall:
        """Its latest call; AssertionError when it had none."""
        assert self.calls, f"{self.name} has had no call"
        return self.calls[-1]

    @property
    def ringing(self) -> PhoneCall | None:
        """The call that came in and waits for an answer, if there is one."""
        return next((call for call in self.calls if call.invite and call.ringing), None)

    @property
    def talking(self) -> bool:
        """Whether it is in an answered call."""
        return any(call.connected for call in self.calls)

    def register(self) -> "SeatPhone":
        """Wait until it is registered; AssertionError with the code when the registrar refuses."""
        if not self.registered and self.registration_code:
            self.registration_code = 0
            self._line.send("register", True)
        self.phones.until(lambda: self.registration_code, 5, f"{self.name} hears from its registrar {self.server}")
        assert self.registered, f"{self.name} was not registered: {self.registration_code}"
        return self

    def unregister(self) -> None:
        """Sign off, and wait until it is done."""
        self._line.send("register", False)
        self.phones.until(lambda: not self.registered, 5, f"{self.name} has signed off")

    def unplug(self) -> None:
        """Pull the network cable: SIP neither comes in nor goes out; a call's audio goes on."""
        self._line.send("unplug")
        self.phones.until(lambda: not self._line.port, 5, f"{self.name} is unplugged")
        self.registered = False

    def dial(self, number: str, headers: dict[str, str] | None = None) -> PhoneCall:
        """Call a number at the server, or a `sip:` address."""
        target = number if number.startswith("sip:") else uri(number, self.server)
        self.calls.append(self.phones.dial(self._line, self.name, self.tone, target, headers=headers))
        return self.call

    def answer(self, within: float = 5.0) -> PhoneCall:
        """Wait until it rings, pick up, and wait until the call stands."""
        call = self._rung(within)
        call.answer()
        self.phones.until(lambda: call.connected or call.ended, 5, f"{self.name}'s call stands")
        assert call.connected, f"{call}"
        return call

    def reject(self, code: int = 486, within: float = 5.0) -> PhoneCall:
        """Wait until it rings, and refuse."""
        call = self._rung(within)
        call.reject(code)
        self.phones.until(lambda: call.ended, 5, f"{self.name} has refused")
        return call

    def hears(self, *who: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether its latest call hears each of `who` now."""
        return bool(self.calls) and self.call.hears(*who, seconds=seconds)

    def hears_only(self, *who: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether its latest call hears exactly `who` now."""
        return bool(self.calls) and self.call.hears_only(*who, seconds=seconds)

    def keys(self, keys: str) -> None:
        """Press keys in its latest call."""
        self.call.keys(keys)

    def hang_up(self) -> None:
        """End its latest call."""
        self.call.hang_up()

    def on_incoming(self, key: str, invite: Invite) -> None:
        """Take a call in (called by `Phones`)."""
        call = self.phones.open_call(self._line, key, self.name, self.tone, invite)
        call.takes_media(self.phones.tone_file(self.tone))
        self.calls.append(call)
        match self.behaviour:
            case "answers":
                call.ring()
                call.answer()
            case "busy":
                call.reject(486)
            case "rings":
                call.ring()

    def on_registration(self, code: int, reason: str, active: bool) -> None:
        """Take in how a registration went (called by `Phones`)."""
        self.registration_code, self.registered = code, active and code == 200

    def leave(self) -> bool:
        """Sign off without waiting; returns whether it has."""
        if self.registered and self.server and not self._leaving:
            self._leaving = True
            self._line.send("register", False)
        return not self.registered

    def describe(self) -> str:
        """Say whether it is registered."""
        if not self.server:
            return f"seat {self.name}: {self.uri}"
        return f"seat {self.name}: {'registered' if self.registered else 'not registered'} ({self.registration_code})"

    def _rung(self, within: float) -> PhoneCall:
        return self.phones.until(lambda: self.ringing, within, f"{self.name} rings")
