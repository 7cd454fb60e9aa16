"""The weights of sound, meaning and evidence, and the thresholds of likelihood.

Made by ``python -m trials.bench.speech.calibration --write`` from readings of the tuning set; not to be edited by
hand.
"""

from ivr.intents.cry import CryCalibration
from ivr.intents.likelihood import Calibration, Coefficients

WITH_MEANING = Calibration(
    Coefficients(
        targets=(
            4.357,  # sound
            -4.319,  # sound squared
            0.924,  # sound exact
            3.015,  # sound exact, the whole utterance
            -1.087,  # written as known, the whole utterance
            2.107,  # sound, share of the utterance
            14.891,  # sound, length of the phrase
            -4.839,  # sound, a weak phrase
            -0.197,  # sound, a weak phrase, share of the utterance
            1.336,  # sound, a place
            -2.095,  # sound, a matter
            -1.92,  # sound, best of all
            1.278,  # meaning
            0.457,  # meaning beyond a half
            0.551,  # meaning, best of all
            -1.142,  # meaning, behind the best
            -7.269,  # sound and meaning
            5.201,  # owned
            0.069,  # key of the menu
            -8.327,  # evidence for
            -2.616,  # evidence against
            0.0,  # evidence for, a weak phrase
        ),
        none=(
            3.754,  # constant
            5.297,  # small talk
            -0.42,  # small talk beyond a half
            1.263,  # owned by small talk
            -0.219,  # owned by emergencies
            -4.164,  # length
            -0.368,  # two characters or fewer
        ),
    ),
    sure=0.98,
    ask=0.65,
    which=0.2,
)

BY_SOUND = Calibration(
    Coefficients(
        targets=(
            6.074,  # sound
            -7.198,  # sound squared
            1.016,  # sound exact
            2.35,  # sound exact, the whole utterance
            -1.062,  # written as known, the whole utterance
            1.991,  # sound, share of the utterance
            13.162,  # sound, length of the phrase
            -5.555,  # sound, a weak phrase
            -0.968,  # sound, a weak phrase, share of the utterance
            2.216,  # sound, a place
            -2.571,  # sound, a matter
            -0.857,  # sound, best of all
            0.0,  # meaning
            0.0,  # meaning beyond a half
            0.0,  # meaning, best of all
            0.0,  # meaning, behind the best
            0.0,  # sound and meaning
            0.0,  # owned
            -1.199,  # key of the menu
            -9.279,  # evidence for
            -2.171,  # evidence against
            0.0,  # evidence for, a weak phrase
        ),
        none=(
            4.897,  # constant
            0.0,  # small talk
            0.0,  # small talk beyond a half
            0.0,  # owned by small talk
            0.0,  # owned by emergencies
            -3.527,  # length
            0.347,  # two characters or fewer
        ),
    ),
    sure=0.96,
    ask=0.75,
    which=0.1,
)

CRY_WITH_MEANING = CryCalibration(
    coefficients=(
        -1.285,  # constant
        -1.212,  # meaning
        -2.03,  # meaning beyond a half
        4.606,  # meaning, ahead of every line
        -1.569,  # small talk
        3.352,  # owned
        -1.715,  # owned by others
        -1.429,  # sound
        0.21,  # sound beyond 0.8
        17.7,  # sound, share of the utterance
        0.162,  # evidence for
        -2.394,  # evidence against
        2.487,  # evidence for the cry within
        -0.551,  # length
    ),
    ask=0.8,
    cried=4.0,
)

CRY_BY_SOUND = CryCalibration(
    coefficients=(
        -2.839,  # constant
        0.0,  # meaning
        0.0,  # meaning beyond a half
        0.0,  # meaning, ahead of every line
        0.0,  # small talk
        0.0,  # owned
        0.0,  # owned by others
        -2.587,  # sound
        1.305,  # sound beyond 0.8
        24.679,  # sound, share of the utterance
        0.19,  # evidence for
        -2.616,  # evidence against
        3.347,  # evidence for the cry within
        0.375,  # length
    ),
    ask=0.8,
    cried=4.0,
)
