"""A call whose caller is a recording: Asterisk's side of an AGI session and of a speech session, without Asterisk."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ivr.asterisk.agi.reply import Reply, parse
from ivr.call_events.codec import decode
from ivr.call_events.vocabulary import SpeechHeard
from ivr.speech.recognizer import RATE

HEADERS: Mapping[str, str] = {
    "agi_uniqueid": "recording",
    "agi_channel": "recording",
    "agi_context": "citizen",
    "agi_extension": "s",
}

_FRAME = RATE // 50 * 2  # bytes of 20 ms, as Asterisk sends them
_PACE = 4  # factor by which the recording is played faster than a call; utterances are decided in the order of a call
_LEAD = RATE * 2  # bytes of silence before the recording: a second
_BEHIND = 3.0  # seconds for which the prompt goes on after the recording
_AHEAD = 1.0  # seconds that the recording may be ahead of the recogniser; more, and an answer comes before its question
_POLL = 0.02  # seconds
_EVENT = re.compile(r'EXEC CELGenUserEvent "([A-Z_]+),(.*)"')
_SET = re.compile(r'SPEECH SET ([a-z-]+) "(.*)"')


class RecordedCall:
    """Answers the commands of a call script like Asterisk, and sends the recording to the speech server.

    Attributes:
        heard: the call event of each utterance, in order.
    """

    hung_up = False

    def __init__(self, speech: ClientConnection, sound: bytes, behind: Callable[[], float]) -> None:
        """Take the parts of the call.

        Args:
            speech: a connection to the speech server.
            sound: the caller's speech, as the telephone delivers it.
            behind: returns the seconds of sent sound that the recogniser has not processed yet.
        """
        self.heard: list[SpeechHeard] = []
        self._speech, self._sound, self._behind = speech, bytes(_LEAD) + sound, behind
        self._sent = 0  # bytes of the recording
        self._results: asyncio.Queue[list[dict[str, Any]]] = asyncio.Queue()
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())

    async def send(self, command: str) -> Reply:
        """Carry out one command."""
        if command.startswith("SPEECH CREATE"):
            answer = await self._ask("setup", version="0.1.0", codecs=[{"name": "slin"}])
            return Reply(200, int("error_msg" not in answer))
        if match := _SET.fullmatch(command):
            await self._ask("set", params={match[1]: match[2]})
        elif command.startswith("SPEECH RECOGNIZE"):
            return await self._recognize(waits=int(command.rsplit(maxsplit=1)[-1]) > 0)
        elif command.startswith("SPEECH DESTROY"):
            self._reading.cancel()
        elif match := _EVENT.fullmatch(command):
            event = decode(match[1], match[2])
            if isinstance(event, SpeechHeard):
                self.heard.append(event)
        elif command.startswith("GET FULL VARIABLE"):
            return Reply(200, 1, "|" * command.count("|"))  # several variables, of which none is set
        return Reply(200, 0)

    async def _recognize(self, *, waits: bool) -> Reply:
        """Send sound until the caller is understood, else until the prompt and the wait are over."""
        behind = 0.0
        while waits or behind < _BEHIND:
            if not self._results.empty():
                return _recognized(self._results.get_nowait())
            if self._reading.done():
                return Reply(200, 1, "speech")  # the speech server has ended
            if self._behind() > _AHEAD:
                await asyncio.sleep(_POLL)
                continue
            frame = self._sound[self._sent : self._sent + _FRAME]
            self._sent += len(frame)
            behind += 0.0 if frame else _FRAME / 2 / RATE
            await self._speech.send(frame.ljust(_FRAME, b"\0"))
            await asyncio.sleep(_FRAME / 2 / RATE / _PACE)
        return Reply(200, 1, "timeout")

    async def _ask(self, request: str, **fields: object) -> dict[str, Any]:
        await self._speech.send(json.dumps({"request": request, "id": request, **fields}))
        return await self._answers.get()

    async def _read(self) -> None:
        try:
            async for text in self._speech:
                message = json.loads(text)
                if "response" in message:
                    self._answers.put_nowait(message)
                else:
                    self._results.put_nowait(message["params"]["results"])
                    await self._speech.send(json.dumps({"response": "set", "id": message["id"]}))
        except ConnectionClosed:
            return


def _recognized(results: list[dict[str, Any]]) -> Reply:
    """Return results as Asterisk writes them."""
    texts = (
        f'score{index}={result["score"]} text{index}="{result["text"]}" grammar{index}={result["grammar"]}'
        for index, result in enumerate(results)
    )
    return parse(f"200 result=1 (speech) endpos=0 results={len(results)} {' '.join(texts)}")
