"""Reminders of work orders (催办) to their units, sent by the receivers of alarms."""

from datetime import datetime

from sqlalchemy import Connection

from ivr.alarms.alarm_news import AlarmNews, NewsKind
from ivr.alarms.alarm_store import put_messages
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.order import Order
from ivr.orders.order_clock import due_on, stage_title
from ivr.registry.model import Registry
from ivr.texts import _


def put_reminder(
    connection: Connection, order: Order, stage: str, directory: OrderDirectory, registry: Registry, now: datetime
) -> None:
    """Store the reminder of a stage, in the transaction of the act, if orders.yaml says how the unit is told."""
    officer = directory.officers.get(order.officer)
    notice = officer.notice if officer and officer.notice else directory.notices.get(order.unit)
    if notice is not None:
        news = reminder(order, stage, directory, registry, now, notice.to)
        put_messages(connection, news, [notice.receiver], now)


def reminder(
    order: Order, stage: str, directory: OrderDirectory, registry: Registry, now: datetime, to: tuple[str, ...]
) -> AlarmNews:
    """Return the reminder for a unit. For a confidential work order it has no title. Pure."""
    due = due_on(order, directory)
    line = _("[{city}{hotline}] work order {order} for {unit}: {stage}; due {day}. {title}")
    text = line.format(
        city=registry.city.name, hotline=registry.hotline.number, order=order.order, unit=order.unit,
        stage=stage_title(stage), day=due.isoformat() if due else "—",
        title="" if order.confidential else order.title,
    )  # fmt: skip
    identity = f"order:{order.order}:{order.sequence}"
    return AlarmNews(identity, NewsKind.ORDER_REMINDER, stage, order.unit, registry.city.name, now, text.strip(), to)
