"""A recording is read however busy the machine is, because `ivr speech listen` has no time limit."""

import pytest

pytest.importorskip("websockets")

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.speech import RecognizedSpeech, hearing
from ivr.cli.recorded_call import HEADERS, RecordedCall
from ivr.speech.server import SpeechServer
from tests.speech.fake_speech_server import LOUD, MENUS, QUIET, pool

UNHURRIED = 60.0  # seconds


async def test_a_recogniser_that_is_slow_hears_each_utterance_of_a_recording() -> None:
    """Three pieces of the sound take 1.2 s each, although a caller has only 1 s to speak after the prompt."""
    recognizers = pool("slow", patience=UNHURRIED)
    async with SpeechServer(recognizers, MENUS.get, silent_after=UNHURRIED) as server:
        await recognizers.until_ready()
        uri = f"ws://127.0.0.1:{server.port}"
        async with connect(uri, subprotocols=[Subprotocol("speech_to_text")]) as connection:
            sound = b"".join([*[LOUD] * 10, *[QUIET] * 100, *[LOUD] * 5])
            call = Call(HEADERS, RecordedCall(connection, sound, lambda: server.behind))
            async with hearing(call, wanted=True) as listener:
                answers = [await listener.listen("main", ["menu"], 1) for _question in range(2)]
    assert [answer.text for answer in answers if isinstance(answer, RecognizedSpeech)] == ["main 200", "main 100"]
