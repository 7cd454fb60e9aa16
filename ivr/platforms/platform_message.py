"""Messages to platforms in the neutral form: one for each ended call, act, follow-up and article. Pure.

`data` has this hotline's names. `ivr.platforms.message_mapping` translates them into the platform's format.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ivr.call_events.masked_caller import masked
from ivr.knowledge.article import Article, ArticleEvent
from ivr.knowledge.article_life_cycle import ArticleAct
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order import Order, OrderEvent
from ivr.orders.order_json import event_to_json, order_to_json
from ivr.orders.platform_model import Platform, PlatformObject

_FOLLOW_UPS = (OrderAct.FOLLOW_UP, OrderAct.DISPUTE, OrderAct.TRY_FOLLOW_UP)
_ON_OFFER = (ArticleAct.RELEASE, ArticleAct.WITHDRAW)
_OF_CONFIDENTIAL = frozenset((
    "order", "sequence", "state", "confidential", "number", "county", "kind", "class", "channel", "source",
    "call_id", "earlier", "unit", "helpers", "opened_at", "changed_at", "dispatched_at", "first_dispatched_at",
    "accepted_at", "answered_at", "approved_at", "closed_at", "linked_at", "tried_at", "struck_off_at",
    "due_on", "accept_on", "overdue", "days", "extended", "extension_asked", "extensions", "returns", "rounds",
    "supervised", "stages", "tries", "seconds", "satisfaction", "solved", "into", "ground", "stage",
    "enterprise",
))  # fmt: skip
"""The fields of a work order and of its acts without free text, names and citizens' numbers."""


@dataclass(frozen=True, slots=True)
class PlatformMessage:
    """One message. A message that is sent again has the same ``id``, so that a platform recognises it."""

    id: str
    object: PlatformObject
    key: str  # of the object; messages about one object arrive in the order of their versions
    version: int  # 1, 2, 3, …
    at: datetime  # of the event; aware
    data: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the neutral JSON of the message."""
        return {
            "id": self.id,
            "object": self.object.value,
            "key": self.key,
            "version": self.version,
            "at": self.at.isoformat(timespec="milliseconds"),
            "data": dict(self.data),
        }


def call_message(call_id: str, record: Mapping[str, Any], ended_at: datetime, platform: Platform) -> PlatformMessage:
    """Return the message about an ended call. A platform gets it once; later changes of the record are not sent.

    Args:
        call_id: the id of the call.
        record: the call record, in the form of ``ivr calls --json``.
        ended_at: aware.
        platform: the platform that gets the message.
    """
    data = dict(record)
    if not platform.whole_numbers:
        data["caller"] = masked(str(data.get("caller") or ""))
    return PlatformMessage(f"call:{call_id}", PlatformObject.CALLS, call_id, 1, ended_at, data)


def order_messages(
    order: Order, event: OrderEvent, directory: OrderDirectory, platform: Platform
) -> tuple[PlatformMessage, ...]:
    """Return the messages about an act on a work order.

    Args:
        order: the work order after the act.
        event: the act.
        directory: the content of orders.yaml in force.
        platform: the platform that gets the messages.
    """
    messages, handles = [], is_handled_by(order, platform, directory)
    if handles or PlatformObject.ORDERS in platform.sends:
        data = _order_data(
            order,
            event,
            directory,
            open_words=handles or not order.confidential,
            whole_number=handles or platform.whole_numbers,
        )
        messages.append(
            PlatformMessage(
                f"order:{order.order}:{event.sequence}",
                PlatformObject.ORDERS,
                order.order,
                event.sequence,
                event.at,
                data,
            )
        )
    if event.act in _FOLLOW_UPS and PlatformObject.FOLLOW_UPS in platform.sends:
        key = f"{order.order}-{event.sequence}"
        messages.append(
            PlatformMessage(
                f"follow-up:{key}",
                PlatformObject.FOLLOW_UPS,
                key,
                1,
                event.at,
                _follow_up_data(order, event),
            )
        )
    return tuple(messages)


def article_message(article: Article, event: ArticleEvent) -> PlatformMessage | None:
    """Return the message about an act on an article; None if the act changes nothing on offer.

    Args:
        article: the article after the act.
        event: the act.
    """
    if event.act not in _ON_OFFER:
        return None
    content = asdict(article.released) if article.released else {}
    data = {"article": article.article, "act": event.act.value, "released": article.released is not None}
    data |= {"reviewer": article.reviewer, "reason": article.reason, **content}
    name = f"article:{article.article}:{event.sequence}"
    return PlatformMessage(name, PlatformObject.ARTICLES, article.article, event.sequence, event.at, data)


def is_handled_by(order: Order, platform: Platform, directory: OrderDirectory) -> bool:
    """Tell whether a platform handles a work order for a unit, or has sent it here.

    The platform of a helping unit does not get a confidential work order.
    """
    helpers = () if order.confidential else order.helpers
    units = (directory.units.get(name) for name in (order.unit, *helpers))
    return any(unit and unit.platform == platform.name for unit in units) or order.source.startswith(
        source_prefix(platform)
    )


def source_prefix(platform: Platform) -> str:
    """Return the beginning of the field ``source`` of each work order that a platform has sent."""
    return f"{platform.name}:"


def _order_data(
    order: Order, event: OrderEvent, directory: OrderDirectory, *, open_words: bool, whole_number: bool
) -> dict[str, Any]:
    act = event_to_json(event)
    data, fields = order_to_json(order, directory, event.at), act["fields"]
    if not open_words:
        data = {name: value if name in _OF_CONFIDENTIAL else _empty(value) for name, value in data.items()}
        fields = {name: value for name, value in fields.items() if name in _OF_CONFIDENTIAL}
    if not whole_number:
        data["caller"] = masked(data["caller"])
        fields |= {"caller": masked(fields["caller"])} if "caller" in fields else {}
    kind, klass = directory.kinds.get(order.kind), directory.classes.get(order.klass)
    return data | {
        "act": act["act"],
        "act_by": act["by"],
        "act_role": act["role"],
        "act_unit": act["unit"],
        "act_fields": fields,
        "kind_title": kind.title if kind else "",
        "class_title": klass.title if klass else "",
    }


def _empty(value: object) -> object:
    """Return an empty value in place of a value that the platform may not get: "" for a text, [] for a list."""
    if isinstance(value, str):
        return ""
    return [] if isinstance(value, list | tuple) else None


def _follow_up_data(order: Order, event: OrderEvent) -> dict[str, Any]:
    fields = event.fields
    reached = event.act is not OrderAct.TRY_FOLLOW_UP
    return {
        "order": order.order,
        "unit": order.unit,
        "reached": reached,
        "solved": fields.get("solved", False if event.act is OrderAct.DISPUTE else None),
        "satisfaction": fields.get("satisfaction"),
        "opinion": "" if order.confidential else fields.get("opinion", ""),
        "reason": "" if order.confidential else fields.get("reason", ""),
        "call_id": fields.get("call_id", ""),
        "by": event.actor.name,
    }
