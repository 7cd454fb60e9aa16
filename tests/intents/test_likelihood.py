"""Probabilities of the targets that a caller may want."""

import pytest

from ivr.intents import calibration
from ivr.intents.cry import CRY_FEATURES
from ivr.intents.features import NONE_FEATURES, TARGET_FEATURES, Figures, TargetFigures
from ivr.intents.known_texts import Target, TargetKind
from ivr.intents.likelihood import Coefficients, likelihoods

FIRST, SECOND = Target(TargetKind.LINE, "12333"), Target(TargetKind.LINE, "12329")


def comparison(*speaks_for: float) -> TargetFigures:
    figures = [
        Figures(target, None, None, (value,)) for target, value in zip((FIRST, SECOND), speaks_for, strict=False)
    ]
    return TargetFigures(tuple(figures), (1.0,))


def test_probabilities_add_up_to_1() -> None:
    likely = likelihoods(comparison(3.0, 1.0), Coefficients((1.0,), (0.5,)))
    assert sum(likely.targets) + likely.none == pytest.approx(1.0)


def test_a_close_second_lowers_the_first() -> None:
    model = Coefficients((1.0,), (0.0,))
    (alone,) = likelihoods(comparison(4.0), model).targets
    rivalled, _second = likelihoods(comparison(4.0, 3.5), model).targets
    assert alone > 0.9
    assert rivalled < 0.7


def test_without_evidence_no_line_is_likely() -> None:
    assert likelihoods(comparison(0.0, 0.0), Coefficients((1.0,), (3.0,))).none > 0.9
    assert likelihoods(comparison(), Coefficients((1.0,), (3.0,))).none == 1.0


def test_the_calibration_fits_the_figures_it_weighs() -> None:
    for model in (calibration.WITH_MEANING, calibration.BY_SOUND):
        assert len(model.coefficients.targets) == len(TARGET_FEATURES)
        assert len(model.coefficients.none) == len(NONE_FEATURES)
        assert 0 < model.which < model.ask <= model.sure < 1
    for cry in (calibration.CRY_WITH_MEANING, calibration.CRY_BY_SOUND):
        assert len(cry.coefficients) == len(CRY_FEATURES)
        assert 0 < cry.ask < 1
