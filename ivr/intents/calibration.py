"""What sound, meaning and evidence weigh, and from which likelihood on something is done.

Made by ``python -m trials.bench.speech.calibration --write`` from 415 readings of the tuning set; not to be
edited by hand.
"""

from ivr.intents.cry import CryCalibration
from ivr.intents.likelihood import Calibration, Coefficients

WITH_MEANING = Calibration(
    Coefficients(
        targets=(
            5.593,  # sound
            -9.29,  # sound squared
            1.479,  # sound exact
            1.151,  # sound exact, the whole utterance
            -1.052,  # written as known, the whole utterance
            3.796,  # sound, share of the utterance
            16.676,  # sound, length of the phrase
            -11.065,  # sound, a weak phrase
            7.618,  # sound, a weak phrase, share of the utterance
            3.479,  # sound, a place
            -3.071,  # sound, a matter
            0.203,  # sound, best of all
            3.228,  # meaning
            4.827,  # meaning beyond a half
            0.493,  # meaning, best of all
            -2.283,  # meaning, behind the best
            -10.432,  # sound and meaning
            -0.232,  # key of the menu
            45.373,  # evidence for
            -4.874,  # evidence against
            -35.784,  # evidence for, a weak phrase
        ),
        none=(
            4.878,  # constant
            5.743,  # small talk
            2.231,  # small talk beyond a half
            -8.188,  # length
            -1.588,  # two characters or fewer
        ),
    ),
    sure=0.96,
    ask=0.5,
    which=0.15,
)

BY_SOUND = Calibration(
    Coefficients(
        targets=(
            2.138,  # sound
            -9.774,  # sound squared
            1.878,  # sound exact
            1.001,  # sound exact, the whole utterance
            -1.64,  # written as known, the whole utterance
            3.04,  # sound, share of the utterance
            17.435,  # sound, length of the phrase
            -9.419,  # sound, a weak phrase
            6.235,  # sound, a weak phrase, share of the utterance
            2.061,  # sound, a place
            -2.594,  # sound, a matter
            0.086,  # sound, best of all
            0.0,  # meaning
            0.0,  # meaning beyond a half
            0.0,  # meaning, best of all
            0.0,  # meaning, behind the best
            0.0,  # sound and meaning
            -0.028,  # key of the menu
            31.795,  # evidence for
            -2.344,  # evidence against
            -29.064,  # evidence for, a weak phrase
        ),
        none=(
            5.012,  # constant
            0.0,  # small talk
            0.0,  # small talk beyond a half
            -5.38,  # length
            -0.413,  # two characters or fewer
        ),
    ),
    sure=0.92,
    ask=0.5,
    which=0.3,
)

CRY_WITH_MEANING = CryCalibration(
    coefficients=(
        -1.203,  # constant
        -0.146,  # meaning
        0.531,  # meaning beyond a half
        4.965,  # meaning, ahead of every line
        -2.508,  # small talk
        -1.99,  # sound
        4.172,  # sound beyond 0.8
        13.035,  # sound, share of the utterance
        0.704,  # evidence for
        -11.069,  # evidence against
        -0.822,  # length
    ),
    ask=0.696,
)

CRY_BY_SOUND = CryCalibration(
    coefficients=(
        -2.509,  # constant
        0.0,  # meaning
        0.0,  # meaning beyond a half
        0.0,  # meaning, ahead of every line
        0.0,  # small talk
        -3.306,  # sound
        4.658,  # sound beyond 0.8
        24.453,  # sound, share of the utterance
        3.928,  # evidence for
        -14.838,  # evidence against
        -1.399,  # length
    ),
    ask=0.661,
)
