"""One call, from the view of one party."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .heard_recording import HeardRecording, ToneParty
from .invite import Invite
from .worker_pool import PhoneWorker

if TYPE_CHECKING:
    from .phones import Phones

KEY_MS = 100  # how long a key is held
_AFTER_KEY_MS = 40  # PJSIP sends the end of each key three times, 20 ms apart


class PhoneCall:
    """A call of a seat's phone, a citizen or a center.

    Attributes:
        name: whose call it is, the name of the party's tone.
        state: "calling", "incoming", "early", "connected" or "ended".
        code: the last SIP status code; of an ended call why it ended (200: hung up after an answer).
        keys_received: the keys that the other side sent.
        transfer_codes: status codes of the last transfer, as NOTIFYs tell.
        heard: what this party hears.
    """

    def __init__(
        self, phones: "Phones", worker: PhoneWorker, key: str, *, name: str, tone: int, invite: Invite | None
    ) -> None:
        self.phones = phones
        self.name = name
        self.tone = tone
        self.invite = invite
        self.state = "incoming" if invite else "calling"
        self.code = 0
        self.reason = ""
        self.was_connected = False
        self.keys_received = ""
        self.transfer_codes: list[int] = []
        self.changed: list[Callable[[], None]] = []  # called after each change of state
        self.closed = False  # the recording is complete on disk
        self.recording = phones.recording(name)
        self.heard = HeardRecording(self.recording, phones.tones)
        self._worker = worker
        self._key = key

    @property
    def ringing(self) -> bool:
        """Whether it waits for an answer; of a call that was dialled, whether the other side rings."""
        return self.state == "incoming" or (self.state == "early" and self.code in (180, 183))

    @property
    def connected(self) -> bool:
        """Whether it has been answered and goes on."""
        return self.state == "connected"

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.state == "ended"

    @property
    def caller(self) -> str:
        """Of a call that came in, the caller's number."""
        return self.invite.caller if self.invite else ""

    @property
    def caller_name(self) -> str:
        """Of a call that came in, the caller-id name."""
        return self.invite.caller_name if self.invite else ""

    @property
    def shown(self) -> str:
        """Of a call that came in, the caller-id name without how long the caller has waited."""
        return re.sub(" 等[0-9]+秒$", "", self.caller_name)

    @property
    def called(self) -> str:
        """Of a call that came in, what was dialled."""
        return self.invite.called if self.invite else ""

    def header(self, name: str) -> str | None:
        """Of a call that came in, the value of a header of its INVITE, or None."""
        return self.invite.header(name) if self.invite else None

    def hears(self, *who: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether each of `who` is heard, now and for the last `seconds`; `SOUND` is any other sound."""
        return self.heard.now(*who, seconds=seconds)

    def hears_only(self, *who: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether exactly `who` and nothing else is heard; without a name, silence."""
        return self.heard.now(*who, seconds=seconds, only=True)

    def answer(self) -> None:
        """Pick up."""
        self._worker.send("answer", self._key, 200)

    def ring(self) -> None:
        """Tell the caller that it rings."""
        self._worker.send("answer", self._key, 180)

    def reject(self, code: int = 486) -> None:
        """Refuse with a SIP code."""
        self._worker.send("answer", self._key, code)

    def hang_up(self) -> None:
        """End the call in whatever state it is; does not wait."""
        self._worker.send("hang_up", self._key)

    def mute(self) -> None:
        """Stop speaking: no tone any more."""
        self._worker.send("mute", self._key)

    def say(self, file: Path) -> None:
        """Send a WAV file once, beside whatever the call sends; after `mute` nothing is sent before and after it."""
        self._worker.send("say", self._key, str(file))

    def send_back(self, decibels: float) -> None:
        """Send what is heard back from now on, so many decibels weaker: the echo of a bad phone."""
        self._worker.send("return", self._key, decibels)

    def keys(self, keys: str, milliseconds: int = KEY_MS) -> None:
        """Press keys, one after the other, and wait until they are sent.

        The time is that of the call's audio, so a busy machine makes it longer, not wrong.
        """
        sent = self.heard.seconds + len(keys) * (milliseconds + _AFTER_KEY_MS) / 1000
        self._worker.send("keys", self._key, keys, milliseconds)
        self.phones.until(
            lambda: self.ended or self.heard.seconds >= sent, 10 + len(keys), f"{self.name} pressed {keys}"
        )

    def transfer(self, target: "PhoneCall | str") -> None:
        """Press the transfer button: REFER to a `sip:` address, or with Replaces to another call of the phone."""
        assert isinstance(target, str) or self._worker is target._worker, "the two calls are not of one phone"
        self.transfer_codes.clear()
        self._worker.send("transfer", self._key, target if isinstance(target, str) else target._key)

    def hold(self, *, held: bool = True) -> None:
        """Put the other side on hold by a re-INVITE, or take it back."""
        self._worker.send("hold", self._key, held)

    def bridge(self, other: "PhoneCall") -> None:
        """Let this call's and another's far ends hear each other; both must be of one carrier."""
        assert self._worker is other._worker, "the two calls are not of one carrier"
        self._worker.send("bridge", self._key, other._key)

    def takes_media(self, tone_file: Path | None) -> None:
        """Give a call that came in its tone and recording."""
        self._worker.send("media", self._key, str(tone_file or ""), str(self.recording))

    def on_event(self, what: str, *args: object) -> None:
        """Take in what the process tells of this call."""
        match what, args:
            case "state", (str(state), int(code), str(reason)):
                self.state, self.code, self.reason = state, code, reason
                self.was_connected |= state == "connected"
                for action in self.changed:
                    action()
            case "transferred", (int(code),):
                self.transfer_codes.append(code)
            case "key", (str(key),):
                self.keys_received += key
            case "closed", _:
                self.closed = True

    def __str__(self) -> str:
        origin = f" from {self.caller or 'nobody'} to {self.called}" if self.invite else ""
        keys = f"; received keys {self.keys_received}" if self.keys_received else ""
        heard = self.heard.story() or "nothing"
        return f"{self.name}: {self.state}{origin}, {self.code} {self.reason}{keys}; heard {heard}"
