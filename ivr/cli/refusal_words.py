"""A refused request in words that an admin can send to the carrier."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ivr.routing.calendar import CITY_TIME
from ivr.signalling.refused_requests import RefusalKind
from ivr.texts import _


def in_words(refused: Mapping[str, Any]) -> str:
    """Return one line: time, source, request, reason and advice."""
    last_at = datetime.fromisoformat(refused["last_at"]).astimezone(CITY_TIME)
    text = _(
        "{at}  {method} from {source}, caller {caller}, number {dialled}, {count} times on that day: {code}, {why}"
    )
    line = text.format(
        at=f"{last_at:%Y-%m-%d %H:%M:%S}",
        method=refused["method"] or _("a message"),
        source=refused["source"],
        caller=refused["caller"] or _("unknown"),
        dialled=refused["dialled"] or _("unknown"),
        count=refused["count"],
        code=refused["code"] or _("no response"),
        why=_reason(refused),
    )
    return f"{line} (Call-ID {refused['sip_call_id']})" if refused["sip_call_id"] else line


def _reason(refused: Mapping[str, Any]) -> str:
    if refused["kind"] == RefusalKind.MALFORMED and not refused["code"]:
        return _reason_unreadable(*refused["offered"])
    if refused["kind"] == RefusalKind.CODEC:
        return _reason_of_offer(refused["offered"])
    words = {
        RefusalKind.UNKNOWN_PEER: _(
            "neither an address of a trunk nor a password: if it is the carrier's, add the address to `hosts`"
        ),
        RefusalKind.PASSWORD: _("a wrong password: look at the phone's account, `ivr seats SEAT --secrets`"),
        RefusalKind.MALFORMED: _("the request is malformed: `ivr trace` shows it"),
        RefusalKind.FULL: _("all channels of the trunk are in use: raise `channels`, or ask for more"),
        RefusalKind.FORWARDED: _(
            "the phone forwards its calls, and the next phone rang: switch call forwarding off at the phone"
        ),
        RefusalKind.OTHER: _("refused: `ivr trace` shows the messages"),
    }
    return words[RefusalKind(refused["kind"])]


def _reason_of_offer(offered: Sequence[str]) -> str:
    """Return why the sound of an offer was not taken; see `ivr.signalling.sip_message.ParsedSip.sound_offer`."""
    profile = next((item for item in offered if "/" in item), "")
    if not offered:
        text = _("the offer has no sound (m=audio): the hotline takes no fax and no video")
    elif profile:
        text = _("the sound is offered as {profile}: please offer RTP/AVP, which is not encrypted")
    elif "PCMA" in offered or "PCMU" in offered:
        text = _(
            "the offer has {offered}: if a codec of it stands under `codecs` of the trunk, the address (c=) or the "
            "port (m=) of the sound cannot be used, and `ivr trace` shows both"
        )
    else:
        text = _(
            "no codec in common: the offer has {offered}; please offer G.711 A-law (PCMA), or name the codec under "
            "`codecs` of the trunk"
        )
    return text.format(profile=profile, offered=", ".join(offered))


def _reason_unreadable(fault: str, header: str = "") -> str:
    if fault == "missing":
        text = _("the message has no header {header}, which every SIP message must have (RFC 3261, 8.1.1)")
    elif header.endswith("-Line"):
        text = _("the {header} of the message cannot be read (RFC 3261, 25.1)")
    elif header:
        text = _("the header {header} of the message cannot be read (RFC 3261, 25.1)")
    elif fault == "too-long":
        text = _("the peer sent more than 64 KB without a SIP message in it")
    else:
        text = _("the message cannot be read (RFC 3261, 25.1)")
    return text.format(header=header)
