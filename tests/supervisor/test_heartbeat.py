"""A frozen process is noticed in time; a slow or starting process is left alone."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ivr.supervisor.heartbeat import Patience, is_slow, is_stopped, until_answer, until_silent, until_stopped
from testkit.patience import PATIENCE

QUICK = Patience(every=0.01, silent=0.1, busy=0.1, boot=30.0)


async def test_a_process_that_stops_answering_is_noticed() -> None:
    answered = 0

    async def answers(seconds: float) -> bool:
        nonlocal answered
        if answered < 5:
            answered += 1
            return True
        await asyncio.sleep(seconds)
        return False

    async with asyncio.timeout(PATIENCE):
        await until_silent(answers, QUICK)
    assert answered == 5


@pytest.mark.parametrize("misses", [1, 3])
async def test_a_process_that_answers_sometimes_or_has_not_begun_is_left_alone(misses: int) -> None:
    question_count = 0

    async def answers(_seconds: float) -> bool:
        nonlocal question_count
        question_count += 1
        return question_count > 20 and question_count % (misses + 1) == 0

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.6):
            await until_silent(answers, Patience(every=0.001, silent=10.0, busy=10.0, boot=30.0))
    assert question_count > 40


async def test_an_answer_at_the_last_moment_counts() -> None:
    """A busy machine kept every process waiting: an engine that is asked once more answers at once."""
    late = 0

    async def answers(seconds: float) -> bool:
        nonlocal late
        late += 1
        if late % 2 == 0:
            return True
        await asyncio.sleep(seconds)
        return False

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await until_silent(answers, Patience(every=0.01, silent=0.05, busy=0.05, boot=0.05))


async def test_the_return_of_a_process_is_noticed() -> None:
    question_count = 0

    async def answers(_seconds: float) -> bool:
        nonlocal question_count
        question_count += 1
        return question_count == 3

    async with asyncio.timeout(PATIENCE):
        await until_answer(answers, QUICK)


@pytest.mark.parametrize(("slow", "seconds"), [(True, 0.6), (False, 0.05)])
async def test_a_slow_process_has_more_time(slow: bool, seconds: float) -> None:
    async def answers(_seconds: float) -> bool:
        return False

    begun = asyncio.get_running_loop().time()
    async with asyncio.timeout(PATIENCE):
        await until_silent(answers, Patience(every=0.01, silent=0.05, busy=0.6, boot=0.05), lambda: slow)
    assert asyncio.get_running_loop().time() - begun >= seconds


@contextmanager
def running(code: str) -> Iterator[subprocess.Popen[bytes]]:
    """Give a Python process that has begun to run ``code``."""
    process = subprocess.Popen([sys.executable, "-c", f"print(flush=True)\n{code}"], stdout=subprocess.PIPE)
    try:
        assert process.stdout
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_stopped_process_is_not_slow_and_a_busy_one_is() -> None:
    with running("while True: pass") as process:
        assert is_slow(process.pid)
        assert not is_stopped(process.pid)
        process.send_signal(signal.SIGSTOP)
        while is_slow(process.pid):
            pass
        assert is_stopped(process.pid)
    assert not is_slow(process.pid)
    assert not is_stopped(process.pid)


def test_a_process_one_of_whose_threads_computes_is_slow() -> None:
    code = "import threading\nthreading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()"
    with running(code) as process:
        until = time.monotonic() + PATIENCE
        while not is_slow(process.pid):
            assert time.monotonic() < until


async def test_a_stopped_process_is_noticed_unless_it_continues_soon() -> None:
    looks = iter([False, True, False, True, False, True, True])
    async with asyncio.timeout(PATIENCE):
        await until_stopped(lambda: next(looks))
    assert next(looks, None) is None
