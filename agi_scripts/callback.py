"""Callbacks (漏接电话回拨): a caller asks for one, and an agent makes it."""

from agi_scripts.recording import start_recording
from agi_scripts.services import NoCallback, ScriptServices
from ivr.asterisk.agi import offers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.offers import DialEnd
from ivr.call_events.codec import encode
from ivr.call_events.values import CallbackResult, Reason
from ivr.call_events.vocabulary import CallbackSettled, CallbackStarted, FallbackTaken
from ivr.routing.callback import number_to_ring

KEY = "2"
RESULTS = {
    "1": CallbackResult.REACHED,
    "2": CallbackResult.VOICEMAIL,
    "3": CallbackResult.WRONG_NUMBER,
    "4": CallbackResult.AGAIN,
}
"""Keys of an agent whose callback has ended."""
_RESULT_SECONDS = 8.0
_REFUSED = {NoCallback.NOBODY: "callback-none", NoCallback.CLOSED: "callback-closed"}


async def promise_callback(call: Call, services: ScriptServices) -> bool:
    """Promise a callback to a caller who pressed 2; return False for another key, or if the number cannot be called."""
    if await offers.key_pressed(call) != KEY:
        return False
    if not number_to_ring(services.registry, call.caller):
        await call.play("callback-no-number")
        return False
    await call.note(*encode(FallbackTaken(Reason.CALLBACK)))
    await call.play("callback-promised")
    return True


async def callback(call: Call, services: ScriptServices) -> None:
    """Ring the citizen: an agent has answered the phone that `ivr callbacks ring` rang."""
    seat, missed = call.args
    await ring_back(call, services, seat, missed)


async def ring_back(call: Call, services: ScriptServices, seat: str, missed: str = "") -> None:
    """Ring the caller of a missed call; without ``missed``, of the callback that has been due longest.

    Two agents never ring the same caller.
    """
    async with services.claim_callback(missed) as due:
        if isinstance(due, NoCallback):
            await call.play(_REFUSED[due])
            return
        await call.play("callback-next")
        await call.note(*encode(CallbackStarted(due.call_id, due.number, seat)))
        await start_recording(call, services)
        await offers.name_line(call, due.line)
        seconds, shown = services.registry.timers.center, services.registry.hotline.number
        end = await offers.ring_citizen(call, due.number, seconds, shown=shown, greeting="callback-greeting")
        if end is not DialEnd.SERVED:
            await call.play("callback-silent")
            return
        key = await call.ask(["callback-result"], "".join(RESULTS), _RESULT_SECONDS)
        if result := RESULTS.get(key):
            await settle(call, result)
            await call.play("beep")


async def settle(call: Call, result: CallbackResult) -> None:
    """Note the result of a callback that the agent chose."""
    await call.note(*encode(CallbackSettled(result)))
