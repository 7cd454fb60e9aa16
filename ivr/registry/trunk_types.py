"""The kinds of value of a trunk. Each function turns text into a value, or refuses the text with a reason."""

import re
from enum import StrEnum
from typing import TypeVar

from ivr.registry.field_types import RefusedError
from ivr.registry.field_types import host as host_name
from ivr.registry.quoting import shown, with_nearest
from ivr.registry.trunk_model import PROFILES, DtmfMode, Host, NumberForm, ShownNumber, SipTransport
from ivr.texts import _

CODECS = ("alaw", "ulaw", "g722", "g729")
_W = TypeVar("_W", bound=StrEnum)
_DIALLED = ("request-uri", "to", "p-called-party-id")
_CALLER = ("from", "p-asserted-identity")
# Other sections of pjsip.conf, and words with another meaning in a Dial string or a log.
_RESERVED = frozenset({"transport", "tcp", "phones", "global", "system", "anonymous", "trunk", "all", "none"})


def name(text: str) -> str:
    """A trunk's name: it is in Asterisk's channel names, in logs and metrics."""
    if not re.fullmatch(r"[a-z][a-z0-9]{0,8}", text) or text in _RESERVED:
        message = _("{value} is not a name for a trunk; use a-z and 0-9, starting with a letter, 9 at most, as in ims")
        raise RefusedError(message.format(value=shown(text)))
    return text


def host(text: str) -> Host:
    """A host name or an IPv4 address, with or without a port."""
    name, colon, port = text.partition(":")
    if not colon:
        return Host(host_name(text))
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        message = _("{value} has no port from 1 to 65535; write it as in 192.0.2.30:5060")
        raise RefusedError(message.format(value=shown(text)))
    return Host(host_name(name), int(port))


def account(text: str) -> str:
    """A user name that the carrier assigned."""
    return _matching(r"[A-Za-z0-9+._-]{1,64}", text, _("{value} is not a user name; write letters, digits and + . _ -"))


def auth_account(text: str) -> str:
    """A user name for the digest; an IMS private identity holds an @."""
    message = _("{value} is not a user name; write letters, digits and + . _ - @")
    return _matching(r"[A-Za-z0-9+._@-]{1,128}", text, message)


def realm(text: str) -> str:
    """A realm of the digest."""
    return _matching(r"[A-Za-z0-9._@-]{1,128}", text, _("{value} is not a realm, such as ims.example.cn"))


def file_name(text: str) -> str:
    """A file beside numbers.yaml."""
    message = _("{value} is not a file beside numbers.yaml; write its name, as in carrier.pem")
    return _matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text, message)


def own_number(text: str) -> str:
    """A number of the hotline at the carrier, in the carrier's form."""
    message = _("{value} is not a number that a carrier takes; write 3 to 20 digits, with or without a + before them")
    return _matching(r"\+?[0-9]{3,20}", text, message)


def beginning(text: str) -> str:
    """Digits at the front of a number."""
    return _matching(
        r"\+?[0-9]{0,12}", text, _("{value} is not the beginning of a number; write digits, or + and digits")
    )


def dialled(text: str) -> str:
    """The place of the number dialled."""
    return _place(text, _DIALLED)


def caller(text: str) -> str:
    """The place of the caller's number."""
    return _place(text, _CALLER)


def transport(text: str) -> SipTransport:
    """The transport of SIP with a carrier."""
    found = seat_transport(text)
    if found is SipTransport.WSS:
        raise RefusedError(_("{value} is a transport of seats' phones only; use udp, tcp or tls").format(value=text))
    return found


def seat_transport(text: str) -> SipTransport:
    """The transport of SIP with a seat's phone."""
    return _word(text, SipTransport, _("{value} is not a transport"))


def shown_number(text: str) -> ShownNumber:
    """The number that the called party sees."""
    return _word(text, ShownNumber, _("{value} is not a way to show a number"))


def form(text: str) -> NumberForm:
    """The form of a number."""
    return _word(text, NumberForm, _("{value} is not a way to write numbers"))


def keys(text: str) -> DtmfMode:
    """The transport of pressed keys (DTMF)."""
    return _word(text, DtmfMode, _("{value} is not a way in which keys come"))


def codec(text: str) -> str:
    """A codec that a trunk may use."""
    if text not in CODECS:
        raise RefusedError(with_nearest(_("{value} is not a codec here").format(value=shown(text)), text, CODECS))
    return text


def profile(text: str) -> str:
    """The name of a profile."""
    if text not in PROFILES:
        raise RefusedError(with_nearest(_("{value} is not a profile").format(value=shown(text)), text, PROFILES))
    return text


def switch(text: str) -> bool:
    """True or false, for keys that a profile may have set otherwise."""
    if text not in ("true", "false"):
        raise RefusedError(_("{value} is neither true nor false").format(value=shown(text)))
    return text == "true"


def _place(text: str, words: tuple[str, ...]) -> str:
    if text in words or re.fullmatch(r"header [A-Za-z][A-Za-z0-9-]{0,39}", text):
        return text
    message = _("{value} is not a place in a SIP message; write one of {words}, or: header X-Name")
    raise RefusedError(message.format(value=shown(text), words=", ".join(words)))


def _word(text: str, words: type[_W], message: str) -> _W:
    try:
        return words(text)
    except ValueError:
        raise RefusedError(with_nearest(message.format(value=shown(text)), text, words)) from None


def _matching(pattern: str, text: str, message: str) -> str:
    if not re.fullmatch(pattern, text):
        raise RefusedError(message.format(value=shown(text)))
    return text
