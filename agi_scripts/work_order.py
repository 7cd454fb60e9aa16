"""``*9`` in a call: makes a work order (派发工单) for the unit of the line that the agent consulted last."""

from agi_scripts.codes_meanwhile import tell
from agi_scripts.services import ScriptServices, work_order_id
from ivr.asterisk.agi import monitoring
from ivr.asterisk.agi.call import Call
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import WorkOrderMade


async def work_order(call: Call, services: ScriptServices) -> None:
    """Make the work order, and let agent and citizen hear together that it was made."""
    citizens = await monitoring.citizens_call(call)
    asked = await monitoring.last_asked(call)
    line = services.registry.entry(asked, services.now().date())
    if not citizens:
        await tell(call, services, "no-call")
    elif line is None:  # no consult, or one with 110 or a colleague: there is no unit for a work order
        await tell(call, services, "work-order-nobody")
    elif await monitoring.is_ordered(call, asked):
        await tell(call, services, "work-order-again")
    else:
        order = f"{work_order_id(citizens)}-{asked}"
        await call.note(*encode(WorkOrderMade(order, asked, line.unit)))
        await monitoring.mark_ordered(call, asked)
        await monitoring.tell_everybody(call, "work-order-made")
