"""Reminders (催办) and supervisions (督办) of work orders to their units, sent by the receivers of alarms."""

from datetime import datetime

from sqlalchemy import Connection

from ivr.alarms.alarm_news import AlarmNews, NewsKind
from ivr.alarms.alarm_store import put_messages
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order import Order, OrderEvent
from ivr.orders.order_clock import due_on, stage_title
from ivr.registry.model import Registry
from ivr.texts import _


def put_reminder(
    connection: Connection,
    order: Order,
    event: OrderEvent,
    directory: OrderDirectory,
    registry: Registry,
    now: datetime,
) -> None:
    """Store the message of a `remind` or `supervise` for the receivers that orders.yaml names, unless it is stored.

    Args:
        connection: in a transaction.
        order: as the act left it.
        event: the act, a reminder or a supervision.
        directory: names the receivers.
        registry: gives the city and the hotline that the message names.
        now: aware.
    """
    officer = directory.officers.get(order.officer)
    notice = officer.notice if officer and officer.notice else directory.notices.get(order.unit)
    identity = f"order:{order.order}:{event.sequence}"
    notices = {identity: notice}
    if event.act is OrderAct.SUPERVISE:
        notices[f"{identity}:supervision"] = directory.supervision
    for name, target in notices.items():
        if target is not None:
            news = reminder(name, order, event, directory, registry, now, target.to)
            put_messages(connection, news, [target.receiver], now)


def reminder(
    identity: str, order: Order, event: OrderEvent, directory: OrderDirectory, registry: Registry, now: datetime,
    to: tuple[str, ...],
) -> AlarmNews:  # fmt: skip
    """Return the message. For a confidential work order it has no title. Pure."""
    due_day, stage = due_on(order, directory), str(event.fields.get("stage", event.act.value))
    line = _("[{city}{hotline}] work order {order} for {unit}: {stage}; due {day}. {title}")
    text = line.format(
        city=registry.city.name, hotline=registry.hotline.number, order=order.order, unit=order.unit,
        stage=stage_title(stage), day=due_day.isoformat() if due_day else "—",
        title="" if order.confidential else order.title,
    )  # fmt: skip
    return AlarmNews(identity, NewsKind.ORDER_REMINDER, stage, order.unit, registry.city.name, now, text.strip(), to)
