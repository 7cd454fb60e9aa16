"""Chooses the likeliest text if the recogniser's reading and the evidence of the sound differ."""

from dataclasses import replace

from ivr.asterisk.agi.speech import RecognizedSpeech

_SPEAKS_FOR = -4.0
"""Nats of evidence from which the phrase was said and read wrongly."""

_DOUBTFUL = -1.0  # nats below which the phrase is only possible
_POSSIBLE = 0.05  # score of an answer that is only possible


def likeliest(speech: RecognizedSpeech) -> RecognizedSpeech:
    """Return ``speech`` with the phrase in place of the reading if the sound speaks for the phrase."""
    if not speech.phrase or speech.evidence < _SPEAKS_FOR:
        return speech
    score = min(speech.score, _POSSIBLE) if speech.evidence < _DOUBTFUL else speech.score
    return replace(speech, text=speech.phrase, score=score)
