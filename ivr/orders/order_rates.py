"""The four rates of 郴政办发〔2021〕22号, 二(二)8: 诉求响应率, 按时办结率, 问题解决率, 群众满意率. Pure.

Each figure names its work orders, so that a reader can check the percentage.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderState
from ivr.orders.order import Order
from ivr.orders.order_clock import is_overdue, was_accepted_late

_SATISFIED = 3  # the grades 1 to 3 of 好差评: very satisfied, satisfied, fairly satisfied


class OrderRate(StrEnum):
    """The four rates."""

    RESPONDED = "responded"  # 诉求响应率: the unit accepted, returned or answered in time
    ON_TIME = "on-time"  # 按时办结率: the unit answered by the due day
    SOLVED = "solved"  # 问题解决率: the citizen says that the matter is solved
    SATISFIED = "satisfied"  # 群众满意率: the citizen gives one of the three better grades


class Grouping(StrEnum):
    """The grouping of a report's rows."""

    UNIT = "unit"
    CLASS = "class"
    COUNTY = "county"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedOrder:
    """The fields of a work order that the rates read, because a month has too many work orders to read them whole."""

    order: str
    state: OrderState
    unit: str = ""
    klass: str = ""
    county: str = ""
    dispatched_at: datetime | None = None
    days: int = 0
    extended: int = 0
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    solved: bool | None = None
    satisfaction: int | None = None


def rated_part(order: Order) -> RatedOrder:
    """Return the part of a work order that the rates read."""
    return RatedOrder(**{column.name: getattr(order, column.name) for column in fields(RatedOrder)})


@dataclass(frozen=True, slots=True)
class RateFigure:
    """One rate of some work orders."""

    met: tuple[str, ...]  # the numbers of the work orders that meet it
    missed: tuple[str, ...]  # numbers of the work orders that do not meet it

    @property
    def share(self) -> float | None:
        """Return the rate from 0 to 1; None if no work order counts."""
        counted = len(self.met) + len(self.missed)
        return len(self.met) / counted if counted else None


@dataclass(frozen=True, slots=True)
class RateRow:
    """The rates of one unit, class or county; the row of all has the name ""."""

    name: str
    dispatched: tuple[str, ...]
    figures: Mapping[OrderRate, RateFigure]


_ALL = ""


@dataclass(slots=True)
class _Judged:
    """The numbers of a row's work orders, and of the work orders that meet or miss each rate."""

    dispatched: list[str] = field(default_factory=list)
    verdicts: dict[tuple[OrderRate, bool], list[str]] = field(default_factory=lambda: defaultdict(list))


def rate_rows(orders: Iterable[RatedOrder], directory: OrderDirectory, by: Grouping, now: datetime) -> list[RateRow]:
    """Return a row for each name, sorted, and last the row of all.

    Args:
        orders: the work orders dispatched in the report's time. Each is judged by its present state and last round.
        directory: for the deadlines.
        by: the grouping of the rows.
        now: aware; a work order whose deadline is still running does not count yet.
    """
    rows: dict[str, _Judged] = defaultdict(_Judged)
    for order in orders:
        verdicts = [(rate, judge(order, directory, now)) for rate, judge in _VERDICTS.items()]
        for row in (rows[_NAMES[by](order) or "—"], rows[_ALL]):
            row.dispatched.append(order.order)
            for rate, verdict in verdicts:
                if verdict is not None:
                    row.verdicts[rate, verdict].append(order.order)
    return [_row(name, rows[name]) for name in (*sorted(rows.keys() - {_ALL}), _ALL)]


def _row(name: str, judged: _Judged) -> RateRow:
    figures = {rate: RateFigure(*(tuple(judged.verdicts[rate, met]) for met in (True, False))) for rate in OrderRate}
    return RateRow(name, tuple(judged.dispatched), figures)


def _responded(order: RatedOrder, directory: OrderDirectory, now: datetime) -> bool | None:
    if was_accepted_late(order, directory, now):
        return False
    return True if order.accepted_at else None


def _on_time(order: RatedOrder, directory: OrderDirectory, now: datetime) -> bool | None:
    if order.dispatched_at is None:
        return None
    if is_overdue(order, directory, now):
        return False
    return True if order.answered_at else None


def _solved(order: RatedOrder, _directory: OrderDirectory, _now: datetime) -> bool | None:
    return order.solved


def _satisfied(order: RatedOrder, _directory: OrderDirectory, _now: datetime) -> bool | None:
    return None if order.satisfaction is None else order.satisfaction <= _SATISFIED


_VERDICTS: Mapping[OrderRate, Callable[[RatedOrder, OrderDirectory, datetime], bool | None]] = {
    OrderRate.RESPONDED: _responded,
    OrderRate.ON_TIME: _on_time,
    OrderRate.SOLVED: _solved,
    OrderRate.SATISFIED: _satisfied,
}
_NAMES: Mapping[Grouping, Callable[[RatedOrder], str]] = {
    Grouping.UNIT: lambda order: order.unit,
    Grouping.CLASS: lambda order: order.klass,
    Grouping.COUNTY: lambda order: order.county,
}
