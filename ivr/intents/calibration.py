"""The weights of sound, meaning and evidence, and the thresholds of likelihood.

Made by ``python -m trials.bench.speech.calibration --write`` from readings of the tuning set; not to be edited by
hand.
"""

from ivr.intents.cry import CryCalibration
from ivr.intents.likelihood import Calibration, Coefficients

WITH_MEANING = Calibration(
    Coefficients(
        targets=(
            7.799,  # sound
            -5.578,  # sound squared
            1.111,  # sound exact
            3.434,  # sound exact, the whole utterance
            -0.654,  # written as known, the whole utterance
            3.258,  # sound, share of the utterance
            12.821,  # sound, length of the phrase
            -7.978,  # sound, a weak phrase
            -4.497,  # sound, a weak phrase, share of the utterance
            7.654,  # sound, a place
            -2.439,  # sound, a matter
            -0.938,  # sound, best of all
            4.976,  # meaning
            2.126,  # meaning beyond a half
            1.014,  # meaning, best of all
            -2.01,  # meaning, behind the best
            -13.152,  # sound and meaning
            -3.059,  # key of the menu
            5.914,  # evidence for
            -2.751,  # evidence against
            0.0,  # evidence for, a weak phrase
        ),
        none=(
            4.246,  # constant
            4.777,  # small talk
            3.362,  # small talk beyond a half
            -3.707,  # length
            0.395,  # two characters or fewer
        ),
    ),
    sure=0.99,
    ask=0.7,
    which=0.1,
)

BY_SOUND = Calibration(
    Coefficients(
        targets=(
            4.877,  # sound
            -9.726,  # sound squared
            1.644,  # sound exact
            3.338,  # sound exact, the whole utterance
            -0.433,  # written as known, the whole utterance
            1.782,  # sound, share of the utterance
            14.489,  # sound, length of the phrase
            -7.418,  # sound, a weak phrase
            -5.595,  # sound, a weak phrase, share of the utterance
            7.035,  # sound, a place
            -2.07,  # sound, a matter
            -0.225,  # sound, best of all
            0.0,  # meaning
            0.0,  # meaning beyond a half
            0.0,  # meaning, best of all
            0.0,  # meaning, behind the best
            0.0,  # sound and meaning
            -3.006,  # key of the menu
            4.023,  # evidence for
            -1.982,  # evidence against
            0.0,  # evidence for, a weak phrase
        ),
        none=(
            3.814,  # constant
            0.0,  # small talk
            0.0,  # small talk beyond a half
            -2.083,  # length
            1.409,  # two characters or fewer
        ),
    ),
    sure=0.99,
    ask=0.7,
    which=0.1,
)

CRY_WITH_MEANING = CryCalibration(
    coefficients=(
        -0.824,  # constant
        -0.886,  # meaning
        -1.731,  # meaning beyond a half
        7.325,  # meaning, ahead of every line
        -2.464,  # small talk
        -1.299,  # sound
        0.163,  # sound beyond 0.8
        16.954,  # sound, share of the utterance
        0.074,  # evidence for
        -0.743,  # evidence against
        4.733,  # evidence for the cry within
        -0.501,  # length
    ),
    ask=0.8,
    cried=4.0,
)

CRY_BY_SOUND = CryCalibration(
    coefficients=(
        -2.454,  # constant
        0.0,  # meaning
        0.0,  # meaning beyond a half
        0.0,  # meaning, ahead of every line
        0.0,  # small talk
        -2.428,  # sound
        1.346,  # sound beyond 0.8
        20.478,  # sound, share of the utterance
        0.079,  # evidence for
        -1.374,  # evidence against
        5.468,  # evidence for the cry within
        -0.301,  # length
    ),
    ask=0.995,
    cried=-5.0,
)
