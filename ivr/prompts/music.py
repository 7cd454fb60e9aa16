"""The music on hold: a short piece for plucked strings, written for this project and computed from its score.

A pentatonic melody in F sharp over slow broken chords, like a guzheng (古筝) heard from the next room. Every note is a
plucked string with many partials, and each chord overlaps the next. The music must not have a steady sine line, because
the tests recognise the parties of a call by such lines.
"""

from functools import cache

import numpy as np

from ivr.prompts.loudness import Samples

RATE = 16_000
MUSIC_LEVEL = -26.0  # LUFS
_BEAT = 60 / 66  # seconds
_BEATS_IN_BAR = 4
_RING = 3.0  # seconds that a string sounds on
_PARTIALS = 9
_KEYNOTE = 185.0  # Hz; in F sharp no string is tuned to 440, 660 or 880 Hz, the usual test tones

# Semitones above the keynote of the pentatonic scale (宫商角徵羽 and their octaves).
_SCALE = (0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24)

# One bar a line: the chord's notes, low to high, and the melody as (scale step, beats).
_THEME = (
    ((-12, 0, 4, 7), ((7, 1), (6, 0.5), (5, 0.5), (6, 1), (8, 1))),
    ((-15, -3, 0, 4), ((7, 1), (5, 1), (4, 1.5), (5, 0.5))),
    ((-10, 2, 9, 14), ((6, 1), (7, 0.5), (6, 0.5), (4, 1), (3, 1))),
    ((-17, -5, 2, 7), ((4, 1), (5, 0.5), (6, 0.5), (6, 2))),
)
_ANSWER = (
    ((-12, 0, 4, 9), ((8, 1), (9, 0.5), (8, 0.5), (7, 1), (6, 1))),
    ((-8, 4, 7, 12), ((7, 1.5), (6, 0.5), (5, 1), (4, 1))),
    ((-10, 2, 7, 9), ((3, 1), (4, 0.5), (5, 0.5), (6, 1), (4, 1))),
    ((-12, 0, 7, 12), ((5, 2), (3, 1), (5, 1))),
)
_CLOSE = (
    ((-15, -3, 4, 9), ((9, 1), (8, 0.5), (7, 0.5), (8, 1), (6, 1))),
    ((-10, 2, 9, 12), ((7, 1), (6, 0.5), (5, 0.5), (4, 2))),
    ((-17, -5, 2, 9), ((6, 0.5), (5, 0.5), (4, 0.5), (3, 0.5), (4, 1), (6, 1))),
    ((-12, 0, 4, 7), ((5, 4),)),
)
_SCORE = (*_THEME, *_ANSWER, *_THEME, *_CLOSE, *_ANSWER, *_CLOSE[2:])


def compose() -> Samples:
    """Return the whole piece, mono at `RATE`; its end rings into its beginning, so that it loops."""
    bar = _BEAT * _BEATS_IN_BAR
    length = int(len(_SCORE) * bar * RATE)
    piece = np.zeros(length, dtype=np.float32)
    for number, (chord, melody) in enumerate(_SCORE):
        start = number * bar
        for turn in range(8):  # the chord, broken into quavers: up, and down again
            note = chord[(0, 1, 2, 3, 2, 1, 3, 2)[turn]]
            _add(piece, start + turn * _BEAT / 2, _string(note, 0.35 if turn else 0.6))
        note_start = start
        for step, beats in melody:
            _add(piece, note_start, _string(_SCALE[step] + 12, 0.45))
            _add(piece, note_start, _string(_SCALE[step], 0.3))
            note_start += beats * _BEAT
    return piece


@cache  # the piece plays each of its strings many times
def _string(semitones: int, strength: float) -> Samples:
    """Return one plucked string: partials that fade the faster the higher they are, slightly out of tune."""
    time = np.arange(int(_RING * RATE)) / RATE
    pitch = _KEYNOTE * 2 ** (semitones / 12)
    wave = np.zeros_like(time)
    for partial in range(1, _PARTIALS + 1):
        frequency = pitch * partial * np.sqrt(1 + 0.0004 * partial**2)  # a stiff string's partials lie high
        if frequency > RATE * 0.45:
            break
        plucked = np.sin(np.pi * partial * 0.23) / partial  # at a quarter of the string's length
        fading = plucked * np.exp(-time * (1.1 + 0.5 * partial))
        for detuned in (0.9985, 1.0015):  # two strings to a note beat against each other
            wave += fading * np.sin(2 * np.pi * frequency * detuned * time)
    attack = np.minimum(1.0, time / 0.006)
    release = np.minimum(1.0, (_RING - time) / 0.3)
    return np.asarray(strength * wave * attack * release, dtype=np.float32)


def _add(piece: Samples, start: float, sound: Samples) -> None:
    """Mix ``sound`` into ``piece`` from second ``start``; a part beyond the end continues at the beginning."""
    places = (int(start * RATE) + np.arange(len(sound))) % len(piece)
    piece[places] += sound
