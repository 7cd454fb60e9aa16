"""Erlang C and Erlang A: the number of seats that answers enough calls in time. Pure.

Erlang C (M/M/n, A. K. Erlang 1917): calls come at random, callers wait without a limit. Erlang A (M/M/n+M, C. Palm
1946): callers lose their patience at random, so that fewer seats are enough. A caller who gave up was not
answered in time.
"""

from math import exp

_NEGLIGIBLE = 1e-12  # of the likeliest state


def waiting_probability(traffic: float, seats: int) -> float:
    """Return the probability by Erlang C that a caller has to wait, 0 to 1.

    Args:
        traffic: erlangs: calls a second times seconds of handle time.
        seats: at work.
    """
    if traffic >= seats:
        return 1.0
    blocked = 1.0  # Erlang B, by its recursion
    for seat in range(1, seats + 1):
        blocked = traffic * blocked / (seat + traffic * blocked)
    return seats * blocked / (seats - traffic * (1 - blocked))


def answered_in_time_c(calls: float, handle_s: float, seats: int, within_s: float) -> float:
    """Return the part of calls that are answered in time by Erlang C; 0 if the seats cannot handle all calls.

    Args:
        calls: a second.
        handle_s: mean seconds for which a call occupies a seat.
        seats: at work.
        within_s: seconds that are in time.
    """
    traffic = calls * handle_s
    if traffic >= seats:
        return 0.0
    return 1 - waiting_probability(traffic, seats) * exp(-(seats - traffic) * within_s / handle_s)


def answered_in_time_a(calls: float, handle_s: float, patience_s: float, seats: int, within_s: float) -> float:
    """Return the part of calls that are answered in time by Erlang A.

    Args:
        calls: a second.
        handle_s: mean seconds for which a call occupies a seat.
        patience_s: mean seconds until a waiting caller gives up.
        seats: at work.
        within_s: seconds that are in time.

    With ``j`` callers ahead, each seat frees at the rate μ and each of them leaves at θ. The caller's wait, if it ends
    with an answer, has the law of −ln(B)/θ, B of the beta distribution with nμ/θ + 1 and j + 1.
    """
    if calls <= 0:
        return 1.0
    frees, leaves = seats / handle_s, 1 / patience_s
    weight = at_once = 1.0 if seats else 0.0
    if not seats:
        return 0.0
    for busy in range(1, seats):
        weight *= calls * handle_s / busy
        at_once += weight
    weight *= calls * handle_s / seats  # all seats are busy, nobody waits
    total, in_time, largest, ahead = at_once, at_once, weight, 0
    beta_parameter, still_patient = frees / leaves + 1, exp(-leaves * within_s)
    waits_longer = term = still_patient**beta_parameter  # P(B < x): the caller would wait longer; first with j = 0
    while weight > _NEGLIGIBLE * largest:
        total += weight
        in_time += weight * frees / (frees + (ahead + 1) * leaves) * (1 - min(waits_longer, 1.0))
        ahead += 1
        term *= (1 - still_patient) * (beta_parameter + ahead - 1) / ahead
        waits_longer += term
        weight *= calls / (frees + ahead * leaves)
        largest = max(largest, weight)
    return in_time / total


def seats_needed(calls: float, handle_s: float, part: float, within_s: float, patience_s: float | None = None) -> int:
    """Return the fewest seats that answer ``part`` of the calls in time; by Erlang A if there is a patience.

    Args:
        calls: a second.
        handle_s: mean seconds for which a call occupies a seat.
        part: from 0 to 1, without 1.
        within_s: seconds that are in time.
        patience_s: mean seconds until a waiting caller gives up; None: never, Erlang C.
    """
    if calls <= 0:
        return 0
    seats = 1
    while _in_time(calls, handle_s, seats, within_s, patience_s) < part:
        seats += 1
    return seats


def _in_time(calls: float, handle_s: float, seats: int, within_s: float, patience_s: float | None) -> float:
    if patience_s is None:
        return answered_in_time_c(calls, handle_s, seats, within_s)
    return answered_in_time_a(calls, handle_s, patience_s, seats, within_s)
