"""The limits of acts that the rules of the life cycle do not cover: numbers of acts, days, targets of a merge. Pure."""

from collections.abc import Mapping
from datetime import datetime

from ivr.orders.act_fields import FieldValue
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import FINAL, OrderAct, OrderRole, OrderState, state_title
from ivr.orders.order import Actor, Order
from ivr.orders.order_clock import is_overdue
from ivr.texts import _

MOST_FILES = 10
"""Files of one work order."""


class OrderActRefused(Exception):
    """The act may not be done; the message gives reason and remedy, for people."""

    def __init__(self, message: str, field: str = "") -> None:
        """``field`` is the wrong field, if there is one."""
        super().__init__(message)
        self.field = field


def refuse_beyond_limits(  # noqa: PLR0912 - one case for each limit
    order: Order,
    act: OrderAct,
    actor: Actor,
    fields: Mapping[str, FieldValue],
    directory: OrderDirectory,
    now: datetime,
) -> None:
    """Refuse an act that was done too often on this work order, or that its other fields forbid.

    Raises:
        OrderActRefused: the act is refused; the message gives the reason.
    """
    limits = directory.limits
    match act:
        case OrderAct.EXTEND:
            days = fields["days"]
            assert isinstance(days, int)
            if order.extension_asked:
                raise OrderActRefused(_("a request for an extension is open already"))
            if order.extensions >= limits.extensions:
                raise OrderActRefused(
                    _("extended {count} times already; no more is allowed").format(count=order.extensions)
                )
            if days > limits.extension_days:
                raise OrderActRefused(_("{days} working days at most").format(days=limits.extension_days), "days")
            if is_overdue(order, directory, now):
                raise OrderActRefused(_("the work order is overdue: an extension is asked for before that"))
        case OrderAct.GRANT_EXTENSION | OrderAct.REFUSE_EXTENSION if not order.extension_asked:
            raise OrderActRefused(_("no extension was asked for"))
        case OrderAct.RETURN if order.returns >= limits.returns:
            message = _("returned {count} times already: handle it, or ask a supervisor to reassign it")
            raise OrderActRefused(message.format(count=order.returns))
        case OrderAct.REASSIGN if fields["unit"] == order.unit:
            raise OrderActRefused(_("{unit} has the work order already").format(unit=order.unit), "unit")
        case OrderAct.ADD_HELPER if fields["unit"] in (order.unit, *order.helpers):
            raise OrderActRefused(_("{unit} has the work order already").format(unit=fields["unit"]), "unit")
        case OrderAct.REFER if not order.enterprise:
            raise OrderActRefused(_("only the matter of an enterprise goes to a policy officer: amend it first"))
        case OrderAct.STRIKE_OFF:
            _refuse_to_strike_off(order, directory)
        case OrderAct.RELEASE if not order.supervised:
            raise OrderActRefused(_("the work order is not supervised"))
        case OrderAct.DISPUTE if order.rounds >= limits.rounds:
            message = _(
                "handled {count} times already: follow up with “not solved”, or let a supervisor order it again"
            )
            raise OrderActRefused(message.format(count=order.rounds))
        case OrderAct.REDO | OrderAct.DISPUTE if not order.unit:
            raise OrderActRefused(_("no unit ever had the work order: open a new work order"))
        case OrderAct.SUPERVISE if actor.role is not OrderRole.HOTLINE and "reason" not in fields:
            raise OrderActRefused(_("give the reason of the supervision"), "reason")
        case OrderAct.REMIND | OrderAct.SUPERVISE if "stage" in fields and actor.role is not OrderRole.HOTLINE:
            raise OrderActRefused(_("only the deadline clock sets the field stage"), "stage")
        case OrderAct.REMIND | OrderAct.SUPERVISE if fields.get("stage") in order.stages:
            raise OrderActRefused(_("the deadline clock has done this act already"))
        case OrderAct.CLOSE if order.state is not OrderState.FOLLOW_UP and not fields.get("answer"):
            raise OrderActRefused(
                _("a work order without a unit's answer is closed with the answer that the citizen got"), "answer"
            )
        case OrderAct.ATTACH if len(order.files) >= MOST_FILES:
            raise OrderActRefused(_("a work order has {count} files at most").format(count=MOST_FILES), "file")
        case OrderAct.ATTACH if fields["file"] in [attached.file for attached in order.files]:
            raise OrderActRefused(_("this file is attached already"), "file")
        case _:
            pass


def is_in_ledger(order: Order, directory: OrderDirectory) -> bool:
    """Tell whether a work order is in the ledger of enterprises (企业投诉举报台账)."""
    return order.enterprise and order.kind in directory.ledger_kinds


def _refuse_to_strike_off(order: Order, directory: OrderDirectory) -> None:
    if not is_in_ledger(order, directory):
        raise OrderActRefused(_("the work order is not in the ledger of enterprises"))
    if order.struck_off_at is not None:
        raise OrderActRefused(_("the work order is struck off already"))
    if order.solved is False:
        raise OrderActRefused(_("the enterprise says that it is not solved: have it handled again"))


def refuse_merge(order: Order, fields: Mapping[str, FieldValue], target: Order | None) -> None:
    """Refuse a merge into a work order that is missing, has ended, or is the work order itself.

    Raises:
        OrderActRefused: the merge is refused; the message gives the reason.
    """
    if target is None:
        raise OrderActRefused(_("there is no work order {order}").format(order=fields["into"]), "into")
    if target.order == order.order:
        raise OrderActRefused(_("a work order cannot be merged into itself"), "into")
    if target.state in FINAL:
        message = _("work order {order} is {state}: merge into a work order that is open")
        raise OrderActRefused(message.format(order=target.order, state=state_title(target.state)), "into")
