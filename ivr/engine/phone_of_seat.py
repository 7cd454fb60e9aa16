"""The phone at which the agent of a seat can be reached."""

from ivr.asterisk.ami import seat_actions
from ivr.asterisk.ami.manager import Ami
from ivr.runtime.page_phones import page_phone


async def phone_of_seat(ami: Ami, seat: str) -> str:
    """Return the phone at which a seat is signed in.

    For a seat that is signed out, return the phone of its page if only that phone is online, else the seat's own phone.

    Raises:
        AmiError: Asterisk does not answer.
    """
    if groups := (await seat_actions.members(ami)).get(seat):
        return next(iter(groups.values()))
    online = await seat_actions.online(ami)
    return page_phone(seat) if seat not in online and page_phone(seat) in online else seat
