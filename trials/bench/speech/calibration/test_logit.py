"""The models that the calibration fits."""

import numpy as np
import pytest

from trials.bench.speech.calibration.logit import Observation, fit


def test_the_coefficients_of_known_choices_are_found() -> None:
    random, expected = np.random.default_rng(1), np.array([2.0, -1.0])
    choices = []
    for _each in range(4000):
        figures = random.normal(size=(3, 2))
        utility = figures @ expected + random.gumbel(size=3)
        choices.append(Observation(figures, utility == utility.max()))
    assert fit(choices, 1e-6) == pytest.approx(expected, abs=0.12)


def test_of_several_right_alternatives_any_may_be_chosen() -> None:
    figures = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    found = fit([Observation(figures, np.array([True, True, False]))] * 10, 1e-3)
    assert found[0] > 0
    assert found[1] > 0


def test_an_example_counts_by_its_weight() -> None:
    figures = np.array([[1.0], [0.0]])
    yes, no = Observation(figures, np.array([True, False]), 3.0), Observation(figures, np.array([False, True]), 1.0)
    assert fit([yes, no], 1e-6)[0] == pytest.approx(np.log(3), abs=0.01)
