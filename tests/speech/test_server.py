"""The speech server answers each request and ends each recognition, and no caller waits for a dead recogniser."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest

pytest.importorskip("websockets")

from ivr.speech import process
from ivr.speech.pool import Pool
from ivr.speech.reading_time import slowest_reading
from ivr.speech.server import SpeechServer
from testkit.speech_client import SpeechClient
from tests.speech.fake_speech_server import LOUD, PATIENCE, QUIET, pool, server

HELD = 3.0  # seconds for which a recogniser that dies or hangs may hold a caller


@pytest.fixture
async def listening() -> AsyncIterator[SpeechServer]:
    recognizers = pool()
    async with server(recognizers) as running:
        await recognizers.until_ready()
        yield running


async def test_an_utterance_is_reported_once_with_all_that_the_record_wants(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        assert (await asterisk.create())["codecs"] == [{"name": "slin"}]
        assert "error_msg" not in await asterisk.set("vocabulary", "main")
        await asterisk.say(QUIET, LOUD, LOUD, QUIET, LOUD, QUIET)
        assert await asterisk.result() == {"text": "main 40", "score": 900, "grammar": "heard/fake/10", "best": 0}
        assert (await asterisk.ask("get", params=["results"]))["params"]["results"][0]["text"] == "main 40"
        assert (await asterisk.ask("get", params=["results"]))["params"]["results"][1]["text"] == "护照", "its phrase"
        assert asterisk.results.empty(), "a second result would be the next recognition's"


async def test_each_vocabulary_begins_anew(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        await asterisk.set("vocabulary", "main")
        await asterisk.say(LOUD, LOUD, LOUD)
        await asterisk.set("vocabulary", "other")
        await asterisk.say(QUIET, LOUD, QUIET)
        assert (await asterisk.result())["text"] == "other 20"
        await asterisk.set("vocabulary", "main")
        await asterisk.say(LOUD, QUIET)
        assert (await asterisk.result())["text"] == "main 20"


async def test_sound_outside_a_recognition_is_not_read(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        await asterisk.say(LOUD, QUIET)
        await asterisk.set("vocabulary", "main")
        await asterisk.say(LOUD, LOUD, QUIET, LOUD, LOUD, LOUD, QUIET)
        assert (await asterisk.result())["text"] == "main 40"
        assert asterisk.results.empty()


async def test_silence_after_the_prompts_is_a_result(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        await asterisk.set("vocabulary", "main")
        await asterisk.say(*[QUIET] * 150)  # while prompts play, silence is no result
        await asterisk.set("wait", "1")
        await asterisk.say(*[QUIET] * 49)
        assert asterisk.results.empty()
        await asterisk.say(QUIET)
        assert (await asterisk.result())["grammar"] == "silence"


async def test_a_caller_who_speaks_at_the_end_of_the_wait_is_heard_to_the_end(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        await asterisk.set("vocabulary", "main")
        await asterisk.set("wait", "1")
        await asterisk.say(*[QUIET] * 40, LOUD)
        await asyncio.sleep(0.1)  # until the recogniser has said that somebody speaks
        await asterisk.say(*[LOUD] * 99, QUIET)
        assert (await asterisk.result())["text"] == "main 2000"


async def test_an_utterance_in_time_is_read_however_late_the_recogniser_is() -> None:
    recognizers = pool("slow")
    async with server(recognizers) as running:
        await recognizers.until_ready()
        async with SpeechClient(running.port) as asterisk:
            await asterisk.create()
            await asterisk.set("vocabulary", "main")
            await asterisk.set("wait", "1")
            await asterisk.say(*[QUIET] * 48, LOUD, *[QUIET] * 10)
            assert (await asterisk.result())["text"] == "main 20"


async def test_a_phone_that_sends_nothing_is_silent(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        await asterisk.set("vocabulary", "main")
        await asterisk.set("wait", "1")
        assert (await asterisk.result())["grammar"] == "silence"


async def test_beyond_the_cap_there_is_no_room_until_a_caller_leaves(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as first, SpeechClient(listening.port) as third:
        async with SpeechClient(listening.port) as second:
            await first.create()
            await second.create()
            assert listening.free == 0
            assert (await third.create())["error_msg"] == "no recogniser is free"
        await _until_free(listening, 1)
        async with SpeechClient(listening.port) as fourth:
            assert "error_msg" not in await fourth.create()
            await first.set("vocabulary", "main")
            await first.say(LOUD, QUIET)
            assert (await first.result())["text"] == "main 20", "a session that was there went on"


async def test_callers_are_spread_over_the_cores() -> None:
    recognizers = pool(callers=4, processes=2)
    async with server(recognizers) as running:
        await recognizers.until_ready()
        assert running.free == 4
        async with SpeechClient(running.port) as first, SpeechClient(running.port) as second:
            await first.create()
            await second.create()
            assert [len(process.callers) for process in recognizers.processes] == [1, 1]


async def test_a_recogniser_that_is_slow_with_one_caller_gives_up_none_of_the_others() -> None:
    """Three pieces of sound take 1.2 s each, and no question whether the process is alive waits for that."""
    recognizers = pool("slow")
    async with server(recognizers) as running:
        await recognizers.until_ready()
        async with SpeechClient(running.port) as speaker, SpeechClient(running.port) as bystander:
            for caller in (speaker, bystander):
                await caller.create()
                await caller.set("vocabulary", "main")
            await speaker.say(LOUD, LOUD, LOUD)
            begun = time.monotonic()
            await _send_as_a_phone_does(speaker, bystander)
            assert (await speaker.result())["grammar"] == "slow"
            assert time.monotonic() - begun < HELD
            assert bystander.results.empty(), "a caller who is silent waits for nothing"
            await _until_free(running, 0)
            await speaker.set("vocabulary", "other")
            await bystander.say(LOUD, QUIET)
            assert (await bystander.result())["text"] == "main 20"
            await speaker.say(LOUD, QUIET)
            assert (await speaker.result())["text"] == "other 20", "the next question of the same call is heard"


@pytest.mark.parametrize("what", ["dies", "hangs", "raises"])
async def test_a_recogniser_that_fails_holds_no_caller(what: str) -> None:
    recognizers = pool(what)
    async with server(recognizers) as running:
        await recognizers.until_ready()
        async with SpeechClient(running.port) as speaker, SpeechClient(running.port) as bystander:
            for caller in (speaker, bystander):
                await caller.create()
                await caller.set("vocabulary", "main")
            begun = time.monotonic()
            await speaker.say(LOUD)
            sending = asyncio.create_task(_send_as_a_phone_does(speaker, bystander))
            assert (await speaker.result())["grammar"] == ("slow" if what == "hangs" else "deaf")
            assert time.monotonic() - begun < HELD
            if what == "raises":
                assert bystander.results.empty()
            else:
                assert (await bystander.result(2 * PATIENCE))["grammar"] == "deaf"
            sending.cancel()
        await recognizers.until_ready()
        async with SpeechClient(running.port) as later:
            assert "error_msg" not in await later.create(), "a new recogniser serves the next caller"


async def test_while_a_reading_takes_too_long_callers_have_keys_and_later_they_speak(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The machine was busy when the recogniser was started; its time is measured again until it is short enough."""
    monkeypatch.setattr(process, "_TIMES", 0.05)
    recognizers = pool("busy")
    async with server(recognizers) as running:
        await recognizers.until_ready()
        assert (running.free, running.runs) == (0, False)
        name, seconds = running.reading_time or ("", 0.0)
        assert (name, seconds > slowest_reading()) == ("fake", True)
        assert "fake is too slow for calls on this machine, callers press keys" in caplog.text
        await _until_free(running, 2)
        assert running.runs
        async with SpeechClient(running.port) as asterisk:
            assert "error_msg" not in await asterisk.create()


