"""Leaving a message when nobody can take the call; it becomes a work order (留言 → 派发工单)."""

from agi_scripts.hotline import Hotline
from ivr.asterisk.agi.call import Call
from ivr.asterisk.config.render import MESSAGES
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import MessageLeft
from ivr.registry.model import Line
from ivr.routing.plan import Plan

SHORTEST = 1.5  # seconds; less is no message: one that ends in silence keeps a second of it


async def leave_message(call: Call, hotline: Hotline, plan: Plan, about: Line | None) -> None:
    """Ask for a message, twice if need be, and say that it was kept.

    Args:
        call: the caller's.
        hotline: the hotline.
        plan: the call's.
        about: the line that it concerns, if that is not the one dialled; its unit (责任单位) gets the work order.
    """
    line = about or plan.line
    number = about.number if about else plan.dialled or line.number
    work_order = hotline.work_order_id(call.id)
    recording = f"{MESSAGES}/{work_order}"
    seconds = hotline.message_seconds(work_order)
    if seconds < SHORTEST:
        await call.play("no-agent", "leave-message")
        await call.set("MESSAGE", work_order)  # from now on the dialplan makes the work order, should this script die
        seconds = await call.record(recording, hotline.registry.timers.message)
    if call.is_up and seconds < SHORTEST:
        await call.play("message-failed", "leave-message")
        seconds = await call.record(recording, hotline.registry.timers.message)
    if not call.is_up and seconds < SHORTEST:
        await call.set("MESSAGE", "")
        return  # hung up at the tone
    note = MessageLeft(work_order, number, line.unit, f"{work_order}.wav", round(seconds))
    await call.note(*encode(note))
    await call.set("MESSAGE", "")
    await call.play("message-thanks", "goodbye")
