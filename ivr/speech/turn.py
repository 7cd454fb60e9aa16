"""Finds the beginning and the end of an utterance from level and speech likelihood of each chunk of 32 ms. Pure."""

from collections import deque
from enum import Enum, auto

CHUNK = 0.032  # seconds

_SPEECH, _PAUSE = 0.5, 0.35  # likelihoods: above the first a chunk is speech, below the second it is a pause
_BEGINS = 2  # chunks of speech that begin an utterance
_LOOK = 3  # chunks of pause after which the utterance so far is read
_QUICK = 10  # chunks of pause that end an utterance whose words are complete
_SLOW = 11  # chunks of pause that end any utterance
_LONGEST = 250  # chunks, 8 s: the words of a menu never take so long
_BEHIND = 15.0  # dB below the loudest chunks of the utterance; fainter speech is a television or an office
_SYLLABLE = 6  # chunks of which the level is the mean, because the sounds of one syllable differ by 20 dB
_FAINT = -37.0  # dBov; fainter speech is not the caller's, but a television in the next room
_ABOVE = 3.0  # dB by which a caller who begins to speak is louder than the loudest fifth of the background
_HISTORY, _LEAST_HISTORY = 120, 15  # chunks of background that are kept; with fewer, a television may be the caller
_LOUD_FIFTH = 0.8
_UNKNOWN = 90  # chunks, 3 s, for which a television on a line that is not quiet may pause
_QUIET = -55.0  # dBov; the greatest level of a quiet line
_TALK, _LEAST_TALK = 600, 8  # chunks, 20 s, of others' speech that are kept; fewer than 8 say nothing
_LOUD_TENTH = 0.9
_SURE = -25.0  # dBov; louder speech is the caller's, even if the background is not known yet
_WITHIN = 6.0  # dB below the loudest chunks of the utterance; louder speech is the caller's, whatever the background


class TurnChange(Enum):
    """The change that a chunk causes."""

    BEGINS = auto()
    PAUSES = auto()  # read the utterance so far, then call `Turn.looked`
    GOES_ON = auto()  # drop that reading
    ENDS = auto()


class Background:
    """The sound of a line while its caller does not speak: a television, an office, a prompt that comes back."""

    def __init__(self) -> None:
        """Begin without any knowledge of the line."""
        self._powers: deque[float] = deque(maxlen=_HISTORY)
        self._talk: deque[float] = deque(maxlen=_TALK)  # levels of others' speech
        self._count = 0  # chunks

    def take(self, likelihood: float, power: float, level: float) -> None:
        """Note a chunk without the caller's speech, and its level over a syllable."""
        self._count += 1
        self._powers.append(power)
        if likelihood >= _PAUSE:
            self._talk.append(level)

    def above(self) -> float | None:
        """Return the least power of the caller's speech above this background.

        It is 0 after digital silence, and None as long as too little of the background is known.
        """
        if len(self._powers) < _LEAST_HISTORY:
            return None
        before = sorted(self._powers)[int(_LOUD_FIFTH * len(self._powers))]
        if self._count < _UNKNOWN and before > 10 ** (_QUIET / 10):
            return None
        talk = sorted(self._talk)[int(_LOUD_TENTH * len(self._talk))] if len(self._talk) >= _LEAST_TALK else 0.0
        return max(before, talk) * 10 ** (_ABOVE / 10)


class Turn:
    """One caller's turns to speak."""

    def __init__(self, background: Background | None = None) -> None:
        """Begin in silence; ``background`` is that of the caller's line at earlier questions."""
        self.background = background or Background()
        self.speaking = False
        self._complete = False
        self._run = self._pause = self._length = 0
        self._powers: deque[float] = deque(maxlen=_SYLLABLE)
        self._loudest = 0.0  # power of the utterance's loudest chunks

    def looked(self, *, complete: bool) -> None:
        """Note whether the words before the pause are complete."""
        self._complete = complete

    def feed(self, likelihood: float, power: float) -> TurnChange | None:
        """Take in one chunk: its likelihood to be speech, and the mean square of its samples."""
        if not self._is_near(likelihood, power):
            likelihood = 0.0
        if not self.speaking:
            self._run = self._run + 1 if likelihood >= _SPEECH else 0
            if self._run < _BEGINS:
                return None
            self.speaking, self._complete = True, False
            self._pause, self._length = 0, self._run
            return TurnChange.BEGINS
        self._length += 1
        paused = self._pause
        self._pause = paused + 1 if likelihood < (_PAUSE if not paused else _SPEECH) else 0
        if self._pause >= (_QUICK if self._complete else _SLOW) or self._length >= _LONGEST:
            self.speaking, self._run, self._loudest = False, 0, 0.0
            return TurnChange.ENDS
        if self._pause == _LOOK:
            return TurnChange.PAUSES
        if paused >= _LOOK and not self._pause:
            self._complete = False
            return TurnChange.GOES_ON
        return None

    def _is_near(self, likelihood: float, power: float) -> bool:
        """Tell whether the sound is loud enough to come from the caller's own mouth.

        The background counts during an utterance, too, because a television would prolong every utterance.
        """
        self._powers.append(power)
        level = sum(self._powers) / _SYLLABLE
        if self.speaking:
            self._loudest = max(self._loudest, level)
            within = self._loudest * 10 ** (-_WITHIN / 10)
            return level >= max(self._loudest * 10 ** (-_BEHIND / 10), min(self.background.above() or 0.0, within))
        above = self.background.above()
        is_near = level >= (10 ** (_SURE / 10) if above is None else max(10 ** (_FAINT / 10), above))
        self.background.take(likelihood, power, level)
        return is_near
