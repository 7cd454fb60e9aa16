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

    `behaviour` is the phone's reaction to an incoming call: "rings" sends 180 and waits for `answer` or `reject`;
    "answers" picks up at once; "busy" refuses with 486; "deaf" sends no response.

    Args:
        phones: the phones of the test.
        user: the SIP user, which is the seat's number.
        password: the user's password.
        server: the registrar, "127.0.0.1:5060"; "" for a phone that is called directly at `uri`.
        name: the phone's name in timelines; the user unless given.
        tone: the phone's tone in Hz; a free tone unless given.
        behaviour: see above.
        calls: calls that the phone can hold at once; phones with one call need half as many processes.
        transport: "udp", "tcp", or "tls", which requires SRTP.
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
        self.registration_code = 0  # status code of the registrar's last response; 0 before the first
        self.calls: list[PhoneCall] = []
        self._leaving = False
        self.tone = tone or phones.free_tone(self.name)
        phones.tones[self.name] = self.tone
        self._line = phones.open_line(
            self, calls, user, server=server, password=password, transport=transport, trusts=trusts
        )

    @property
    def uri(self) -> str:
        """The SIP URI of a phone without a registrar."""
        return uri(self.user, f"127.0.0.1:{self._line.port}")

    @property
    def call(self) -> PhoneCall:
        """The phone's latest call; AssertionError if the phone has had no call."""
        assert self.calls, f"{self.name} has had no call"
        return self.calls[-1]

    @property
    def ringing(self) -> PhoneCall | None:
        """The incoming call that waits for an answer, or None."""
        return next((call for call in self.calls if call.invite and call.ringing), None)

    @property
    def talking(self) -> bool:
        """Whether the phone is in an answered call."""
        return any(call.connected for call in self.calls)

    def register(self) -> "SeatPhone":
        """Wait until the phone is registered; AssertionError with the status code if the registrar refuses."""
        if not self.registered and self.registration_code:
            self.registration_code = 0
            self._line.send("register", True)
        self.phones.until(lambda: self.registration_code, 5, f"the registrar {self.server} answers {self.name}")
        assert self.registered, f"{self.name} was not registered: {self.registration_code}"
        return self

    def unregister(self) -> None:
        """Unregister, and wait until the registrar has confirmed it."""
        self._line.send("register", False)
        self.phones.until(lambda: not self.registered, 5, f"{self.name} is unregistered")

    def unplug(self) -> None:
        """Pull the network cable of SIP: no message comes in or goes out, and the audio of a call goes on."""
        self._line.send("unplug")
        self.phones.until(lambda: not self._line.port, 5, f"{self.name} is unplugged")
        self.registered = False

    def dial(self, number: str, headers: dict[str, str] | None = None) -> PhoneCall:
        """Call a number at the server, or a `sip:` URI."""
        target = number if number.startswith("sip:") else uri(number, self.server)
        self.calls.append(self.phones.dial(self._line, self.name, self.tone, target, headers=headers))
        return self.call

    def answer(self, within: float = 5.0) -> PhoneCall:
        """Wait until the phone rings, pick up, and wait until the call is connected."""
        call = self._rung(within)
        call.answer()
        self.phones.until(lambda: call.connected or call.ended, 5, f"{self.name}'s call is connected")
        assert call.connected, f"{call}"
        return call

    def reject(self, code: int = 486, within: float = 5.0) -> PhoneCall:
        """Wait until the phone rings, and refuse the call."""
        call = self._rung(within)
        call.reject(code)
        self.phones.until(lambda: call.ended, 5, f"{self.name} has refused")
        return call

    def hears(self, *parties: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether the phone hears each of `parties` now, in its latest call."""
        return bool(self.calls) and self.call.hears(*parties, seconds=seconds)

    def hears_only(self, *parties: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether the phone hears exactly `parties` now, in its latest call."""
        return bool(self.calls) and self.call.hears_only(*parties, seconds=seconds)

    def keys(self, keys: str) -> None:
        """Press keys in the latest call."""
        self.call.keys(keys)

    def hang_up(self) -> None:
        """End the latest call."""
        self.call.hang_up()

    def on_incoming(self, key: str, invite: Invite) -> None:
        """Take in an incoming call (called by `Phones`)."""
        call = self.phones.open_call(self._line, key, self.name, self.tone, invite)
        call.give_media(self.phones.tone_file(self.tone))
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
        """Take in the result of a registration (called by `Phones`)."""
        self.registration_code, self.registered = code, active and code == 200

    def leave(self) -> bool:
        """Unregister without waiting; return whether the phone is unregistered."""
        if self.registered and self.server and not self._leaving:
            self._leaving = True
            self._line.send("register", False)
        return not self.registered

    def describe(self) -> str:
        """Return in words whether the phone is registered."""
        if not self.server:
            return f"seat {self.name}: {self.uri}"
        return f"seat {self.name}: {'registered' if self.registered else 'not registered'} ({self.registration_code})"

    def _rung(self, within: float) -> PhoneCall:
        return self.phones.until(lambda: self.ringing, within, f"{self.name} rings")
