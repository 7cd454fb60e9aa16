"""``*8`` in a call: the other party hears music until the agent presses a key (保持)."""

from agi_scripts.codes_meanwhile import take_code
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import seats
from ivr.asterisk.agi.call import Call
from ivr.asterisk.variables import Variable
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import CallHeld

_KEYS = "0123456789*#"
_EVERY = 2.0  # seconds between two checks whether the other party is still there
_LOOKS = 900  # half an hour: the hold has an end


async def hold(call: Call, services: ScriptServices) -> None:
    """Wait until a key is pressed or the other party hangs up; Asterisk plays the music meanwhile (features.conf)."""
    held_channel = (await call.get("BRIDGEPEER")).partition(",")[0] or call.channel
    seat = await seats.seat_at(call, seats.seat_of(call.channel))
    await call.note(*encode(CallHeld(seat, held=True)))
    await call.set(Variable.HOLDS, "yes")
    key = await call.stream("beep", _KEYS)
    for _look in range(_LOOKS):
        if key or not await call.get(f"CHANNELS({held_channel})"):
            break
        key = await call.ask([], _KEYS, _EVERY)
    await call.set(Variable.HOLDS, "")
    await call.note(*encode(CallHeld(seat, held=False)))
    if key == "*":
        await take_code(call, services)
