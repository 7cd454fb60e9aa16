"""Seats that only the front of a cluster can serve. Pure."""

from ivr.registry.model import Registry
from ivr.registry.trunk_model import SipTransport
from ivr.texts import _


def seats_that_need_front(registry: Registry) -> list[str]:
    """Return a line for each seat whose phone a hotline on one machine cannot serve.

    Such a hotline has a WebSocket for the phones in pages only, behind the desk.
    """
    text = _("{place}: seat {seat} has transport: wss, which only the front of a cluster serves; use tls")
    seats = [seat for seat in registry.seats.values() if seat.transport is SipTransport.WSS]
    return [text.format(place=seat.place, seat=seat.number) for seat in seats]
