"""The deadlines of a work order: its due day, and the acts that the hotline itself has to do now. Pure.

Each deadline runs from the dispatch and not from the unit's acceptance, so that no unit gains time by waiting. A period
ends with the last minute of its last working day. Events store no deadlines, so a changed calendar changes them.
"""

from datetime import date, datetime
from typing import Protocol

from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import WITH_UNIT, OrderAct, OrderRole, OrderState, act_title
from ivr.orders.order import Actor, Order
from ivr.routing.calendar import city_time
from ivr.texts import _

HOTLINE = Actor("hotline", OrderRole.HOTLINE)
"""The program as an actor."""

REFERRED = "referred"
TO_ACCEPT = "to-accept"
DUE_SOON = "due-soon"
OVERDUE = "overdue"
ESCALATED = "escalated"


class Clocked(Protocol):
    """The fields of a work order on which its deadlines depend."""

    @property
    def state(self) -> OrderState:
        """The present state."""

    @property
    def dispatched_at(self) -> datetime | None:
        """The dispatch to the present unit, in the present round."""

    @property
    def days(self) -> int:
        """The deadline in working days."""

    @property
    def extended(self) -> int:
        """Further working days that were granted."""

    @property
    def accepted_at(self) -> datetime | None:
        """The unit's first answer of any kind, in this round."""

    @property
    def answered_at(self) -> datetime | None:
        """The unit's answer, in this round."""


def due_on(order: Clocked, directory: OrderDirectory) -> date | None:
    """Return the last day on which the answer is in time; None if no clock runs."""
    if order.dispatched_at is None:
        return None
    return directory.calendar.after(_day(order.dispatched_at), order.days + order.extended)


def accept_on(order: Clocked, directory: OrderDirectory) -> date | None:
    """Return the last day on which the acceptance (签收) is in time; None if no clock runs."""
    if order.dispatched_at is None:
        return None
    return directory.calendar.after(_day(order.dispatched_at), directory.periods.accept)


def is_overdue(order: Clocked, directory: OrderDirectory, now: datetime) -> bool:
    """Tell whether the answer is late, or came late."""
    due_day = due_on(order, directory)
    if due_day is None:
        return False
    answered_at = order.answered_at
    return _day(answered_at or now) > due_day and (answered_at is not None or order.state in WITH_UNIT)


def was_accepted_late(order: Clocked, directory: OrderDirectory, now: datetime) -> bool:
    """Tell whether the unit's acceptance is late, or came late."""
    last_day = accept_on(order, directory)
    return last_day is not None and _day(order.accepted_at or now) > last_day


def acts_due(order: Order, directory: OrderDirectory, now: datetime) -> list[tuple[OrderAct, str]]:
    """Return the acts that the hotline itself has to do now, each with its stage, once in a round."""
    due_day, acceptance_day = due_on(order, directory), accept_on(order, directory)
    if due_day is None or acceptance_day is None or order.state not in WITH_UNIT:
        return []
    today, calendar, periods = _day(now), directory.calendar, directory.periods
    staged_acts: list[tuple[OrderAct, str]] = []
    if order.officer and order.accepted_at is None:
        staged_acts.append((OrderAct.REMIND, REFERRED))
    if order.accepted_at is None and today > acceptance_day:
        staged_acts.append((OrderAct.REMIND, TO_ACCEPT))
    if today > due_day and (level := calendar.between(due_day, today) // periods.escalate_after):
        staged_acts.append((OrderAct.SUPERVISE, _escalated(level)))
    elif today > due_day and calendar.between(due_day, today) >= periods.remind_after:
        staged_acts.append((OrderAct.REMIND, OVERDUE))
    elif today <= due_day and calendar.between(today, due_day) <= periods.remind_before:
        staged_acts.append((OrderAct.REMIND, DUE_SOON))
    return [(act, stage) for act, stage in staged_acts if stage not in order.stages]


def stage_title(stage: str) -> str:
    """Return a stage in words, or the title of a person's act, which has no stage."""
    name, _dash, level = stage.rpartition("-")
    if name == ESCALATED:
        return _("overdue for long: under supervision, level {level}").format(level=level)
    return {
        REFERRED: _("referred to a policy officer"),
        TO_ACCEPT: _("not accepted in time"),
        DUE_SOON: _("due soon"),
        OVERDUE: _("overdue"),
        ESCALATED: _("overdue for long: under supervision"),
        OrderAct.REMIND.value: act_title(OrderAct.REMIND),
        OrderAct.SUPERVISE.value: act_title(OrderAct.SUPERVISE),
    }.get(stage, stage)


def _escalated(level: int) -> str:
    """Return the stage of an escalation. The first escalation has no number."""
    return ESCALATED if level == 1 else f"{ESCALATED}-{level}"


def _day(moment: datetime) -> date:
    return city_time(moment).date()
