"""PINs of the seats: right or wrong, and a pause for who guesses."""

import hmac
from collections import defaultdict
from datetime import datetime, timedelta
from enum import Enum, auto

TRIES = 3
PAUSE = timedelta(minutes=5)


class Verdict(Enum):
    """What became of a PIN."""

    RIGHT = auto()
    WRONG = auto()
    PAUSED = auto()  # wrong too often: not even looked at


class Guesses:
    """Three wrong PINs for a seat, or from a phone, and neither may try again for five minutes."""

    def __init__(self) -> None:
        """Nobody has tried."""
        self._wrong: dict[str, list[datetime]] = defaultdict(list)

    def too_many(self, seat: str, phone: str, now: datetime) -> bool:
        """Say whether the seat's PIN, or any PIN from the phone, was wrong too often just now."""
        return any(len(self._recent(key, now)) >= TRIES for key in _keys(seat, phone))

    def check(self, seat: str, phone: str, pin: str, *, wanted: str, now: datetime) -> Verdict:
        """Hold a PIN against the one wanted; "" is right for nobody. Takes the same time however nearly it is right."""
        if self.too_many(seat, phone, now):
            return Verdict.PAUSED
        if wanted and hmac.compare_digest(wanted.encode(), pin.encode()):
            for key in _keys(seat, phone):
                self._wrong.pop(key, None)
            return Verdict.RIGHT
        for key in _keys(seat, phone):
            self._wrong[key].append(now)
        return Verdict.WRONG

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        """Forget what is long ago, so that nobody fills the memory."""
        recent = [at for at in self._wrong.pop(key, ()) if now - at < PAUSE]
        if recent:
            self._wrong[key] = recent
        return recent


def _keys(seat: str, phone: str) -> tuple[str, str]:
    return f"seat {seat}", f"phone {phone}"
