"""``*8`` in a call: the other party hears music until the agent presses a key (保持)."""

from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import seats
from ivr.asterisk.agi.call import Call
from ivr.asterisk.variables import Variable
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import CallHeld

_KEYS = "0123456789*#"
_LONGEST = 1800.0  # seconds; the hold has an end


async def hold(call: Call, _services: ScriptServices) -> None:
    """Wait for a key; Asterisk plays the music while this script runs (features.conf)."""
    seat = await seats.seat_at(call, seats.seat_of(call.channel))
    await call.note(*encode(CallHeld(seat, held=True)))
    await call.set(Variable.HOLDS, "yes")
    await call.ask(["beep"], _KEYS, _LONGEST)
    await call.set(Variable.HOLDS, "")
    await call.note(*encode(CallHeld(seat, held=False)))
