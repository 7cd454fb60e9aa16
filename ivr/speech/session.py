"""One caller's speech session in Asterisk's external application protocol (AEAP, speech_to_text).

Asterisk sends JSON requests, and gets a response to each; binary frames are the caller's sound. The session sends one
request of its own: the results of a recognition. Call scripts control it by ``SPEECH SET``:

    vocabulary NAME PROMPT…   begin a recognition for these phrases, while these prompts play one after the other
    wait SECONDS              the prompts are over; so many seconds of silence end the recognition
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from ivr.speech.pool import RecognizerSlot
from ivr.speech.process import SpeechListener
from ivr.speech.recognizer import RATE, RecognizedUtterance, Timelines, Vocabulary
from ivr.texts import _

Take = Callable[[SpeechListener], RecognizerSlot | None]
Vocabularies = Callable[[str], Vocabulary | None]
Recordings = Callable[[Sequence[str]], Timelines]
"""Returns the recordings of prompts, one timeline for each language."""

SILENT_AFTER = 0.5
"""Seconds without sound that count as silence, because a phone may send nothing while its caller is silent."""

_LONGEST_WAIT = 60  # seconds
_TALKS = 10.0  # seconds after the wait; speech that goes on longer is a radio or music, and counts as silence
_TICK = 0.1  # seconds between two checks whether sound comes
_PLAIN = str.maketrans(dict.fromkeys('"\\\r\n\0', " "))  # characters that would end a text in a reply of AGI

log = logging.getLogger(__name__)


class Ending(StrEnum):
    """The end of a recognition without speech; it stands in the place of a grammar's name."""

    SILENCE = "silence"
    SLOW = "slow"  # too late for this caller; the next recognition may be in time
    DEAF = "deaf"  # for the rest of the session


class Refused(Exception):
    """A request cannot be carried out; Asterisk logs the message, too."""


