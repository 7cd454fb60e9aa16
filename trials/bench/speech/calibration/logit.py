"""Logit models fitted by Newton's method, with a penalty on large coefficients (ridge). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STEPS = 60  # of Newton's method at most
_ENOUGH = 1e-8  # gain of the likelihood below which it has converged


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One observation: the figures of each alternative, and which alternatives are right."""

    figures: Array  # shape (alternatives, figures)
    right: NDArray[np.bool_]  # shape (alternatives,); at least one is
    weight: float = 1.0


def fit(choices: Sequence[Observation], penalty: float) -> Array:
    """Return the coefficients of a conditional logit under which the right alternatives are likeliest."""
    most = max(len(choice.figures) for choice in choices)
    figures = np.zeros((len(choices), most, choices[0].figures.shape[1]))
    exists, right = np.zeros(figures.shape[:2], bool), np.zeros(figures.shape[:2], bool)
    for at, choice in enumerate(choices):
        figures[at, : len(choice.figures)] = choice.figures
        exists[at, : len(choice.figures)] = True
        right[at, : len(choice.figures)] = choice.right
    weights = np.array([choice.weight for choice in choices])
    weights /= weights.sum()
    scale = np.sqrt((figures**2).sum(axis=(0, 1)) / exists.sum())
    scale[scale == 0] = 1
    figures /= scale
    coefficients = np.zeros(len(scale))
    known = -np.inf
    for _step in range(_STEPS):
        likely = _likely(figures, exists, coefficients)
        posterior = likely * right
        posterior /= posterior.sum(axis=1, keepdims=True) + 1e-12
        gradient = np.einsum("nk,nkd->d", weights[:, None] * (posterior - likely), figures) - penalty * coefficients
        mean = np.einsum("nk,nkd->nd", likely, figures)
        second = np.einsum("nk,nkd,nke->de", weights[:, None] * likely, figures, figures)
        curvature = second - np.einsum("n,nd,ne->de", weights, mean, mean) + penalty * np.eye(len(scale))
        step, length = np.linalg.solve(curvature, gradient), 1.0
        while length > 1e-3:
            found = _likelihood(figures, exists, right, weights, coefficients + length * step, penalty)
            if found >= known:
                break
            length /= 2
        coefficients = coefficients + length * step
        if found - known < _ENOUGH:
            break
        known = found
    result: Array = coefficients / scale
    return result


def _likely(figures: Array, exists: NDArray[np.bool_], coefficients: Array) -> Array:
    utilities = np.where(exists, figures @ coefficients, -np.inf)
    weights = np.exp(utilities - utilities.max(axis=1, keepdims=True))
    likely: Array = weights / weights.sum(axis=1, keepdims=True)
    return likely


def _likelihood(
    figures: Array,
    exists: NDArray[np.bool_],
    right: NDArray[np.bool_],
    weights: Array,
    coefficients: Array,
    penalty: float,
) -> float:
    likely = (_likely(figures, exists, coefficients) * right).sum(axis=1)
    return float((weights * np.log(likely + 1e-12)).sum() - penalty / 2 * coefficients @ coefficients)
