"""The likelihood of each target: a conditional logit over the figures of `ivr.intents.features`.

Each target has a utility, the weighted sum of its figures, and so has "none of them"; the probabilities are their
softmax (McFadden 1974, "Conditional logit analysis of qualitative choice behavior"). So a close second lowers the
first, and an utterance that nothing speaks for is likely none.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from ivr.intents.features import TargetFigures


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The weights of the figures."""

    targets: tuple[float, ...]  # in the order of `features.TARGET_FEATURES`
    none: tuple[float, ...]  # in the order of `features.NONE_FEATURES`


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients, and the thresholds of likelihood for the decisions."""

    coefficients: Coefficients
    sure: float  # the call goes there
    ask: float  # the caller is asked: about one target, or about two that have it together
    which: float  # ... about two, if the second has at least this


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """Probabilities that add up to 1."""

    targets: tuple[float, ...]  # in the order of the comparison's targets
    none: float


def likelihoods(comparison: TargetFigures, coefficients: Coefficients) -> Likelihoods:
    """Weigh the figures of an utterance."""
    utilities = [_utility(figures.values, coefficients.targets) for figures in comparison.targets]
    utilities.append(_utility(comparison.none, coefficients.none))
    highest = max(utilities)
    weights = [math.exp(utility - highest) for utility in utilities]
    total = sum(weights)
    *targets, none = (weight / total for weight in weights)
    return Likelihoods(tuple(targets), none)


def _utility(values: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(map(mul, values, weights))
