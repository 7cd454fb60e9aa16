"""Another program takes one of the hotline's own ports while the engine is away."""

import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from ivr.control import control_client
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from testkit.hotline.leaks import leaks
from testkit.hotline.processes import engine
from testkit.hotline.running import RunningHotline
from tests.operations.waiting import until

pytestmark = pytest.mark.xdist_group("ports taken")  # with one hotline, whose engine each test kills


@pytest.fixture(scope="module")
def hotline() -> Iterator[RunningHotline]:
    with RunningHotline("127.0.0.1:5999") as hotline:
        yield hotline
        assert not leaks(hotline.home)


@contextmanager
def taken(port: int) -> Iterator[None]:
    """Listen on a port as soon as it is free."""
    with socket.socket() as other_program:
        other_program.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

        def bound() -> bool:
            with suppress(OSError):
                other_program.bind(("127.0.0.1", port))
                other_program.listen()
                return True
            return False

        until(bound)
        yield


def answers(hotline: RunningHotline) -> bool:
    with suppress(control_client.NotRunning):
        return bool(hotline.ask("ping") == {"calls": 0})
    return False


def test_calls_do_not_wait_for_the_metrics(hotline: RunningHotline) -> None:
    facts = hotline_facts.read(Home(hotline.home).hotline)
    assert urllib.request.urlopen(f"http://127.0.0.1:{facts.http_port}/metrics").status == 200
    log = Home(hotline.home).log / "engine.log"
    engine(hotline).kill()
    with taken(facts.http_port):
        until(
            lambda: (
                f"health and metrics cannot be served on port {facts.http_port}: " in log.read_text(encoding="utf-8")
            )
        )
        until(lambda: answers(hotline))


def test_an_engine_that_cannot_serve_says_so_and_is_tried_again(hotline: RunningHotline) -> None:
    facts = hotline_facts.read(Home(hotline.home).hotline)
    engine(hotline).kill()
    with taken(facts.fastagi_port):
        printed = until(lambda: "cannot start" in hotline.printed.read_text(encoding="utf-8") and hotline.printed)
        (line,) = {
            text_line for text_line in printed.read_text(encoding="utf-8").splitlines() if "cannot start" in text_line
        }
        assert line.startswith("Error: the engine cannot start: ")
        assert str(facts.fastagi_port) in line
        assert "Traceback" not in printed.read_text(encoding="utf-8")
    until(lambda: answers(hotline))
