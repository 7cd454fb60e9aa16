"""Opens work orders for calls: messages (留言), ``*9`` at a seat, and callbacks that reached nobody.

Each source makes one work order, once. A rebuild of the call records from Asterisk's files changes no work order.
"""

import logging
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ivr.orders.act_decision import ActRequest
from ivr.orders.act_fields import OrderChannel
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.order_clock import HOTLINE
from ivr.orders.perform import perform_act_within
from ivr.orders.store import order_store
from ivr.orders.suggestion import county_of
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.record_parts import CallbackState, LegKind, WorkOrder
from ivr.texts import _

log = logging.getLogger(__name__)

_LONGEST_WORDS = 1000  # characters


def open_orders_of(connection: Connection, records: Iterable[CallRecord], directory: OrderDirectory) -> None:
    """Make the missing work orders of call records, in the transaction of the records."""
    for record in records:
        for work_order in record.work_orders:
            if order_store.number_of_source(connection, work_order.work_order) is None:
                _open(connection, matter_of(record, work_order, directory), directory, work_order.created_at)


def open_orders_of_callbacks(
    connection: Connection, records: Iterable[CallRecord], directory: OrderDirectory, now: datetime
) -> None:
    """Make a work order for each caller who asked to be called back and whom no callback reached."""
    for record in records:
        source = f"callback-{record.call_id}"
        if is_lost(record) and order_store.number_of_source(connection, source) is None:
            words = _caller_words(record)
            fields = _of_call(record, directory, words) | {
                "title": (record.topic or words or "要求回拨，未能接通")[:100],
                "channel": OrderChannel.CALLBACK.value,
                "source": source,
                **_number("number", record.dialled),
            }
            _open(connection, fields, directory, now)


def _open(connection: Connection, fields: dict[str, Any], directory: OrderDirectory, now: datetime) -> None:
    """Open a work order. A refusal is logged and not raised, because it must not stop the import of other records."""
    try:
        perform_act_within(connection, "", ActRequest(OrderAct.OPEN, HOTLINE, fields), directory, now)
    except OrderActRefused as refusal:
        log.error(_("no work order was made of %s: %s"), fields.get("source"), refusal)


def is_lost(record: CallRecord) -> bool:
    """Tell whether a caller asked to be called back, and no further callback will be tried. Pure."""
    given_up_states = (CallbackState.GIVEN_UP, CallbackState.EXPIRED)
    return record.callback is not None and record.callback.asked and record.callback.state in given_up_states


def matter_of(record: CallRecord, work_order: WorkOrder, directory: OrderDirectory) -> dict[str, Any]:
    """Return the fields of a new work order from the facts of the call. Pure."""
    words = _caller_words(record)
    is_message = bool(work_order.recording)
    return _of_call(record, directory, words) | {
        "title": (record.topic or words or ("留言" if is_message else "来电转办"))[:100],
        "channel": OrderChannel.MESSAGE.value if is_message else OrderChannel.CALL.value,
        "source": work_order.work_order,
        **({"recording": work_order.recording, "seconds": work_order.seconds} if is_message else {}),
        **_number("number", work_order.number),
    }


def _of_call(record: CallRecord, directory: OrderDirectory, words: str) -> dict[str, Any]:
    county = county_of(directory, record.dialled, words)
    return {
        "call_id": record.call_id,
        **({"said": words} if words else {}),
        **({"county": county} if county else {}),
        **({"enterprise": True} if any(leg.kind is LegKind.ENTERPRISE for leg in record.legs) else {}),
        **({"caller": record.caller} if re.fullmatch(r"\+?[0-9]{3,20}", record.caller, re.ASCII) else {}),
    }


def _caller_words(record: CallRecord) -> str:
    return " / ".join(dict.fromkeys(utterance.text for utterance in record.utterances if utterance.text))[
        :_LONGEST_WORDS
    ]


def _number(name: str, number: str) -> dict[str, str]:
    return {name: number} if re.fullmatch(r"[0-9]{3,12}", number, re.ASCII) else {}