async def test_while_the_model_loads_there_is_no_room() -> None:
    recognizers = pool("never")
    async with server(recognizers) as running:
        assert running.free == 0
        async with SpeechClient(running.port) as asterisk:
            assert (await asterisk.create())["error_msg"] == "no recogniser is free"


async def test_a_recogniser_that_cannot_be_started_is_no_more_than_no_speech() -> None:
    async with server(Pool(("/no/such/program",), 1)) as running:
        await asyncio.sleep(0.1)
        assert running.free == 0


@pytest.mark.parametrize(
    ("setting", "value"),
    [("vocabulary", "nowhere"), ("vocabulary", "../main"), ("wait", "-1"), ("wait", "9" * 400), ("x", "1")],
)
async def test_a_setting_that_makes_no_sense_is_refused_and_the_session_goes_on(
    listening: SpeechServer, setting: str, value: str
) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        assert (await asterisk.set(setting, value))["error_msg"]
        await asterisk.set("vocabulary", "main")
        await asterisk.say(LOUD, QUIET)
        assert (await asterisk.result())["text"] == "main 20"


@pytest.mark.parametrize(
    "opening",
    [
        b"\x00" * 320,
        "",
        "no JSON",
        "[]",
        "null",
        '{"request": "setup", "id": 7}',
        '{"request": "setup", "codecs": "slin"}',
        '{"request": "setup", "codecs": [["slin"]]}',
        '{"request": "setup", "codecs": [{"name": "opus"}]}',
        '{"request": "set", "params": {"vocabulary": "main"}}',
        '{"request": ["setup"], "params": 1}',
        "[" * 20_000,
        "x" * 100_000,
    ],
)
async def test_a_peer_that_does_not_open_as_asterisk_does_is_sent_away(
    listening: SpeechServer, opening: bytes | str
) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.connection.send(opening)
        async with asyncio.timeout(PATIENCE):
            await asterisk.connection.wait_closed()
    await _serves(listening)


