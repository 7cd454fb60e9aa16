"""The likeliest text if the recogniser's reading and the evidence of the sound differ."""

from dataclasses import replace

from ivr.asterisk.agi.speech import RecognizedSpeech

_SPEAKS_FOR = -4.0
"""Nats of evidence from which the phrase was said and read wrongly."""

_DOUBTFUL = -1.0  # nats below which the phrase is only possible
_POSSIBLE = 0.05  # score of an answer that is only possible


def likeliest(said: RecognizedSpeech) -> RecognizedSpeech:
    """Return ``said`` with the phrase in place of the reading if the sound speaks for the phrase."""
    if not said.phrase or said.evidence < _SPEAKS_FOR:
        return said
    score = min(said.score, _POSSIBLE) if said.evidence < _DOUBTFUL else said.score
    return replace(said, text=said.phrase, score=score)
