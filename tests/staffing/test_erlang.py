"""The formulas give the values of published tables, and of a hotline that is simulated call by call."""

import random
from heapq import heappop, heappush

import pytest

from ivr.staffing.erlang import answered_in_time_a, answered_in_time_c, seats_needed, waiting_probability


@pytest.mark.parametrize(
    ("traffic", "seats", "probability"),
    [  # tables of Erlang C, such as in Cooper, Introduction to Queueing Theory
        (1, 2, 0.3333), (2, 3, 0.4444), (5, 7, 0.3241), (10, 13, 0.2853), (10, 12, 0.4494), (10, 14, 0.1741),
    ],
)  # fmt: skip
def test_the_probability_of_waiting_is_that_of_the_tables(traffic: float, seats: int, probability: float) -> None:
    assert waiting_probability(traffic, seats) == pytest.approx(probability, abs=5e-5)


def test_a_published_example() -> None:
    """360 calls in half an hour, 240 s each, 55 seats: 23.9 % wait, 84.6 % are answered within 15 s (Angus 2001)."""
    assert waiting_probability(360 / 1800 * 240, 55) == pytest.approx(0.239, abs=5e-4)
    assert answered_in_time_c(0.2, 240, 55, 15) == pytest.approx(0.846, abs=1e-3)


def test_too_few_seats_answer_nobody_in_time_if_everybody_waits_for_ever() -> None:
    assert answered_in_time_c(1, 10, 10, 15) == 0
    assert 0 < answered_in_time_a(1, 10, 60, 10, 15) < 1


def test_callers_without_end_of_patience_are_erlang_c() -> None:
    patient = answered_in_time_a(0.2, 240, 1e7, 55, 15)
    assert patient == pytest.approx(answered_in_time_c(0.2, 240, 55, 15), abs=1e-4)


@pytest.mark.parametrize(
    ("calls", "handle_s", "patience_s", "seats"), [(0.1, 180, 90, 18), (0.1, 180, 60, 22), (0.02, 240, 120, 6)]
)
def test_a_simulated_hotline_answers_as_many_in_time(
    calls: float, handle_s: float, patience_s: float, seats: int
) -> None:
    simulated = simulate(calls, handle_s, patience_s, seats, 15.0, 60_000)
    assert answered_in_time_a(calls, handle_s, patience_s, seats, 15.0) == pytest.approx(simulated, abs=0.012)


def test_the_fewest_seats_are_found() -> None:
    needed = seats_needed(0.2, 240, 0.95, 15)
    assert answered_in_time_c(0.2, 240, needed, 15) >= 0.95 > answered_in_time_c(0.2, 240, needed - 1, 15)
    assert seats_needed(0.2, 240, 0.95, 15, 60) <= needed
    assert seats_needed(0, 240, 0.95, 15) == 0


def simulate(calls: float, handle_s: float, patience_s: float, seats: int, within_s: float, count: int) -> float:
    """Return the part of ``count`` calls that is answered in time, served in the order of arrival."""
    chance, now, in_time = random.Random(12345), 0.0, 0
    frees: list[float] = [0.0] * seats  # the time at which each seat is free
    for _call in range(count):
        now += chance.expovariate(calls)
        patience, free = chance.expovariate(1 / patience_s), heappop(frees)
        wait = max(free - now, 0.0)
        if wait < patience:
            in_time += wait <= within_s
            free = now + wait + chance.expovariate(1 / handle_s)
        heappush(frees, free)
    return in_time / count
