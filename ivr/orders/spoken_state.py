"""The prompts that tell a citizen the state of a work order. Pure."""

from datetime import date, datetime

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderState
from ivr.orders.order import Order
from ivr.orders.order_clock import due_on, is_overdue

_WITH_UNIT = (OrderState.DISPATCHED, OrderState.HANDLING)


def spoken_state(order: Order, directory: OrderDirectory, now: datetime) -> tuple[str, ...]:
    """Return the prompts: the state and, while a unit has the work order, the day on which it is due."""
    state, due_day = (f"order-state/{order.state}",), due_on(order, directory)
    if order.state not in _WITH_UNIT or due_day is None:
        return state
    if is_overdue(order, directory, now):
        return (*state, "order-overdue")
    return (*state, "order-due", *spoken_date(due_day))


def spoken_date(day: date) -> tuple[str, ...]:
    """Return the prompts of a month and a day: 十二月三日."""
    return (*_count(day.month), "date/month", *_count(day.day), "date/day")


def _count(number: int) -> tuple[str, ...]:
    """Return the prompts of a number from 1 to 39, as 二十三."""
    tens, ones = divmod(number, 10)
    prompts = (f"digits/{tens * 10}",) if tens else ()
    return (*prompts, f"digits/{ones}") if ones else prompts
