"""A fake Asterisk, which sends calls to a real FastAGI server over TCP and returns the course of each call.

fake = FakeAsterisk("127.0.0.1", server.port, script="citizen")
story = await fake.call("12333", caller="13812345678", queues={"group-expert-12333": "timeout"})
assert story.queues == [("group-expert-12333", "timeout"), ("group-general", "answered")]
"""

import asyncio
import itertools
from collections.abc import Sequence
from typing import Any

from testkit.fake_asterisk.channel import Channel, FakeCaller, Story

PATIENCE = 60.0  # seconds within which each call script ends, on a busy machine, too


class FakeAsterisk:
    """The client of FastAGI, as Asterisk is."""

    def __init__(self, host: str, port: int, script: str = "citizen") -> None:
        """Send calls to the FastAGI server at ``host`` and ``port``, for the script named ``script``."""
        self._host = host
        self._port = port
        self._script = script
        self._count = itertools.count(1)

    async def call(
        self,
        dialled: str,
        *further_arguments: str,
        caller: str = "13800000000",
        name: str = "",
        script: str = "",
        channel: str = "PJSIP/carrier-00000001",
        **behaviour: Any,
    ) -> Story:
        """Place a call, and return its story once the server has closed the session.

        Args:
            dialled: first argument of the script (``agi_arg_1``); ``further_arguments`` has the next arguments.
            caller: the caller's number; "unknown" if it is withheld.
            name: the caller's name.
            script: the script's name, if it is another than this FakeAsterisk's.
            channel: the caller's channel.
            behaviour: fields of `FakeCaller`: the acts of the caller and of the called parties.
        """
        asterisk = Channel(FakeCaller(**behaviour), variables(caller, name, channel))
        arguments, uniqueid = (dialled, *further_arguments), f"1700000000.{next(self._count)}"
        while True:
            block = headers(
                script or self._script, arguments, caller=caller, name=name, uniqueid=uniqueid, channel=channel
            )
            reader, writer = await asyncio.open_connection(self._host, self._port)
            try:
                story = await converse(reader, writer, block, asterisk)
            finally:
                writer.close()
            if not asterisk.go_on():
                return story
            arguments = again((dialled, *further_arguments), story)


def again(arguments: Sequence[str], story: Story) -> tuple[str, ...]:
    """Return the arguments with which ``[script-again]`` runs a script again after an offer."""
    story.variables["HOTLINE_SCRIPT"] = "running"
    progress = f"{story.variables['HOTLINE_PROGRESS']}&end={story.variables['HOTLINE_OFFER_END']}"
    return (*arguments[:4], *[""] * (4 - len(arguments[:4])), progress)


def variables(caller: str, name: str = "", channel: str = "PJSIP/carrier-00000001") -> dict[str, str]:
    """Return the variables that the dialplan has set on the caller's channel before a call script starts."""
    digits = "".join(sign for sign in caller if sign.isascii() and (sign.isdigit() or sign == "+"))
    return {
        "CALLERID(num)": caller,
        "CALLERID(name)": name,
        "CHANNEL(name)": channel,
        "HOTLINE_CALLER": digits if digits == caller else "",
        "HOTLINE_CENTER_KEY": digits.replace("+", "") or "withheld",
        "HOTLINE_SCRIPT": "running",
        "HOTLINE_STEP": "none",
        "HOTLINE_OFFER_END": "none",
    }


def headers(
    script: str,
    arguments: Sequence[str] = (),
    *,
    caller: str = "13800000000",
    name: str = "",
    uniqueid: str = "1.1",
    channel: str = "PJSIP/carrier-00000001",
) -> bytes:
    """Return the AGI header block as Asterisk 22 writes it."""
    lines = {
        "agi_network": "yes",
        "agi_network_script": script,
        "agi_request": f"agi://127.0.0.1/{script}",
        "agi_channel": channel,
        "agi_language": "zh",
        "agi_type": "PJSIP",
        "agi_uniqueid": uniqueid,
        "agi_version": "22.10.1",
        "agi_callerid": caller,
        "agi_calleridname": name or "unknown",
        "agi_callingpres": "0",
        "agi_callingani2": "0",
        "agi_callington": "0",
        "agi_callingtns": "0",
        "agi_dnid": "unknown",
        "agi_rdnis": "unknown",
        "agi_context": "from-carrier",
        "agi_extension": "s",
        "agi_priority": "3",
        "agi_enhanced": "0.0",
        "agi_accountcode": "",
        "agi_threadid": "140612098086592",
    } | {f"agi_arg_{number}": argument for number, argument in enumerate(arguments, 1)}
    return "".join(f"{key}: {value}\n" for key, value in lines.items()).encode() + b"\n"


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, block: bytes, channel: Channel) -> Story:
    """Open a session, over TCP or a process's pipes, and answer its commands until the server or process ends it."""
    writer.write(block)
    async with asyncio.timeout(PATIENCE):
        try:
            while line := await reader.readline():
                if (reply := channel.reply(line.decode().removesuffix("\n"))) is not None:
                    writer.write(reply.encode() + b"\n")
                    await writer.drain()
        except ConnectionError:
            pass
    return channel.story
