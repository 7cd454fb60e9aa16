"""The agent's phone holds the other party by itself, or resumes: noted like ``*8`` (保持)."""

from agi_scripts.codes_meanwhile import tell
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import seats
from ivr.asterisk.agi.call import Call
from ivr.asterisk.variables import Variable
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import CallHeld


async def phone_hold(call: Call, services: ScriptServices) -> None:
    """Note the hold that the engine saw in the phone's SIP messages; refuse an agent who presses the code."""
    mark = await call.get(f"SHARED({Variable.PHONE_HOLDS})")
    if not mark:
        await tell(call, services, "beeperr")
        return
    await call.set(f"SHARED({Variable.PHONE_HOLDS})", "")
    seat = await seats.seat_at(call, seats.seat_of(call.channel))
    await call.note(*encode(CallHeld(seat, held=mark == "held")))
