"""``*2 NUMBER`` in a call: an agent asks a center, an expert, a linkage number or a colleague."""

from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import monitoring, offers, seats
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.offers import DialEnd, QueueEnd
from ivr.asterisk.agi.seats import seat_of
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import ConsultStarted
from ivr.routing.consult import Party, Refusal, Via, is_closed
from ivr.routing.consult import consult as whom

_SAID = {DialEnd.BUSY: "consult-busy", DialEnd.SILENT: "consult-silent"}


async def consult(call: Call, services: ScriptServices) -> None:
    """Ring the party that the agent asks for; if that fails, say why, and Asterisk connects the citizen again."""
    dialled, agent = call.args[:2]
    seat = await seats.seat_at(call, seat_of(agent))
    party = whom(services.registry, dialled, seat, services.now().date())
    match party:
        case Refusal.UNKNOWN:
            await call.play("consult-unknown")
        case Refusal.SELF:
            await call.play("consult-self")
        case Party():
            note = ConsultStarted(seat, party.number, party.kind, party.reach)
            await call.note(*encode(note))
            await monitoring.remember_consulted(call, agent, party.number)
            prompt = await _ring(call, party, services)
            if prompt in ("consult-silent", "consult-away") and is_closed(services.registry, dialled, services.now()):
                prompt = "consult-closed"
            if prompt:
                await call.play(prompt)


async def transfer(call: Call, services: ScriptServices) -> None:
    """Ring the party to whom a phone transferred the citizen (REFER); the dialplan goes on from how it ends."""
    dialled, agent = call.args[:2]
    seat = await seats.seat_at(call, seat_of(agent))
    party = whom(services.registry, dialled, seat, services.now().date())
    if isinstance(party, Party):
        await call.note(*encode(ConsultStarted(seat, party.number, party.kind, party.reach)))
        await _ring(call, party, services)


async def _ring(call: Call, party: Party, services: ScriptServices) -> str | None:
    """Ring the party; return the prompt that tells the agent why nobody came, or None once it was served."""
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
            left = await offers.consult_group(call, party.reach, services.registry.timers.expert)
            return None if left is QueueEnd.SERVED else "consult-silent"
    return None if end is DialEnd.SERVED else _SAID.get(end, "consult-away")