class Session:
    """One session; it is the `ivr.speech.process.SpeechListener` of its caller."""

    def __init__(
        self,
        take: Take,
        vocabularies: Vocabularies,
        recordings: Recordings,
        send: Callable[[str], None],
        silent_after: float,
    ) -> None:
        """Keep the arguments; the session ignores sound until Asterisk asks for a recognition.

        Args:
            take: takes a slot of a recogniser.
            vocabularies: finds a vocabulary by its name.
            recordings: finds the recordings of prompts.
            send: sends a message to Asterisk.
            silent_after: seconds without sound that count as silence.
        """
        self._take, self._vocabularies, self._recordings, self._send = take, vocabularies, recordings, send
        self._silent_after = silent_after
        self._seat: RecognizerSlot | None = None
        self._listening = self._speaking = False
        self._results: list[dict[str, Any]] = []
        self._waited, self._wait = 0.0, float("inf")  # seconds of sound
        self._over: int | None = None  # bytes of sound up to the end of the wait; None before its end
        self._count = 0
        self._loop = asyncio.get_running_loop()
        self._sounded, self._is_silent = self._loop.time(), False
        self._ticking = self._loop.call_later(_TICK, self._tick)

    def on_text(self, text: str | bytes) -> bool:
        """Answer one request; returns whether the session can go on."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            log.warning(_("speech: not an AEAP message: %s"), ascii(text[:80]))
            return False
        if "response" in message:
            return True  # the response to our results
        answer = {"response": message.get("request"), "id": message.get("id")}
        try:
            answer |= self._carry_out(message)
        except Refused as refused:
            log.warning(_("speech: refused: %s"), refused)
            answer["error_msg"] = str(refused)
        self._send(json.dumps(answer, ensure_ascii=False))
        return self._seat is not None

    def on_sound(self, frames: bytes) -> None:
        """Take in the caller's sound: signed, 16 bits, 8000 samples a second."""
        self._sounded, self._is_silent = self._loop.time(), False
        if not (self._listening and self._seat):
            return
        self._seat.feed(frames)
        self._waited += len(frames) / 2 / RATE
        if self._waited < self._wait + (_TALKS if self._speaking else 0):
            self._over = None
            return
        self._over = self._over or self._seat.given
        if not self._seat.may_have_words(
            self._over
        ):  # words that were said in time count even if the recogniser is late
            self._tell(("", 0.0, Ending.SILENCE))

    def on_heard(self, heard: RecognizedUtterance) -> None:
        """Send the recognised speech to Asterisk."""
        recognizer = self._seat.recognizer if self._seat else ""
        results = [(heard.text, heard.score, f"heard/{recognizer}/{round(1000 * heard.seconds)}")]
        if heard.phrase:
            results.append((heard.phrase, heard.evidence, "phrase"))
        if heard.cry:
            results.append((heard.cry, heard.cry_evidence, "cry"))
        self._tell(*results)

    def on_speaking(self, speaking: bool) -> None:
        """Note that the caller begins or ends an utterance."""
        self._speaking = speaking

    def on_slow(self) -> None:
        """Tell Asterisk at once that the words are late, because the caller waits."""
        self._tell(("", 0.0, Ending.SLOW))

    def on_speech_lost(self) -> None:
        """Tell Asterisk at once that speech has failed, because the caller waits."""
        self._seat = None
        self._tell(("", 0.0, Ending.DEAF))

    def close(self) -> None:
        """Give the recogniser back; safe to repeat."""
        self._listening = False
        self._ticking.cancel()
        if self._seat:
            self._seat.leave()

    def _tick(self) -> None:
        """Add silence for missing sound, because a phone may send nothing while its caller is silent.

        Only the second check adds silence, so that sound that waits while this process is busy is read first.
        """
        if (gap := self._loop.time() - self._sounded) > self._silent_after:
            if self._is_silent:
                self.on_sound(bytes(2 * int(gap * RATE)))
            else:
                self._is_silent = True
        self._ticking = self._loop.call_later(_TICK, self._tick)

    def _carry_out(self, message: Mapping[str, Any]) -> dict[str, Any]:
        params = message.get("params")
        match message.get("request"):
            case "setup":
                return self._set_up(message)
            case "set" if isinstance(params, dict):
                for name, value in params.items():
                    self._set(str(name), str(value))
                return {}
            case "get" if isinstance(params, list) and "results" in params:
                return {"params": {"results": self._results}}
        raise Refused(_("unknown request {text}").format(text=ascii(message)[:80]))

    def _set_up(self, message: Mapping[str, Any]) -> dict[str, Any]:
        codecs = message.get("codecs")
        names = [codec.get("name") for codec in codecs if isinstance(codec, dict)] if isinstance(codecs, list) else []
        if "slin" not in names:
            raise Refused(_("sound can only be taken as slin, not {codecs}").format(codecs=ascii(codecs)[:80]))
        self._seat = self._seat or self._take(self)
        if self._seat is None:
            raise Refused(_("no recogniser is free"))
        return {"codecs": [{"name": "slin"}]}

    def _set(self, name: str, value: str) -> None:
        if name == "vocabulary":
            wanted, *prompts = value.split() or [""]
            vocabulary = self._vocabularies(wanted)
            if vocabulary is None or self._seat is None:
                raise Refused(_("there is no vocabulary {name}").format(name=ascii(value[:80])))
            self._seat.listen(vocabulary, self._recordings(prompts))
            self._listening, self._speaking, self._results = True, False, []
            self._waited, self._wait, self._over = 0.0, float("inf"), None
        elif name == "wait" and value.isdecimal() and value.isascii() and int(value[:4]) <= _LONGEST_WAIT:
            self._waited, self._wait, self._over = 0.0, float(value), None
        else:
            raise Refused(_("unknown setting {name}").format(name=ascii(f"{name} {value}"[:80])))

    def _tell(self, *results: tuple[str, float, str]) -> None:
        """End the recognition with results, the best first: text, score, and kind in the place of a grammar's name.

        Results are dropped if no recognition is in progress.
        """
        if not self._listening:
            return
        self._listening = False
        self._results = [
            {"text": text.translate(_PLAIN), "score": round(1000 * score), "grammar": kind, "best": at}
            for at, (text, score, kind) in enumerate(results)
        ]
        self._count += 1
        request = {"request": "set", "id": f"results-{self._count}", "params": {"results": self._results}}
        self._send(json.dumps(request, ensure_ascii=False))
