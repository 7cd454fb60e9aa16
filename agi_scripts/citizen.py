"""What a citizen lives through who dials 12345 or a number merged into it, top to bottom."""

from agi_scripts.callback import promise_callback
from agi_scripts.hotline import Hotline
from agi_scripts.live import live_now
from agi_scripts.menu import ask_menu
from agi_scripts.message import leave_message
from agi_scripts.rating import rate
from agi_scripts.recording import start_recording
from ivr.asterisk.agi import offers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.offers import DialEnd, QueueEnd
from ivr.call_events.codec import encode
from ivr.call_events.values import FALLBACKS, Reason, SeatKind
from ivr.call_events.vocabulary import EmergencyStarted, FallbackTaken, OfferStarted, RouteChosen
from ivr.registry.model import Registry
from ivr.routing import decide, display, progress
from ivr.routing.plan import Agents, AskMenu, JoinService, Message, OfferCenter, OfferExpert, Plan, Say
from ivr.routing.progress import Progress

_EXPERT_ENDS = {
    QueueEnd.TIMEOUT: Reason.EXPERT_SILENT,
    QueueEnd.EMPTY: Reason.EXPERT_BUSY,
    QueueEnd.FULL: Reason.EXPERT_BUSY,
    QueueEnd.UNKNOWN: Reason.TECHNICAL,
}
_CENTER_ENDS = {DialEnd.BUSY: Reason.CENTER_BUSY, DialEnd.SILENT: Reason.CENTER_SILENT}
_QUEUE_ENDS = {
    QueueEnd.FULL: Reason.QUEUE_FULL,
    QueueEnd.KEY: Reason.GAVE_UP,
    QueueEnd.UNKNOWN: Reason.TECHNICAL,
}


async def citizen(call: Call, hotline: Hotline) -> None:
    """Answer, decide, then go through the plan's steps until a human or a message has the call.

    ``call.args`` are the number dialled, how many calls this caller and the trunk have up, how Asterisk's log names the
    call, and, where another script died before this one, how far the call had come.
    """
    registry = hotline.registry  # one registry for the whole call, whatever is reloaded meanwhile
    live = await live_now(call, registry)
    plan = decide.plan(registry, call.args[0], call.caller, hotline.now(), live)
    come = await _open(call, hotline, plan)
    steps = list(progress.steps_left(registry, plan, come, live))
    while steps:
        step = steps.pop(0)
        come = come.begins(step)
        since = hotline.now() if come.is_first_offer else None
        await offers.begin_step(call, line=plan.dialled, progress=progress.to_text(come), since=since)
        if step.why in FALLBACKS:
            await _note_fallback(call, step.why)
        match step:
            case Say():
                await call.play(*step.prompts)
            case AskMenu():
                answer = await ask_menu(call, hotline, registry, plan, step)
                come = come.answered(step.menu, answer.wish, told=answer.opening_heard, said=answer.said)
                live = await live_now(call, registry)
                menu = registry.menus[step.menu]
                steps = list(decide.after_answer(registry, plan, menu, answer.wish, live, told=come.told))
            case OfferExpert():
                await start_recording(call, hotline)
                await call.note(*encode(OfferStarted(SeatKind.EXPERT, step.group)))
                await _show(call, plan, topic=step.topic, said=come.said)
                if (end := await offers.ring_first(call, step.group, step.seconds)) is QueueEnd.SERVED:
                    await rate(call, hotline, slow=come.slow)
                    return
                await _note_fallback(call, _EXPERT_ENDS.get(end, Reason.EXPERT_AWAY))
            case OfferCenter():
                await call.note(*encode(OfferStarted(SeatKind.CENTER, step.number)))
                await _show(call, plan, to_center=True)
                if (dialled := await offers.ring_carrier(call, step.reach, step.seconds)) is DialEnd.SERVED:
                    return
                await offers.unmark_at_center(call)
                await _note_fallback(call, _CENTER_ENDS.get(dialled, Reason.CENTER_UNREACHABLE))
            case Agents() | JoinService():
                if (why := await _agents(call, hotline, registry, plan, step, come)) is None:
                    return
                await _note_fallback(call, why)
            case Message():
                await leave_message(call, hotline, plan, step.line)


async def _open(call: Call, hotline: Hotline, plan: Plan) -> Progress:
    """Answer a call that is new; return how far it has come already."""
    come = progress.from_text("".join(call.args[4:]))
    if not come.begun:
        hotline.log_route(call.id, offers.log_tag(call), plan)
        await _route_note(call, plan)
        await call.answer()
    elif come.was_offered:
        await _note_fallback(call, Reason.TECHNICAL)  # nobody listened when the offer ended
    return come


async def _agents(
    call: Call, hotline: Hotline, registry: Registry, plan: Plan, step: Agents | JoinService, come: Progress
) -> Reason | None:
    """Bring in an agent, beside an emergency service where one is called; return why nobody served the caller."""
    await start_recording(call, hotline)
    if isinstance(step, JoinService):
        await call.note(*encode(EmergencyStarted(step.number, step.group or "")))
        await _show(call, plan, said=come.said, emergency=step.number)
        back = plan.caller or registry.hotline.number  # whom the service may call back
        served = await offers.join_service(call, step.number, step.group, caller=back)
        return None if served else Reason.NO_AGENT
    group = registry.groups[step.group]
    await call.note(*encode(OfferStarted(SeatKind(group.kind), step.group)))
    needs_expert = step.needs_expert
    await _show(call, plan, needs_expert=needs_expert, topic=step.topic, said=come.said, emergency=step.emergency)
    if step.emergency:
        await offers.put_first(call)
    else:
        await offers.prefer(call, group.priority)
    end = await offers.wait_in_queue(call, step.group, limit=None if step.emergency else group.limit)
    if end is QueueEnd.SERVED:
        await rate(call, hotline, emergency=bool(step.emergency), slow=come.slow)
        return None
    if end is QueueEnd.KEY and await promise_callback(call, hotline):
        return None
    return _QUEUE_ENDS.get(end, Reason.NO_AGENT)


async def _show(
    call: Call,
    plan: Plan,
    *,
    needs_expert: bool = False,
    topic: str = "",
    said: str = "",
    emergency: str = "",
    to_center: bool = False,
) -> None:
    """Set what the phones that ring show; what the caller said is for the hotline's own seats only."""
    shown = display.caller_name(plan, needs_expert=needs_expert, topic=topic, said=said, emergency=emergency)
    await offers.show_line(
        call,
        line=plan.dialled,
        display=shown,
        needs_expert=needs_expert,
        emergency=emergency,
        to_center=to_center,
    )


async def _route_note(call: Call, plan: Plan) -> None:
    mode = plan.entry.mode.value if plan.entry else ""
    route = RouteChosen(plan.dialled, plan.caller, plan.line.number, mode, plan.chain, plan.gap)
    await call.note(*encode(route))


async def _note_fallback(call: Call, reason: Reason) -> None:
    await call.note(*encode(FallbackTaken(reason)))
