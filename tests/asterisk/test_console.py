"""Commands on Asterisk's console: each is answered, also if more come at once than Asterisk lets wait."""

import asyncio
import socket
import threading
from pathlib import Path

import pytest

from ivr.asterisk.config.console import Console, ConsoleError

_WAITING = 2  # connections, as Asterisk listens


def answer(listening: socket.socket, commands: int) -> None:
    """Answer one command after the other, as Asterisk's console does."""
    for _ in range(commands):
        connection, _peer = listening.accept()
        with connection:
            connection.sendall(b"asterisk/1/22\n")
            command = connection.recv(1000)
            connection.sendall(command.removeprefix(b"cli quit after ") + b"\n")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "asterisk.ctl"


async def test_twenty_commands_at_once_are_all_answered(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(_WAITING)
        runs = [asyncio.create_task(Console(path).run(f"command {at}", 60)) for at in range(20)]
        await asyncio.sleep(0)  # all have tried to connect before the first is answered
        threading.Thread(target=answer, args=(listening, 20), daemon=True).start()
        assert await asyncio.gather(*runs) == [f"command {at}\n" for at in range(20)]


async def test_a_console_that_is_not_there_is_an_error_at_once(path: Path) -> None:
    with pytest.raises(ConsoleError, match="console cannot be reached"):
        await Console(path).run("core show uptime")


async def test_a_console_without_a_place_is_given_up_in_time(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(0)
        with socket.socket(socket.AF_UNIX) as waiting:
            waiting.connect(str(path))
            with pytest.raises(ConsoleError, match="did not answer 'core show uptime'"):
                await Console(path).run("core show uptime", 0.2)
