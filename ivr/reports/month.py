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
        parts = _MONTH.fullmatch(text)
        if parts is None:
            raise ValueError(text)
        month = cls(int(parts[1]), int(parts[2]))
        assert month.days  # ValueError if the calendar has no such month
        return month

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """Return the city's month at ``moment``, which is aware."""
        local = city_time(moment)
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
        first_day, next_month = self.begin.date(), self.end.date()
        return tuple(first_day + timedelta(days=day) for day in range((next_month - first_day).days))

    def __contains__(self, moment: datetime) -> bool:
        """Return whether ``moment``, which is aware, is in the month."""
        return self.begin <= moment < self.end

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"
