"""Feature codes of the seats: ``*81`` sign in, ``*80`` sign out, ``*82`` busy, ``*83`` ready, ``*85`` call back.

``*81`` and ``*80`` followed by a seat's number sign that seat in or out at any phone, and ask for its PIN.
"""

from agi_scripts.callback import ring_back
from agi_scripts.keypad import digits
from agi_scripts.pins import PinVerdict
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import monitoring, seats
from ivr.asterisk.agi.call import Call
from ivr.registry.model import Seat
from ivr.routing.seating import SignIn, decide_sign_in

REASONS = {"": "", "1": "break", "2": "meal", "3": "meeting", "4": "training", "5": "paperwork"}  # *82 and a digit
_LONGEST_PIN = 12
_PIN_SECONDS = 10.0


async def seat(call: Call, services: ScriptServices) -> None:
    """An agent dials a feature code at a phone and hears the result."""
    phone, dialled = call.args[:2]
    code, digits_after_code = dialled[:3], dialled[3:]
    await call.answer()
    if phone not in services.registry.seats:
        await call.play("seat-unknown")
        return
    seat_here = services.registry.seats.get(
        await seats.seat_at(call, phone)
    )  # None if the registry has no such seat now
    match code:
        case "*81" if digits_after_code:
            if named_seat := await _seat_by_pin(call, services, digits_after_code, phone):
                await _sign_in(call, named_seat, phone, seat_here)
        case "*80" if digits_after_code:
            if named_seat := await _seat_by_pin(call, services, digits_after_code, phone):
                await _sign_out(call, named_seat, await seats.phone_of(call, named_seat.number))
        case "*81":
            await _sign_in(call, services.registry.seats[phone], phone, seat_here)
        case _ if seat_here is None:
            await call.play("seat-not-signed-in")
        case "*80":
            await _sign_out(call, seat_here, phone)
        case _:
            await _busy_or_ready(call, services, dialled, phone, seat_here)


async def _busy_or_ready(call: Call, services: ScriptServices, dialled: str, phone: str, seat_here: Seat) -> None:
    code, digits_after_code = dialled[:3], dialled[3:]
    match code:
        case _ if not await seats.is_signed_in(call, phone, seat_here.groups):
            await call.play("seat-not-signed-in")
        case "*82" if digits_after_code not in REASONS:
            await call.play("seat-reason-unknown")
        case "*82":
            await seats.busy(call, phone, REASONS[digits_after_code])
            await call.play("seat-busy")
        case "*85" if await monitoring.may_be_joined(call, phone):
            await call.play("beeperr")
        case "*85":
            await ring_back(call, services, seat_here.number)
        case "*83":
            if services.registry.timers.wrapup:
                await seats.end_wrapup(call, seat_here.number, phone, seat_here.groups)
            await seats.ready(call, phone)
            await call.play("seat-ready")


async def _seat_by_pin(call: Call, services: ScriptServices, number: str, phone: str) -> Seat | None:
    """Ask for the PIN of a seat; return None if the PIN is wrong or no such seat exists: the caller hears the same."""
    if await services.wrong_pins.too_many(number, phone, services.now()):
        await call.play("seat-pin-paused")
        return None
    pin = await digits(call, ["seat-enter-pin"], _PIN_SECONDS, _LONGEST_PIN)
    seat_pin = services.seat_pins().get(number, "")
    match await services.wrong_pins.check(number, phone, pin, seat_pin=seat_pin, now=services.now()):
        case PinVerdict.RIGHT:
            return services.registry.seats.get(number)
        case PinVerdict.WRONG:
            await call.play("seat-pin-wrong")
        case PinVerdict.PAUSED:
            await call.play("seat-pin-paused")
    return None


async def _sign_in(call: Call, seat: Seat, phone: str, seat_here: Seat | None) -> None:
    """Sign the seat in at the phone, unless it is signed in at another phone, or another seat is at this phone."""
    seats_phone = await seats.phone_of(call, seat.number)
    present_phone = seats_phone if await seats.is_signed_in(call, seats_phone, seat.groups) else None
    is_signed_in_here = seat_here is not None and await seats.is_signed_in(call, phone, seat_here.groups)
    match decide_sign_in(
        seat.number,
        phone,
        present_phone=present_phone,
        seat_at_phone=seat_here.number if seat_here and is_signed_in_here else None,
    ):
        case SignIn.ELSEWHERE:
            await call.play("seat-elsewhere")
        case SignIn.PHONE_TAKEN:
            await call.play("seat-phone-taken")
        case SignIn.DONE:
            await seats.sign_in(call, seat.number, phone, seat.groups)
            await call.play("seat-signed-in")


async def _sign_out(call: Call, seat: Seat, phone: str) -> None:
    await seats.sign_out(call, seat.number, phone, seat.groups)
    await call.play("seat-signed-out")
