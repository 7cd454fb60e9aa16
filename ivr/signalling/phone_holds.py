"""The holds that seats' phones make by a re-INVITE (RFC 3264, 8.4; RFC 2543), from the messages that pass. Pure."""

import re
from collections import OrderedDict
from dataclasses import dataclass, replace

from ivr.signalling.sip_message import ParsedSip

_MOST = 5000  # phones that are remembered
_CALL = re.compile(r"[0-9.]{1,40}")
_HELD = re.compile(r"(?m)^(?:a=(?:sendonly|inactive)|c=IN IP4 0\.0\.0\.0)\s*$")


@dataclass(frozen=True, slots=True)
class PhoneHold:
    """A phone holds the other party, or took the call up again."""

    call: str  # id of the citizen's call
    seat: str  # user of the phone's address
    held: bool


@dataclass(frozen=True, slots=True)
class _PhoneState:
    call: str
    seat: str
    held: bool = False
    asked: bool = False  # the state that the last re-INVITE asks for


class PhoneHolds:
    """Knows for which citizen's call each phone was rung, and whether the phone holds."""

    def __init__(self) -> None:
        """Start with no call."""
        self._phones: OrderedDict[str, _PhoneState] = OrderedDict()

    def changed(self, message: ParsedSip, *, outgoing: bool) -> PhoneHold | None:
        """Take a message of an INVITE transaction, in the order of their passing; return the change of a hold.

        A re-INVITE counts once Asterisk has accepted it.
        """
        if message.method != "INVITE":
            return None
        if outgoing and not message.status and _CALL.fullmatch(message.get("x-hotline-call")):
            self._phones[message.call_id] = _PhoneState(message.get("x-hotline-call"), message.number("request-uri"))
            if len(self._phones) > _MOST:
                self._phones.popitem(last=False)
            return None
        phone = self._phones.get(message.call_id)
        if phone is None:
            return None
        if not outgoing and not message.status and message.body:
            self._phones[message.call_id] = replace(phone, asked=bool(_HELD.search(message.body)))
        elif outgoing and 200 <= message.status < 300 and phone.asked != phone.held:
            self._phones[message.call_id] = replace(phone, held=phone.asked)
            return PhoneHold(phone.call, phone.seat, phone.asked)
        return None
