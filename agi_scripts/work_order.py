"""``*9`` in a call: a work order (派发工单) for the unit that the agent asked last, usually in vain."""

from agi_scripts.hotline import Hotline
from ivr.asterisk import watching
from ivr.asterisk.call import Call
from ivr.records.notes import Ordered, encode


async def work_order(call: Call, hotline: Hotline) -> None:
    """Make the work order, and let agent and citizen hear together that it was made."""
    citizens = await watching.citizens_call(call)
    asked = await watching.last_asked(call)
    line = hotline.registry.entry(asked, hotline.now().date())
    if not citizens:
        await call.play("no-call")
    elif line is None:  # nobody was asked, or 110, or a colleague: no unit that takes work orders
        await call.play("work-order-nobody")
    elif await watching.is_ordered(call, asked):
        await call.play("work-order-again")
    else:
        order = f"{hotline.work_order_id(citizens)}-{asked}"
        await call.note(*encode(Ordered(order, asked, line.unit)))
        await watching.mark_ordered(call, asked)
        await watching.tell_everybody(call, "work-order-made")
