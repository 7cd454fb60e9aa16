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


async def test_an_utterance_is_reported_once_with_its_score_and_delay(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        assert (await asterisk.create())["codecs"] == [{"name": "slin"}]
        assert "error_msg" not in await asterisk.set("vocabulary", "main")
        await asterisk.say(QUIET, LOUD, LOUD, QUIET, LOUD, QUIET)
        assert await asterisk.result() == {"text": "main 40", "score": 900, "grammar": "heard/fake/10", "best": 0}
        assert (await asterisk.ask("get", params=["results"]))["params"]["results"][0]["text"] == "main 40"
        assert (await asterisk.ask("get", params=["results"]))["params"]["results"][1]["text"] == "护照", (
            "the nearest phrase"
        )
        assert asterisk.results.empty(), "a second result would be the next recognition's"


async def test_a_new_vocabulary_discards_the_sound_before_it(listening: SpeechServer) -> None:
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
        await asyncio.sleep(0.1)  # until the recogniser has reported speech
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


async def test_a_caller_beyond_the_limit_gets_no_recogniser_until_another_caller_leaves(
    listening: SpeechServer,
) -> None:
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
            assert (await first.result())["text"] == "main 20", "the session of the first caller went on"


async def test_callers_are_spread_over_the_cores() -> None:
    recognizers = pool(callers=4, processes=2)
    async with server(recognizers) as running:
        await recognizers.until_ready()
        assert running.free == 4
        async with SpeechClient(running.port) as first, SpeechClient(running.port) as second:
            await first.create()
            await second.create()
            assert [len(process.callers) for process in recognizers.processes] == [1, 1]


async def test_a_recogniser_that_is_slow_with_one_caller_keeps_the_other_callers() -> None:
    """Three pieces of sound take 1.2 s each; the check whether the process is alive does not wait for them."""
    recognizers = pool("slow")
    async with server(recognizers) as running:
        await recognizers.until_ready()
        async with SpeechClient(running.port) as speaker, SpeechClient(running.port) as bystander:
            for caller in (speaker, bystander):
                await caller.create()
                await caller.set("vocabulary", "main")
            await speaker.say(LOUD, LOUD, LOUD)
            began = time.monotonic()
            await _send_silence(speaker, bystander)
            assert (await speaker.result())["grammar"] == "slow"
            assert time.monotonic() - began < HELD
            assert bystander.results.empty(), "a caller who is silent waits for nothing"
            await _until_free(running, 0)
            await speaker.set("vocabulary", "other")
            await bystander.say(LOUD, QUIET)
            assert (await bystander.result())["text"] == "main 20"
            await speaker.say(LOUD, QUIET)
            assert (await speaker.result())["text"] == "other 20", "the next question of the same call is heard"


@pytest.mark.parametrize("fault", ["dies", "hangs", "raises"])
async def test_a_recogniser_that_fails_holds_no_caller(fault: str) -> None:
    recognizers = pool(fault)
    async with server(recognizers) as running:
        await recognizers.until_ready()
        async with SpeechClient(running.port) as speaker, SpeechClient(running.port) as bystander:
            for caller in (speaker, bystander):
                await caller.create()
                await caller.set("vocabulary", "main")
            began = time.monotonic()
            await speaker.say(LOUD)
            sending = asyncio.create_task(_send_silence(speaker, bystander))
            assert (await speaker.result())["grammar"] == ("slow" if fault == "hangs" else "deaf")
            assert time.monotonic() - began < HELD
            if fault == "raises":
                assert bystander.results.empty()
            else:
                assert (await bystander.result(2 * PATIENCE))["grammar"] == "deaf"
            sending.cancel()
        await recognizers.until_ready()
        async with SpeechClient(running.port) as later:
            assert "error_msg" not in await later.create(), "a new recogniser serves the next caller"


async def test_callers_use_keys_while_a_reading_takes_too_long_and_speak_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The machine is busy when the recogniser starts; its reading time is measured again until it is short enough."""
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


async def test_while_the_model_loads_no_recogniser_is_free() -> None:
    recognizers = pool("never")
    async with server(recognizers) as running:
        assert running.free == 0
        async with SpeechClient(running.port) as asterisk:
            assert (await asterisk.create())["error_msg"] == "no recogniser is free"


async def test_the_server_runs_without_speech_if_the_recogniser_cannot_be_started() -> None:
    async with server(Pool(("/no/such/program",), 1)) as running:
        await asyncio.sleep(0.1)
        assert running.free == 0


@pytest.mark.parametrize(
    ("setting", "value"),
    [("vocabulary", "nowhere"), ("vocabulary", "../main"), ("wait", "-1"), ("wait", "9" * 400), ("x", "1")],
)
async def test_an_invalid_setting_is_refused_and_the_session_goes_on(
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
async def test_a_peer_that_does_not_begin_as_asterisk_does_is_disconnected(
    listening: SpeechServer, opening: bytes | str
) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.connection.send(opening)
        async with asyncio.timeout(PATIENCE):
            await asterisk.connection.wait_closed()
    await _expect_service(listening)


@pytest.mark.parametrize("bytes_sent", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"\n" * 70_000])
async def test_a_peer_with_another_protocol_delays_no_caller(listening: SpeechServer, bytes_sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    writer.write(bytes_sent)
    await _expect_service(listening)
    async with asyncio.timeout(PATIENCE):
        with contextlib.suppress(ConnectionError):
            await reader.read()
    writer.close()


@pytest.mark.parametrize("sound", [b"", b"\x01", b"\x00\x40" * 30_000])
async def test_sound_in_frames_of_any_length_is_accepted(listening: SpeechServer, sound: bytes) -> None:
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


async def test_a_call_that_ends_frees_its_recogniser(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        await asterisk.create()
        await asterisk.set("vocabulary", "main")
        assert listening.free == 1
        asterisk.connection.transport.abort()
    await _until_free(listening, 2)


async def _send_silence(*callers: SpeechClient) -> None:
    """Send silence until one of the callers has a result."""
    while all(caller.results.empty() for caller in callers):
        for caller in callers:
            await caller.say(QUIET)
        await asyncio.sleep(0.02)


async def _expect_service(listening: SpeechServer) -> None:
    async with SpeechClient(listening.port) as asterisk:
        assert "error_msg" not in await asterisk.create()


async def _until_free(listening: SpeechServer, places: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while listening.free < places:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.01)
