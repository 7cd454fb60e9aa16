"""The SIP accounts of the seats, for an admin to type into a phone."""

from typing import TypedDict
from xml.etree import ElementTree

from ivr.registry.model import Registry, Seat
from ivr.registry.trunk_model import SipTransport
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.secrets import Secrets


class SeatAccount(TypedDict):
    """An account; `ivr seats --json` prints these keys."""

    seat: str
    name: str
    user: str
    password: str  # "" for a seat that was added since the last start: its password is made by the next start or reload
    pin: str  # "" in the same case
    server: str  # HOST:PORT; with wss, the URL of the WebSocket
    transport: str  # udp, tcp; tls, with which the sound is SRTP (keys by SDES); wss, with which it is WebRTC's
    groups: list[str]


def seat_accounts(registry: Registry, facts: HotlineFacts, secrets: Secrets) -> list[SeatAccount]:
    """Return the account of each seat, in the order of the registry."""
    return [
        SeatAccount(
            seat=seat.number,
            name=seat.name,
            user=seat.number,
            password=secrets.seat_passwords.get(seat.number, ""),
            pin=secrets.seat_pins.get(seat.number, ""),
            server=_server(seat, facts),
            transport=seat.transport.value,
            groups=list(seat.groups),
        )
        for seat in registry.seats.values()
    ]


def _server(seat: Seat, facts: HotlineFacts) -> str:
    if seat.transport is SipTransport.WSS:
        return f"wss://{facts.tls_server}"
    return facts.tls_server if seat.transport is SipTransport.TLS else facts.server


def account_config(account: SeatAccount) -> str:
    """Return the account in the XML that the scanner of Grandstream Wave (free, Android and iOS) reads directly.

    There is no standard: other scanners ask for the web address of a provisioning server.
    """
    config = ElementTree.Element("AccountConfig", version="1")
    entry = ElementTree.SubElement(config, "Account")
    for name, text in (
        ("RegisterServer", account["server"]),
        ("UserID", account["user"]),
        ("AuthID", account["user"]),
        ("AuthPass", account["password"]),
        ("AccountName", account["seat"]),
        ("DisplayName", account["seat"]),
        *((("Transport", account["transport"].upper()),) if account["transport"] != SipTransport.UDP else ()),
        *((("SRTP", "SDES"),) if account["transport"] == SipTransport.TLS else ()),
    ):
        ElementTree.SubElement(entry, name).text = text
    return '<?xml version="1.0" encoding="utf-8"?>' + ElementTree.tostring(config, encoding="unicode")
