"""``*7`` in a call: an expert listens, whispers to the agent, joins, or takes over (专家指导)."""

from agi_scripts.codes_meanwhile import take_code, tell
from agi_scripts.keypad import ANY, BETWEEN, digits
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import monitoring, offers, seats
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.offers import DialEnd
from ivr.asterisk.agi.seats import seat_of
from ivr.asterisk.variables import Variable
from ivr.call_events.codec import encode
from ivr.call_events.values import PartyKind, WatchAct
from ivr.call_events.vocabulary import AgentWatched
from ivr.routing import consult, display
from ivr.routing.consult import Via

_NAMING = 2.0  # seconds in which the agent may begin to name another expert
_LONGEST = 12  # digits of a line's or seat's number
_ENDS = {DialEnd.BUSY: ("guide-busy", WatchAct.BUSY), DialEnd.SILENT: ("guide-silent", WatchAct.SILENT)}
_AWAY = ("guide-away", WatchAct.AWAY)


async def guide(call: Call, services: ScriptServices) -> None:
    """Ring the expert that the agent dials within two seconds, else the expert of the line dialled."""
    citizens_call, agent = await monitoring.citizens_call(call), await seats.seat_at(call, seat_of(call.channel))
    if not citizens_call:
        await tell(call, services, "no-call")
        return
    first_key = await call.ask(["beep"], ANY + "*", _NAMING)
    if first_key == "*":
        await take_code(call, services)
        return
    named_number = first_key + await digits(call, [], BETWEEN, _LONGEST - 1) if first_key.isdigit() else ""
    line = await call.get(Variable.LINE)
    party = consult.guide(services.registry, line, named_number, agent, services.now().date())
    if party is None:
        await tell(call, services, "guide-nobody")
        return
    experts = (
        [party.reach]
        if party.via is Via.SEAT
        else [await seats.seat_at(call, phone) for phone in await seats.signed_in(call, party.reach)]
    )
    free = [seat for seat in experts if seat != agent and not await offers.seat_in_use(call, seat)]
    if free:
        await monitoring.ask_to_guide(call, citizens_call=citizens_call, seat=agent, expert=free[0])
        await tell(call, services, "guide-asked")
        return
    prompt, act = _ENDS[DialEnd.BUSY] if experts else _AWAY
    await call.note(*encode(AgentWatched(citizens_call, agent, party.reach, PartyKind.EXPERT, act)))
    await tell(call, services, prompt)


async def guiding(call: Call, services: ScriptServices) -> None:
    """Ring the expert. The agent hears the prompts of this channel, and the citizen does not."""
    expert, agent, line = [await call.get(name) for name in (Variable.WATCH_BY, Variable.WATCH_SEAT, Variable.LINE)]
    citizens_call = await call.get(Variable.WATCH_CALL)
    note = AgentWatched(citizens_call, agent, expert, PartyKind.EXPERT, WatchAct.RING)
    await call.note(*encode(note))
    await call.answer()
    shown = agent, display.guidance(services.registry, agent, line, services.now().date())
    end = await monitoring.ring_to_guide(call, expert, services.registry.timers.expert, shown=shown)
    if end is not DialEnd.SERVED:
        prompt, act = _ENDS.get(end, _AWAY)
        await call.note(*encode(AgentWatched(citizens_call, agent, expert, PartyKind.EXPERT, act)))
        await call.play(prompt)
