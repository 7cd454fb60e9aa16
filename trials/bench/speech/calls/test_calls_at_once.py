"""A machine that does not keep up holds fewer calls at once, and no call is lost to that."""

from trials.bench.speech.calls.calls_at_once import MOST, CallsAtOnce
from trials.bench.speech.calls.conversation import TOO_SLOW, Record, Trial
from trials.bench.speech.calls.moments import Moment
from trials.bench.speech.corpus.sets import SampleKind, SampleUtterance, Voice
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.telephone.conditions import CLEAN

TAKE = Take(SampleUtterance("护照", SampleKind.LINE, ("12367",)), Voice("hong", ()), 1.0)


def record(caller: str, problem: str) -> Record:
    return Record(Trial(caller, "tuning", TAKE, CLEAN, Moment.OPENING), problem=problem)


def test_a_quick_machine_holds_the_most_and_a_slow_one_fewer() -> None:
    assert [CallsAtOnce.most(reading).at_once for reading in (0.1, 0.8, 5.0)] == [MOST, MOST // 2, 2]


def test_a_call_for_which_the_machine_was_too_slow_is_placed_again_and_others_become_fewer() -> None:
    load = CallsAtOnce.most(0.1)
    assert load.is_placed_again(record("1", TOO_SLOW))
    assert not load.is_placed_again(record("1", ""))
    assert (load.first, load.at_once, load.again) == (MOST, MOST - 1, 1)


def test_a_call_that_failed_for_another_reason_or_thrice_counts() -> None:
    load = CallsAtOnce.most(0.1)
    assert not load.is_placed_again(record("1", "never ended"))
    assert [load.is_placed_again(record("2", TOO_SLOW)) for _try in range(3)] == [True, True, False]


def test_a_machine_that_keeps_up_again_holds_more() -> None:
    load = CallsAtOnce.most(0.1)
    load.is_placed_again(record("1", TOO_SLOW))
    for caller in range(2, 12):
        assert not load.is_placed_again(record(str(caller), ""))
    assert load.at_once == MOST


def test_calls_that_are_placed_one_at_a_time_stay_one_at_a_time() -> None:
    load = CallsAtOnce(1)
    assert load.is_placed_again(record("1", TOO_SLOW))
    assert load.at_once == 1
    for caller in range(2, 20):
        load.is_placed_again(record(str(caller), ""))
    assert load.at_once == 1
