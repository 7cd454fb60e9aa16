"""A usual run asks for everything that the page shows, evenly."""

from collections import Counter

import pytest

from trials.bench.speech.calls.call_schedule import trials, trials_one_at_a_time
from trials.bench.speech.calls.moments import MOMENTS, Moment
from trials.bench.speech.corpus import recordings
from trials.bench.speech.corpus.sets import MATTERS, OPEN, PROOF, TUNING, SampleKind
from trials.bench.speech.telephone.conditions import CLEAN, CONDITIONS

PLANNED = trials()


def test_the_same_calls_are_planned_each_time() -> None:
    assert trials() == PLANNED


def test_no_two_calls_come_from_one_number() -> None:
    assert len({trial.caller for trial in PLANNED}) == len(PLANNED)


def test_the_proof_set_is_said_under_every_condition() -> None:
    assert {trial.condition for trial in PLANNED if trial.set_name == PROOF} == set(CONDITIONS)
    assert {trial.set_name for trial in PLANNED} == {TUNING, PROOF, OPEN}


def test_every_sentence_of_the_open_set_is_said_once_also_if_only_that_set_is_said() -> None:
    sentences = Counter(recordings.recorded(OPEN))
    assert Counter(trial.take for trial in PLANNED if trial.set_name == OPEN) == sentences
    assert Counter(trial.take for trial in trials(sets=[OPEN])) == sentences


def test_clean_matters_are_said_at_every_moment_evenly() -> None:
    calls = [
        trial
        for trial in PLANNED
        if (trial.set_name, trial.condition) == (PROOF, CLEAN) and trial.take.utterance.kind in MATTERS
    ]
    moments = Counter(trial.moment for trial in calls)
    assert set(moments) == set(MOMENTS)
    assert max(moments.values()) - min(moments.values()) < len(calls) / 10


@pytest.mark.parametrize("name", [PROOF, OPEN, TUNING])
def test_a_set_is_said_at_every_moment_evenly(name: str) -> None:
    """All conditions count together, because most conditions have one or two takes of the open set."""
    calls = [trial for trial in PLANNED if trial.set_name == name and not trial.take.utterance.kind.is_answer]
    moments = Counter(trial.moment for trial in calls)
    assert set(moments) == set(MOMENTS)
    assert max(moments.values()) - min(moments.values()) < len(calls) / 10


def test_answers_are_given_to_questions_and_to_nothing_else() -> None:
    for trial in PLANNED:
        assert (trial.moment is Moment.QUESTION) == trial.take.utterance.kind.is_answer
        assert trial.answers
        assert [take.utterance.kind for take in trial.answers[1:]] == [SampleKind.YES, SampleKind.NO]


def test_everything_is_every_recording() -> None:
    everything = trials(everything=True)
    assert {(trial.set_name, trial.take) for trial in PLANNED} <= {(trial.set_name, trial.take) for trial in everything}


def test_the_time_to_a_decision_is_measured_by_callers_of_the_tuning_set_without_noise() -> None:
    alone = trials_one_at_a_time()
    assert {(trial.set_name, trial.condition) for trial in alone} == {(TUNING, CLEAN)}
    assert not {trial.caller for trial in alone} & {trial.caller for trial in PLANNED}
