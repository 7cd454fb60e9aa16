"""The message with the link for a citizen's grade (短信回访), to the receiver that orders.yaml names."""

from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import Connection

from ivr.alarms.alarm_news import AlarmNews, NewsKind
from ivr.alarms.alarm_store import put_messages
from ivr.orders.directory_model import FollowUpLink
from ivr.orders.order import Order
from ivr.records.derive.callback_state import subscriber
from ivr.registry.model import Registry

_TEXT = (
    "【{city}{hotline}】您反映的事项（工单{order}）承办单位已答复。请点击查看答复并评价，未解决的可在页面上提出：{link}"
)


def put_follow_up_link(
    connection: Connection, order: Order, code: str, link: FollowUpLink, registry: Registry, now: datetime
) -> None:
    """Store the message to the citizen, in the transaction of its act."""
    put_messages(connection, follow_up_news(order, code, link, registry, now), [link.receiver], now)


def follow_up_news(order: Order, code: str, link: FollowUpLink, registry: Registry, now: datetime) -> AlarmNews:
    """Return the message: in Chinese, without a word of the matter. Pure.

    Args:
        order: the work order to be followed up.
        code: the look-up code of the citizens' page.
        link: the settings of the message.
        registry: has the names of city and hotline.
        now: aware.
    """
    address = f"{link.page}/citizen/state?{urlencode({'order': order.order, 'secret': code})}"
    text = _TEXT.format(city=registry.city.name, hotline=registry.hotline.number, order=order.order, link=address)
    identity = f"follow-up:{order.order}:{order.rounds}"
    receivers = (subscriber(order.caller),)
    return AlarmNews(identity, NewsKind.FOLLOW_UP_LINK, "", order.order, registry.city.name, now, text, receivers)
