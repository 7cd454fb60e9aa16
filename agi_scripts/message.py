"""Leaving a message when nobody can take the call; it becomes a work order (留言 → 派发工单)."""

from agi_scripts.services import ScriptServices, work_order_id
from ivr.asterisk.agi import offers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.config.render import MESSAGES
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import MessageLeft
from ivr.registry.model import Line
from ivr.routing.plan import Plan

SHORTEST = 1.5  # seconds; a shorter recording is no message, because it keeps a second of silence at its end


async def leave_message(call: Call, services: ScriptServices, plan: Plan, about: Line | None) -> None:
    """Ask for a message, twice if need be, and say that it was kept.

    Args:
        call: the caller's call.
        services: the services of the program that runs the script.
        plan: the plan of the call.
        about: the line that the message concerns, if it is not the line dialled; its unit (责任单位) gets the work
            order.
    """
    line = about or plan.line
    number = about.number if about else plan.dialled or line.number
    work_order = work_order_id(call.id)
    recording = f"{MESSAGES}/{work_order}"
    seconds = services.message_seconds(work_order)
    if seconds < SHORTEST:
        await call.play("no-agent", "leave-message")
        # From now on the dialplan makes the work order if this script dies.
        await offers.begin_message(call, work_order)
        seconds = await call.record(recording, services.registry.timers.message)
    if call.is_up and seconds < SHORTEST:
        await call.play("message-failed", "leave-message")
        seconds = await call.record(recording, services.registry.timers.message)
    if not call.is_up and seconds < SHORTEST:
        await offers.end_message(call)
        return  # the caller hung up at the tone
    note = MessageLeft(work_order, number, line.unit, f"{work_order}.wav", round(seconds))
    await call.note(*encode(note))
    await offers.end_message(call)
    await call.play("message-thanks", "goodbye")
