"""The moment of a call at which a caller speaks, so that no two utterances are decided at the same time. Pure."""

from dataclasses import dataclass
from enum import StrEnum

_STEP = 0.1  # seconds between two beginnings that are tried
_BEFORE, _AFTER = 0.1, 0.8  # seconds around an utterance's end in which its recogniser decides


class Moment(StrEnum):
    """The moment of a call at which the caller speaks."""

    OPENING = "in the opening"
    BETWEEN = "between opening and menu"
    MENU = "in the menu's prompt"
    SILENCE = "in the silence behind it"
    SECOND = "in the menu's prompt, repeated at once"
    LATE = "after the menu was said twice"
    QUESTION = "to a question"


MOMENTS = tuple(moment for moment in Moment if moment is not Moment.QUESTION)
EARLY = (Moment.OPENING, Moment.BETWEEN)


@dataclass(slots=True)
class Timeline:
    """The seconds in which utterances of other callers are decided; all seconds are of one clock."""

    _reserved: list[tuple[float, float]]

    def __init__(self) -> None:
        """Begin without a reservation."""
        self._reserved = []

    def reserve(self, preferred: float, earliest: float, latest: float, length: float) -> tuple[float, bool]:
        """Choose the moment nearest to ``preferred`` at which an utterance can end undisturbed.

        Args:
            preferred: the best beginning.
            earliest, latest: the limits of the beginning.
            length: the seconds of the utterance.

        Returns:
            The beginning, and whether no other utterance is being decided at its end.
        """
        tries = [preferred]
        for step in range(1, int((latest - earliest) / _STEP) + 2):
            tries += [preferred + step * _STEP, preferred - step * _STEP]
        possible = [moment for moment in tries if earliest <= moment <= latest] or [preferred]
        begin = next((moment for moment in possible if self._is_free(moment + length)), possible[0])
        free = self._is_free(begin + length)
        self._reserved = [reserved for reserved in self._reserved if reserved[1] > begin - 60]
        self._reserved.append((begin + length - _BEFORE, begin + length + _AFTER))
        return begin, free

    def _is_free(self, end: float) -> bool:
        return all(end + _AFTER <= start or end - _BEFORE >= stop for start, stop in self._reserved)
