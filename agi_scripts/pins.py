"""PINs of the seats: their comparison, and a pause after wrong PINs."""

import hmac
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum, auto

TRIES = 3
PAUSE = timedelta(minutes=5)


class PinVerdict(Enum):
    """Result of comparing a PIN."""

    RIGHT = auto()
    WRONG = auto()
    PAUSED = auto()  # too many wrong PINs within the last minutes: this PIN was not compared


class WrongPinCounter:
    """Recent wrong PINs: after three for a seat, or from a phone, both are paused for five minutes."""

    def __init__(self) -> None:
        """Start without wrong PINs."""
        self._wrong: dict[str, list[datetime]] = defaultdict(list)

    async def too_many(self, seat: str, phone: str, now: datetime) -> bool:
        """Return whether the seat's PIN, or PINs from the phone, were wrong too often in the last minutes."""
        return any([await self.recent(key, now) >= TRIES for key in _keys(seat, phone)])

    async def check(self, seat: str, phone: str, pin: str, *, seat_pin: str, now: datetime) -> PinVerdict:
        """Compare a PIN with the seat's in constant time; an empty PIN never matches."""
        if await self.too_many(seat, phone, now):
            return PinVerdict.PAUSED
        if seat_pin and hmac.compare_digest(seat_pin.encode(), pin.encode()):
            await self.forget(_keys(seat, phone))
            return PinVerdict.RIGHT
        await self.note(_keys(seat, phone), now)
        return PinVerdict.WRONG

    async def recent(self, key: str, now: datetime) -> int:
        """Count the recent wrong PINs, and forget older PINs, so that they do not fill the memory."""
        recent = [at for at in self._wrong.pop(key, ()) if now - at < PAUSE]
        if recent:
            self._wrong[key] = recent
        return len(recent)

    async def note(self, keys: Iterable[str], now: datetime) -> None:
        """Remember a wrong PIN."""
        for key in keys:
            self._wrong[key].append(now)

    async def forget(self, keys: Iterable[str]) -> None:
        """Forget wrong PINs, because the right PIN came."""
        for key in keys:
            self._wrong.pop(key, None)


def _keys(seat: str, phone: str) -> tuple[str, str]:
    return f"seat {seat}", f"phone {phone}"
