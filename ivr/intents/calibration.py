"""The weights of sound, meaning and evidence, and the thresholds of likelihood.

Made by ``python -m trials.bench.speech.calibration --write`` from readings of the tuning set; not to be edited by
hand.
"""

from ivr.intents.cry import CryCalibration
from ivr.intents.likelihood import Calibration, Coefficients

WITH_MEANING = Calibration(
    Coefficients(
        targets=(
            8.502,  # sound
            -7.214,  # sound squared
            1.021,  # sound exact
            3.255,  # sound exact, the whole utterance
            -0.919,  # written as known, the whole utterance
            0.426,  # sound, share of the utterance
            13.057,  # sound, length of the phrase
            -6.951,  # sound, a weak phrase
            4.386,  # sound, a weak phrase, share of the utterance
            -1.413,  # sound, a place
            -3.267,  # sound, a matter
            0.541,  # sound, best of all
            2.562,  # meaning
            3.28,  # meaning beyond a half
            1.589,  # meaning, best of all
            -0.902,  # meaning, behind the best
            -7.571,  # sound and meaning
            -1.063,  # key of the menu
            5.991,  # evidence for
            -2.041,  # evidence against
            0.0,  # evidence for, a weak phrase
        ),
        none=(
            3.993,  # constant
            6.018,  # small talk
            0.015,  # small talk beyond a half
            -5.537,  # length
            -0.035,  # two characters or fewer
        ),
    ),
    sure=0.96,
    ask=0.6,
    which=0.1,
)

BY_SOUND = Calibration(
    Coefficients(
        targets=(
            3.738,  # sound
            -8.89,  # sound squared
            1.935,  # sound exact
            3.077,  # sound exact, the whole utterance
            -1.36,  # written as known, the whole utterance
            2.196,  # sound, share of the utterance
            16.216,  # sound, length of the phrase
            -6.329,  # sound, a weak phrase
            4.287,  # sound, a weak phrase, share of the utterance
            -1.179,  # sound, a place
            -2.332,  # sound, a matter
            0.478,  # sound, best of all
            0.0,  # meaning
            0.0,  # meaning beyond a half
            0.0,  # meaning, best of all
            0.0,  # meaning, behind the best
            0.0,  # sound and meaning
            -1.129,  # key of the menu
            4.07,  # evidence for
            -1.286,  # evidence against
            0.0,  # evidence for, a weak phrase
        ),
        none=(
            4.367,  # constant
            0.0,  # small talk
            0.0,  # small talk beyond a half
            -3.762,  # length
            1.142,  # two characters or fewer
        ),
    ),
    sure=0.94,
    ask=0.7,
    which=0.1,
)

CRY_WITH_MEANING = CryCalibration(
    coefficients=(
        -1.176,  # constant
        -2.301,  # meaning
        2.307,  # meaning beyond a half
        6.279,  # meaning, ahead of every line
        -2.1,  # small talk
        -1.645,  # sound
        0.775,  # sound beyond 0.8
        19.719,  # sound, share of the utterance
        0.0,  # evidence for
        -1.53,  # evidence against
        5.821,  # evidence for the cry within
        -0.86,  # length
    ),
    ask=0.656,
)

CRY_BY_SOUND = CryCalibration(
    coefficients=(
        -2.55,  # constant
        0.0,  # meaning
        0.0,  # meaning beyond a half
        0.0,  # meaning, ahead of every line
        0.0,  # small talk
        -3.184,  # sound
        2.297,  # sound beyond 0.8
        23.877,  # sound, share of the utterance
        0.0,  # evidence for
        -1.449,  # evidence against
        7.844,  # evidence for the cry within
        -1.94,  # length
    ),
    ask=0.606,
)
