"""A month on the city's clock."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from ivr.routing.calendar import CITY_TIME, city_time

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """The time from the first midnight of the month up to the first midnight of the next month, in Asia/Shanghai."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse ``2026-11``.

        Raises:
            ValueError: It is no month.
        """
        found = _MONTH.fullmatch(text)
        if found is None:
            raise ValueError(text)
        month = cls(int(found[1]), int(found[2]))
        assert month.days  # ValueError if the calendar has no such month
        return month

    @classmethod
    def of(cls, at: datetime) -> Self:
        """Return the city's month at ``at``, which is aware."""
        local = city_time(at)
        return cls(local.year, local.month)

    @property
    def begin(self) -> datetime:
        """The first moment, aware."""
        return datetime(self.year, self.month, 1, tzinfo=CITY_TIME)

    @property
    def end(self) -> datetime:
        """The first moment after the month, aware."""
        return datetime(self.year + self.month // 12, self.month % 12 + 1, 1, tzinfo=CITY_TIME)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the month."""
        first, after = self.begin.date(), self.end.date()
        return tuple(first + timedelta(days=day) for day in range((after - first).days))

    def __contains__(self, at: datetime) -> bool:
        """Return whether ``at``, which is aware, is in the month."""
        return self.begin <= at < self.end

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
