"""A call as one of its parties sees and hears it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .heard_recording import HeardRecording, ToneParty
from .invite import Invite
from .worker_pool import PhoneWorker

if TYPE_CHECKING:
    from .phones import Phones

KEY_MS = 100  # duration of a key press
_AFTER_KEY_MS = 40  # PJSIP sends the end of each key three times, 20 ms apart


class PhoneCall:
    """A call of a seat's phone, a citizen or a center.

    Attributes:
        name: the party's name, which is also the name of its tone.
        state: "calling", "incoming", "early", "connected" or "ended".
        code: the last SIP status code; of an ended call, the reason of its end (200: hung up after an answer).
        keys_received: the keys that the other party sent.
        transfer_codes: status codes in the NOTIFYs of the last transfer.
        heard: the sound that this party hears.
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
        """Whether an incoming call waits for an answer, or the phone rings that was dialled."""
        return self.state == "incoming" or (self.state == "early" and self.code in (180, 183))

    @property
    def connected(self) -> bool:
        """Whether the call was answered and is still up."""
        return self.state == "connected"

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self.state == "ended"

    @property
    def caller(self) -> str:
        """The caller's number of an incoming call; "" of an outgoing call."""
        return self.invite.caller if self.invite else ""

    @property
    def caller_name(self) -> str:
        """The display name of an incoming call; "" of an outgoing call."""
        return self.invite.caller_name if self.invite else ""

    @property
    def shown(self) -> str:
        """The display name of an incoming call, without the waiting time that the hotline appends."""
        return re.sub(" 等[0-9]+秒$", "", self.caller_name)

    @property
    def called(self) -> str:
        """The number dialled of an incoming call; "" of an outgoing call."""
        return self.invite.called if self.invite else ""

    def header(self, name: str) -> str | None:
        """Return the value of a header field of an incoming call's INVITE, or None."""
        return self.invite.header(name) if self.invite else None

    def hears(self, *parties: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether each of `parties` has been heard for the last `seconds`; `SOUND` is any sound but a party's tone."""
        return self.heard.now(*parties, seconds=seconds)

    def hears_only(self, *parties: str | ToneParty, seconds: float = 0.3) -> bool:
        """Whether exactly `parties` and nothing else has been heard for the last `seconds`; no party is silence."""
        return self.heard.now(*parties, seconds=seconds, only=True)

    def answer(self) -> None:
        """Pick up."""
        self._worker.send("answer", self._key, 200)

    def ring(self) -> None:
        """Send 180 Ringing to the caller."""
        self._worker.send("answer", self._key, 180)

    def reject(self, code: int = 486) -> None:
        """Refuse the call with a SIP status code."""
        self._worker.send("answer", self._key, code)

    def hang_up(self) -> None:
        """End the call in any state, and return at once."""
        self._worker.send("hang_up", self._key)

    def mute(self) -> None:
        """Stop the party's tone."""
        self._worker.send("mute", self._key)

    def say(self, file: Path) -> None:
        """Send a WAV file once, mixed with the tone; after `mute` the file alone."""
        self._worker.send("say", self._key, str(file))

    def send_back(self, decibels: float) -> None:
        """Send the heard sound back from now on, weaker by `decibels`, like the echo of a bad phone."""
        self._worker.send("return", self._key, decibels)

    def keys(self, keys: str, milliseconds: int = KEY_MS) -> None:
        """Press keys, one after the other, and wait until they are sent.

        The wait is measured in the call's audio, because a busy machine sends the audio late.
        """
        all_sent_at = self.heard.seconds + len(keys) * (milliseconds + _AFTER_KEY_MS) / 1000
        self._worker.send("keys", self._key, keys, milliseconds)
        self.phones.until(
            lambda: self.ended or self.heard.seconds >= all_sent_at, 10 + len(keys), f"{self.name} pressed {keys}"
        )

    def transfer(self, target: "PhoneCall | str") -> None:
        """Press the transfer button: REFER to a `sip:` URI, or with Replaces to another call of the phone."""
        assert isinstance(target, str) or self._worker is target._worker, "the two calls belong to different phones"
        self.transfer_codes.clear()
        self._worker.send("transfer", self._key, target if isinstance(target, str) else target._key)

    def hold(self, *, held: bool = True) -> None:
        """Put the other party on hold by a re-INVITE, or resume the call."""
        self._worker.send("hold", self._key, held)

    def bridge(self, other: "PhoneCall") -> None:
        """Bridge the far ends of this call and of another call of the same carrier."""
        assert self._worker is other._worker, "the two calls belong to different carriers"
        self._worker.send("bridge", self._key, other._key)

    def give_media(self, tone_file: Path | None) -> None:
        """Start the tone and the recording of an incoming call."""
        self._worker.send("media", self._key, str(tone_file or ""), str(self.recording))

    def on_event(self, event: str, *args: object) -> None:
        """Take in an event of this call from the phones' process."""
        match event, args:
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
