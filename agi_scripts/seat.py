"""Feature codes of the seats: ``*81`` sign in, ``*80`` sign out, ``*82`` busy, ``*83`` ready."""

from agi_scripts.hotline import Hotline
from ivr.asterisk import seats
from ivr.asterisk.call import Call


async def seat(call: Call, hotline: Hotline) -> None:
    """An agent dials a feature code from the seat's phone and hears what came of it."""
    number, code = call.args[:2]
    await call.answer()
    registered = hotline.registry.seats.get(number)
    if registered is None:
        await call.play("seat-unknown")
        return
    signed_in = await seats.is_signed_in(call, number, registered.groups)
    match code:
        case "*81":
            await seats.sign_in(call, number, registered.groups)
            await call.play("seat-signed-in")
        case "*80":
            await seats.sign_out(call, number, registered.groups)
            await call.play("seat-signed-out")
        case _ if not signed_in:
            await call.play("seat-not-signed-in")
        case "*82":
            await seats.busy(call, number)
            await call.play("seat-busy")
        case "*83":
            await seats.ready(call, number)
            await call.play("seat-ready")
