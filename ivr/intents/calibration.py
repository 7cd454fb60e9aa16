"""The weights of sound, meaning and evidence, and the thresholds of likelihood.

Made by ``python -m trials.bench.speech.calibration --write`` from readings of the tuning set; not to be edited by
hand.
"""

from ivr.intents.cry import CryCalibration
from ivr.intents.likelihood import Calibration, Coefficients

WITH_MEANING = Calibration(
    Coefficients(
        targets=(
            4.79,  # sound
            -3.201,  # sound squared
            0.097,  # sound exact
            -0.487,  # sound exact, the whole utterance
            -0.622,  # written as known, the whole utterance
            2.288,  # sound, share of the utterance
            6.228,  # sound, length of the phrase
            -3.154,  # sound, a weak phrase
            1.957,  # sound, a weak phrase, share of the utterance
            -0.496,  # sound, a place
            -0.744,  # sound, a matter
            0.21,  # sound, best of all
            -0.175,  # meaning
            0.622,  # meaning beyond a half
            0.535,  # meaning, best of all
            -1.798,  # meaning, behind the best
            -2.129,  # sound and meaning
            4.177,  # owned
            -0.272,  # key of the menu
            -5.958,  # evidence for
            -1.705,  # evidence against
            0.0,  # evidence for, a weak phrase
        ),
        none=(
            3.322,  # constant
            2.041,  # small talk
            -2.518,  # small talk beyond a half
            2.25,  # owned by small talk
            -0.048,  # owned by emergencies
            -2.785,  # length
            -0.166,  # two characters or fewer
            0.279,  # an unsure reading
            0.282,  # a very unsure reading
        ),
    ),
    sure=0.97,
    ask=0.6,
    which=0.1,
)

BY_SOUND = Calibration(
    Coefficients(
        targets=(
            4.221,  # sound
            -2.227,  # sound squared
            0.638,  # sound exact
            -1.004,  # sound exact, the whole utterance
            -0.551,  # written as known, the whole utterance
            2.266,  # sound, share of the utterance
            7.064,  # sound, length of the phrase
            -4.832,  # sound, a weak phrase
            2.057,  # sound, a weak phrase, share of the utterance
            1.175,  # sound, a place
            -1.355,  # sound, a matter
            0.857,  # sound, best of all
            0.0,  # meaning
            0.0,  # meaning beyond a half
            0.0,  # meaning, best of all
            0.0,  # meaning, behind the best
            0.0,  # sound and meaning
            0.0,  # owned
            -1.192,  # key of the menu
            -6.856,  # evidence for
            -1.138,  # evidence against
            0.0,  # evidence for, a weak phrase
        ),
        none=(
            3.169,  # constant
            0.0,  # small talk
            0.0,  # small talk beyond a half
            0.0,  # owned by small talk
            0.0,  # owned by emergencies
            -1.617,  # length
            0.525,  # two characters or fewer
            0.94,  # an unsure reading
            0.233,  # a very unsure reading
        ),
    ),
    sure=0.96,
    ask=0.6,
    which=0.1,
)

CRY_WITH_MEANING = CryCalibration(
    coefficients=(
        -1.894,  # constant
        -0.267,  # meaning
        -0.73,  # meaning beyond a half
        3.425,  # meaning, ahead of every line
        -1.762,  # small talk
        2.743,  # owned
        -2.111,  # owned by others
        -1.937,  # sound
        -0.438,  # sound beyond 0.8
        20.859,  # sound, share of the utterance
        0.211,  # evidence for
        -0.724,  # evidence against
        2.278,  # evidence for the cry within
        1.612,  # length
        0.185,  # an unsure reading
    ),
    ask=0.8,
    cried=4.0,
)

CRY_BY_SOUND = CryCalibration(
    coefficients=(
        -2.96,  # constant
        0.0,  # meaning
        0.0,  # meaning beyond a half
        0.0,  # meaning, ahead of every line
        0.0,  # small talk
        0.0,  # owned
        0.0,  # owned by others
        -2.592,  # sound
        0.631,  # sound beyond 0.8
        29.502,  # sound, share of the utterance
        0.144,  # evidence for
        -0.903,  # evidence against
        2.695,  # evidence for the cry within
        1.666,  # length
        -0.293,  # an unsure reading
    ),
    ask=0.9,
    cried=-1.0,
)
