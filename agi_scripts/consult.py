"""An agent consults a center, an expert, a linkage number or a colleague: by ``*2 NUMBER``, or on a phone's second
line."""

import time
from contextlib import nullcontext

from agi_scripts.codes_meanwhile import press_code_of_ring, tell
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import monitoring, offers, seats
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.offers import DialEnd, QueueEnd
from ivr.asterisk.agi.seats import seat_of
from ivr.asterisk.variables import Variable
from ivr.call_events.codec import encode
from ivr.call_events.values import SecondLineAct
from ivr.call_events.vocabulary import ConsultStarted, SecondLineConsult
from ivr.routing.consult import Party, Refusal, Via, is_closed
from ivr.routing.consult import consult as consult_target

_BACK = "beeperr"  # the agent has the citizen again; features.conf has no xferfailsound, which would lose keys
_PROMPTS_OF_ENDS = {DialEnd.BUSY: "consult-busy", DialEnd.SILENT: "consult-silent"}
_ACTS_OF_PROMPTS = {
    "consult-busy": SecondLineAct.BUSY,
    "consult-silent": SecondLineAct.SILENT,
    "consult-away": SecondLineAct.AWAY,
}


async def consult(call: Call, services: ScriptServices) -> None:
    """Ring the party that the agent consults. If that fails, tell the agent the reason.

    Asterisk then connects agent and citizen again.
    """
    dialled, agent = call.args[:2]
    citizens_call = (
        call.args[2] if len(call.args) > 2 else ""
    )  # of a consult on a second line: the call on the first line
    seat = await seats.seat_at(call, seat_of(agent))
    party = consult_target(services.registry, dialled, seat, services.now().date())

    async def say(prompt: str) -> None:
        if citizens_call:  # a feature code belongs to the first line, so no key ends this prompt
            await call.play(prompt)
        else:
            await tell(call, services, prompt, _BACK, agent=agent)

    match party:
        case Refusal.UNKNOWN:
            await say("consult-unknown")
        case Refusal.SELF:
            await say("consult-self")
        case Party():
            if citizens_call:
                await _note_second_line(call, citizens_call, seat, party, SecondLineAct.RING)
            else:
                await call.note(*encode(ConsultStarted(seat, party.number, party.kind, party.reach)))
            await monitoring.remember_consulted(call, agent, party.number)
            citizen = await call.get(Variable.CITIZEN_CHANNEL)
            begun = time.monotonic()
            async with services.watch_consult(call.channel, agent, citizen) if citizen else nullcontext():
                prompt = await _ring(call, party, services)
            if prompt and not citizens_call:
                await press_code_of_ring(call, services, agent, begun)
            if citizens_call and prompt:
                await _note_second_line(call, citizens_call, seat, party, _ACTS_OF_PROMPTS[prompt])
            if prompt in ("consult-silent", "consult-away") and is_closed(services.registry, dialled, services.now()):
                prompt = "consult-closed"
            if prompt:
                await say(prompt)
            elif not citizens_call:
                await tell(call, services, _BACK, agent=agent)


async def second_line(call: Call, services: ScriptServices) -> None:
    """Decide on a number that a phone dials while it has another call.

    A registered number is a consult if the phone serves a citizen; the dialplan makes it. Any other number is refused
    then, because the phone could transfer the citizen to it. It is refused, too, if the phone watches another seat's
    call, because the phone could lead a stranger there.
    """
    phone, dialled = call.args[:2]
    seat = await seats.seat_at(call, phone)
    lines = await monitoring.other_lines(call, phone)
    serving_line = next((line for line in lines if line.citizens_call), None)
    if serving_line is None:
        if any(line.watches for line in lines):
            await call.answer()
            await call.play("beeperr")
        else:
            await call.set(Variable.OFFER_END, "free")
        return
    await call.answer()
    match consult_target(services.registry, dialled, seat, services.now().date()):
        case Party():
            await monitoring.consult_for(call, serving_line)
        case Refusal.UNKNOWN:
            await call.play("consult-unknown")
        case Refusal.SELF:
            await call.play("consult-self")


async def transfer(call: Call, services: ScriptServices) -> None:
    """Ring the party to whom a phone transferred the citizen (REFER); the dialplan goes on by the result."""
    dialled, agent = call.args[:2]
    seat = await seats.seat_at(call, seat_of(agent))
    party = consult_target(services.registry, dialled, seat, services.now().date())
    if isinstance(party, Party):
        await call.note(*encode(ConsultStarted(seat, party.number, party.kind, party.reach)))
        await _ring(call, party, services)


async def _ring(call: Call, party: Party, services: ScriptServices) -> str | None:
    """Ring the party; return the prompt that tells the agent why nobody answered, or None after a talk."""
    seconds = services.registry.timers.center
    match party.via:
        case Via.CARRIER:
            end = await offers.consult_carrier(call, party.reach, seconds, shown=services.registry.hotline.number)
        case Via.SEAT:
            end = await offers.consult_seat(call, party.reach, services.registry.timers.expert)
        case Via.GROUP:
            staff = await offers.staff(call, party.reach)
            if not staff.free:
                return "consult-busy" if staff.signed_in else "consult-away"
            queue_end = await offers.consult_group(call, party.reach, services.registry.timers.expert)
            return None if queue_end is QueueEnd.SERVED else "consult-silent"
    return None if end is DialEnd.SERVED else _PROMPTS_OF_ENDS.get(end, "consult-away")


async def _note_second_line(call: Call, citizens_call: str, seat: str, party: Party, act: SecondLineAct) -> None:
    """Note the progress of a consult on a second line; the dialplan notes its answer and its end."""
    name, text = encode(SecondLineConsult(citizens_call, seat, party.number, party.kind, act))
    if act is SecondLineAct.RING:
        await call.set(f"__{Variable.SECOND_LINE}", text.rpartition("&act=")[0])
    await call.note(name, text)
