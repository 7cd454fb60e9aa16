"""The transfers (REFER, RFC 3515) of seats' phones that Asterisk refused, from the messages that pass. Pure."""

import re
from collections import OrderedDict

from ivr.signalling.sip_message import ParsedSip

_MOST = 5000  # calls that are remembered
_CALL = re.compile(r"[0-9.]{1,40}")
_FRAGMENT = re.compile(r"SIP/2\.0 ([1-6][0-9][0-9])")


class RefusedTransfers:
    """Knows for which citizen's call each phone was rung, and finds the refusals of transfers."""

    def __init__(self) -> None:
        """Start with no call."""
        self._calls: OrderedDict[str, str] = OrderedDict()

    def refused(self, message: ParsedSip, *, outgoing: bool) -> str:
        """Take a message, in the order of their passing.

        Args:
            message: of an INVITE, a REFER or a NOTIFY.
            outgoing: whether Asterisk sent the message; only Asterisk's messages refuse a transfer.

        Returns:
            The id of the citizen's call whose agent's transfer this message refuses; "" for any other message.
        """
        if not outgoing:
            return ""
        if message.method == "INVITE" and not message.status and _CALL.fullmatch(message.get("x-hotline-call")):
            self._calls[message.call_id] = message.get("x-hotline-call")
            if len(self._calls) > _MOST:
                self._calls.popitem(last=False)
        return self._calls.get(message.call_id, "") if _refuses(message) else ""


def _refuses(message: ParsedSip) -> bool:
    """Return whether the message tells a phone that its transfer failed: at once, or by a NOTIFY (RFC 3420)."""
    if message.status:
        return message.method == "REFER" and message.status >= 300
    if message.method != "NOTIFY" or not message.get("event").startswith("refer"):
        return False
    fragment = _FRAGMENT.match(message.body)
    return fragment is not None and int(fragment[1]) >= 300
