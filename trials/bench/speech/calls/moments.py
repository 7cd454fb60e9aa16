"""When in a call a caller speaks, so that no two utterances are decided at the same time. Pure."""

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
    """Which seconds are taken by decisions of other callers; seconds of any one clock."""

    _taken: list[tuple[float, float]]

    def __init__(self) -> None:
        """Begin with nothing taken."""
        self._taken = []

    def reserve(self, wanted: float, earliest: float, latest: float, length: float) -> tuple[float, bool]:
        """Choose the moment nearest to ``wanted`` at which an utterance can end undisturbed.

        Args:
            wanted: when it had best begin.
            earliest, latest: between which moments it may begin.
            length: of the utterance.

        Returns:
            When it begins, and whether nobody else's is being decided then.
        """
        tries = [wanted]
        for step in range(1, int((latest - earliest) / _STEP) + 2):
            tries += [wanted + step * _STEP, wanted - step * _STEP]
        possible = [moment for moment in tries if earliest <= moment <= latest] or [wanted]
        begin = next((moment for moment in possible if self._is_free(moment + length)), possible[0])
        free = self._is_free(begin + length)
        self._taken = [taken for taken in self._taken if taken[1] > begin - 60]
        self._taken.append((begin + length - _BEFORE, begin + length + _AFTER))
        return begin, free

    def _is_free(self, end: float) -> bool:
        return all(end + _AFTER <= start or end - _BEFORE >= stop for start, stop in self._taken)