@pytest.mark.parametrize("bytes_sent", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"\n" * 70_000])
async def test_a_peer_that_speaks_something_else_delays_nobody(listening: SpeechServer, bytes_sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    writer.write(bytes_sent)
    await _serves(listening)
    async with asyncio.timeout(PATIENCE):
        with contextlib.suppress(ConnectionError):
            await reader.read()
    writer.close()


@pytest.mark.parametrize("sound", [b"", b"\x01", b"\x00\x40" * 30_000])
async def test_sound_in_odd_pieces_is_borne(listening: SpeechServer, sound: bytes) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        await asterisk.set("vocabulary", "main")
        await asterisk.say(sound, QUIET, LOUD, QUIET)
        assert (await asterisk.result())["grammar"].startswith(("heard/", "deaf"))


async def test_the_server_listens_on_loopback_only() -> None:
    with pytest.raises(ValueError, match="loopback"):
        SpeechServer(pool(), {}.get, host="0.0.0.0")


async def test_if_the_port_is_taken_no_recogniser_is_left_running(listening: SpeechServer) -> None:
    before = asyncio.all_tasks()
    with pytest.raises(OSError, match=str(listening.port)):
        await SpeechServer(pool(), {}.get, port=listening.port).__aenter__()
    assert asyncio.all_tasks() == before


async def test_a_call_that_ends_gives_its_place_back(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        await asterisk.set("vocabulary", "main")
        assert listening.free == 1
        asterisk.connection.transport.abort()
    await _until_free(listening, 2)


async def _send_as_a_phone_does(*callers: SpeechClient) -> None:
    """Send silence until one of the callers has a result."""
    while all(caller.results.empty() for caller in callers):
        for caller in callers:
            await caller.say(QUIET)
        await asyncio.sleep(0.02)


async def _serves(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        assert "error_msg" not in await asterisk.create()


async def _until_free(listening: SpeechServer, places: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while listening.free < places:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)
