"""The engine counts each SIP message that Asterisk could not read, also if Asterisk logs it while the engine reads."""

import asyncio
import sys
from pathlib import Path

import pytest

from ivr.engine import unreadable_watch
from ivr.engine.unreadable_watch import UnreadableWatch
from ivr.signalling.refused_requests import RequestRefusal
from testkit.waiting_async import until

CALLER = "13900001111"
MANY = 2000


def logged(port: int) -> bytes:
    """What Asterisk logs of a message from a port of 192.0.2.7."""
    return (
        f"[2026-11-30 23:40:13.469] TRACE[17281] pjproject: \t       sip_transport.c Dropping 239 bytes packet from "
        f"UDP 192.0.2.7:{port} : PJSIP syntax error exception when parsing 'From' header on line 3 col 16\n"
        f"INVITE sip:12345@192.0.2.1 SIP/2.0\r\nFrom: <sip:{CALLER}@\r\n\r\n-- end of packet.\n"
    ).encode()


ASTERISK = f"""
import sys, time
log = open(sys.argv[1], "ab", buffering=0)
for port in range({MANY}):
    log.write({logged(0)!r}.replace(b":0 ", b":%d " % port))
    time.sleep(0.00005)
"""
"""Another process, as Asterisk is, which writes one message after the other."""


def write(log: Path, *ports: int) -> None:
    with log.open("ab") as asterisk:
        asterisk.writelines(map(logged, ports))


async def test_each_message_is_counted_once_and_no_number_stays_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unreadable_watch, "_EVERY", 0.0)
    log, refused = tmp_path / "unreadable", list[RequestRefusal]()
    async with UnreadableWatch(log, refused.extend):
        asterisk = await asyncio.create_subprocess_exec(sys.executable, "-c", ASTERISK, log)
        await asterisk.wait()
        await until(lambda: len(refused) >= MANY, "all messages are counted")
    assert [refusal.source for refusal in refused] == [("192.0.2.7", port) for port in range(MANY)]
    assert CALLER.encode() not in log.read_bytes()


async def test_a_message_that_is_read_in_two_parts_is_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux shows a reader the first page of a write that is not over."""
    monkeypatch.setattr(unreadable_watch, "_EVERY", 0.001)
    log, refused = tmp_path / "unreadable", list[RequestRefusal]()
    message = logged(5060)
    for cut in (1, message.index(b"TRACE"), message.index(b"192.0.2.7"), message.index(b"parsing"), len(message) - 3):
        log.unlink(missing_ok=True)
        refused.clear()
        async with UnreadableWatch(log, refused.extend):
            write(log, 5059)
            with log.open("ab", buffering=0) as asterisk:
                asterisk.write(message[:cut])
                await until(lambda: log.read_bytes().strip() == b"", "the first part is read")
                asterisk.write(message[cut:])
            await until(lambda: len(refused) >= 2, "both messages are counted")
        assert [refusal.source[1] for refusal in refused] == [5059, 5060], f"cut after {cut} bytes"


async def test_a_message_whose_entry_lacks_its_end_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unreadable_watch, "_LONGEST_WRITE", 0.1)
    monkeypatch.setattr(unreadable_watch, "_EVERY", 0.0)
    log, refused = tmp_path / "unreadable", list[RequestRefusal]()
    async with UnreadableWatch(log, refused.extend):
        with log.open("ab") as asterisk:
            asterisk.write(logged(5060)[:-20])
        await until(lambda: refused, "the message is counted")
    assert [refusal.source[1] for refusal in refused] == [5060]


async def test_a_flood_does_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unreadable_watch, "_EVERY", 0.0)
    monkeypatch.setattr(unreadable_watch, "_MOST", 10_000)
    log, refused = tmp_path / "unreadable", list[RequestRefusal]()
    async with UnreadableWatch(log, refused.extend):
        write(log, *range(MANY))  # all at once, while the watch has no turn
        await until(lambda: log.stat().st_size < 10_000, "the log is emptied")
        write(log, 60_000)
        await until(lambda: refused[-1].source[1] == 60_000, "a message after the flood is counted")
