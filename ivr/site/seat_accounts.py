"""The SIP accounts of the seats, for an admin to type into a phone."""

from typing import TypedDict

from ivr.registry.model import Registry
from ivr.runtime.facts import Facts
from ivr.runtime.secrets import Secrets


class SeatAccount(TypedDict):
    """One account; `ivr seats --json` prints these keys."""

    seat: str
    name: str
    user: str
    password: str  # "" for a seat that was added since the last start: its password is made by the next start or reload
    pin: str  # the same
    server: str  # HOST:PORT
    groups: list[str]


def seat_accounts(registry: Registry, facts: Facts, secrets: Secrets) -> list[SeatAccount]:
    """Return the account of each seat, in the order of the registry."""
    return [
        SeatAccount(
            seat=seat.number,
            name=seat.name,
            user=seat.number,
            password=secrets.seat_passwords.get(seat.number, ""),
            pin=secrets.seat_pins.get(seat.number, ""),
            server=facts.server,
            groups=list(seat.groups),
        )
        for seat in registry.seats.values()
    ]
