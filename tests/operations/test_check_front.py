"""The check that keepalived runs at a machine of the front: Kamailio may lose a question, but not two in a row."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from testkit.hotline.running import ROOT

_CHECK = ROOT / "deploy" / "cluster" / "check-front"
_PORT = 5066


@contextmanager
def kamailio(answers: Callable[[int], bool]) -> Iterator[str]:
    """Answer the questions for whose number ``answers`` is true; yield the address."""
    host = f"127.66.{os.getpid() // 250 % 250}.{os.getpid() % 250 + 1}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((host, _PORT))

        def serve() -> None:
            number = 0
            while (received := own.recvfrom(65536))[0] != b"end":
                number += 1
                if received[0].startswith(b"OPTIONS sip:") and received[0].endswith(b"\r\n\r\n") and answers(number):
                    own.sendto(b"SIP/2.0 200 OK\r\n\r\n", received[1])

        server = threading.Thread(target=serve)
        server.start()
        yield host
        own.sendto(b"end", (host, _PORT))
        server.join()


def check(host: str) -> int:
    return subprocess.run([_CHECK, host], check=False, timeout=60).returncode


@pytest.mark.parametrize(
    ("answers", "status"),
    [(lambda _number: True, 0), (lambda number: number % 2 == 0, 0), (lambda _number: False, 1)],
    ids=["answers", "answers each second question", "is frozen"],
)
def test_a_front_that_does_not_answer_twice_in_a_row_has_failed(answers: Callable[[int], bool], status: int) -> None:
    with kamailio(answers) as host:
        assert check(host) == status


def test_a_front_that_ends_between_two_questions_has_failed_at_once() -> None:
    with kamailio(lambda number: number == 1) as host:
        assert check(host) == 1
    assert check(host) == 1, "nothing listens"
