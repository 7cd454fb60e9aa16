"""The rule of follow-ups (回访): by message, by telephone, or given up. Pure."""

import re
from datetime import datetime, time, timedelta
from enum import Enum

from ivr.orders.directory_model import FollowUps
from ivr.orders.life_cycle import OrderAct, OrderState
from ivr.orders.order import Order
from ivr.routing.calendar import city_time

_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}", re.ASCII)


class FollowUpTurn(Enum):
    """The next act of the hotline on a work order that is to be followed up."""

    WAIT = "wait"
    SEND_LINK = "send-link"  # by message; the telephone rings later
    RING = "ring"
    GIVE_UP = "give-up"  # after the last try in vain


def may_follow_up(rule: FollowUps, now: datetime) -> bool:
    """Tell whether the hotline may ring citizens at this hour."""
    begin, end = rule.hours
    time_of_day = city_time(now).time()
    return begin <= time_of_day and (time_of_day < end or end == time.max)


def follow_up_turn(order: Order, rule: FollowUps, now: datetime) -> FollowUpTurn:
    """Return the next step of the follow-up. Only people follow up a confidential work order."""
    if order.state is not OrderState.FOLLOW_UP or order.confidential or order.approved_at is None:
        return FollowUpTurn.WAIT
    if (city_time(now).date() - city_time(order.approved_at).date()).days < rule.after:
        return FollowUpTurn.WAIT
    if rule.link and _gets_messages(order):
        if order.linked_at is None:
            return FollowUpTurn.SEND_LINK if may_follow_up(rule, now) else FollowUpTurn.WAIT
        if now - order.linked_at < timedelta(hours=rule.link.wait):
            return FollowUpTurn.WAIT
    if order.tried_at and timedelta(0) <= now - order.tried_at < timedelta(minutes=rule.pause):
        return FollowUpTurn.WAIT  # a last try in the future, after a change of the clock, does not count
    if order.tries >= rule.tries:
        return FollowUpTurn.GIVE_UP
    return FollowUpTurn.RING if may_follow_up(rule, now) else FollowUpTurn.WAIT


def _gets_messages(order: Order) -> bool:
    """Tell whether the citizen's number is a mobile number: 11 digits, the first a 1."""
    return bool(_MOBILE.fullmatch(order.caller))


def answer_act(order: Order, rounds: int, *, solved: bool) -> OrderAct:
    """Return the act for a citizen's answer. "Not solved" opens a work order with fewer than ``rounds`` again."""
    opens_again = not solved and order.unit and order.rounds < rounds
    return OrderAct.DISPUTE if opens_again else OrderAct.FOLLOW_UP
