"""``*9`` in a call: makes a work order (派发工单) for the unit of the line that the agent consulted last."""

from agi_scripts.codes_meanwhile import tell
from agi_scripts.services import ScriptServices, work_order_id
from ivr.asterisk.agi import monitoring
from ivr.asterisk.agi.call import Call
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import WorkOrderMade


async def work_order(call: Call, services: ScriptServices) -> None:
    """Make the work order, and let agent and citizen hear together that it was made."""
    citizens_call = await monitoring.citizens_call(call)
    consulted_number = await monitoring.last_consulted_number(call)
    line = services.registry.entry(consulted_number, services.now().date())
    if not citizens_call:
        await tell(call, services, "no-call")
    elif line is None:  # the agent consulted no line, but 110, a colleague or nobody: no unit can get the work order
        await tell(call, services, "work-order-nobody")
    elif await monitoring.is_ordered(call, consulted_number):
        await tell(call, services, "work-order-again")
    else:
        order = f"{work_order_id(citizens_call)}-{consulted_number}"
        await call.note(*encode(WorkOrderMade(order, consulted_number, line.unit)))
        await monitoring.mark_ordered(call, consulted_number)
        await monitoring.tell_everybody(call, "work-order-made")
