"""The parts of a SIP message (RFC 3261) that the hotline needs. Pure; the content is hostile."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_COMPACT = {
    "i": "call-id",
    "f": "from",
    "t": "to",
    "v": "via",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}
_STATUS = re.compile(r"SIP/2\.0 ([1-6][0-9][0-9])(?: |$)")
_USER = re.compile(r"(?:sips?|tel):\+?([0-9*#]{1,24})")
_FOLD = re.compile(r"\n[ \t]+")  # a header goes on in the next line
_LONGEST = 200  # characters of a value that is shown


@dataclass(frozen=True, slots=True)
class ParsedSip:
    """One message: a request, or a response."""

    first: str  # request line or status line
    headers: Mapping[str, str]  # the first header of each name; names in lower case, long form
    body: str
    status: int  # of a response; 0 of a request
    method: str  # of a request, or of the request that a response answers

    @property
    def call_id(self) -> str:
        """The Call-ID; "" if it is missing."""
        return self.get("call-id")

    @property
    def reason(self) -> str:
        """The reason phrase of a response."""
        return self.first.split(" ", 2)[2][:_LONGEST] if self.first.count(" ") > 1 else ""

    def get(self, name: str) -> str:
        """Return the first header of a name; "" if there is no such header."""
        return self.headers.get(name, "")

    def number(self, header: str) -> str:
        """Return the number in a header's URI, or in the request line for "request-uri"; "" if there is no number."""
        text = self.first if header == "request-uri" else self.get(header)
        match = _USER.search(text)
        return match[1] if match else ""

    @property
    def codecs(self) -> tuple[str, ...]:
        """The codecs that the body offers, in order: "PCMA", "G729", "telephone-event"."""
        audio = re.search(r"(?m)^m=audio [0-9]+ \S+((?: [0-9]{1,3})+)", self.body)
        if not audio:
            return ()
        named = dict(re.findall(r"(?m)^a=rtpmap:([0-9]{1,3}) ([A-Za-z0-9.-]{1,30})", self.body))
        return tuple(dict.fromkeys(named.get(payload) or _STATIC.get(payload, payload) for payload in audio[1].split()))

    @property
    def sound_offer(self) -> tuple[str, ...]:
        """The codecs that the body offers, behind the transport of the sound if that is not RTP/AVP: "RTP/SAVP"."""
        profile = re.search(r"(?m)^m=audio [0-9]+ ([A-Z/]{1,30})", self.body)
        return (*((profile[1],) if profile and profile[1] != "RTP/AVP" else ()), *self.codecs)


_STATIC = {"0": "PCMU", "3": "GSM", "4": "G723", "8": "PCMA", "9": "G722", "15": "G728", "18": "G729"}  # RFC 3551


def parse(payload: bytes) -> ParsedSip:
    """Read a message; a text that is no message has no headers."""
    head, _blank, body = payload.decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")
    if "\n " in head or "\n\t" in head:
        head = _FOLD.sub(" ", head)
    first, *lines = head.split("\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            key = name.strip().lower()
            headers.setdefault(_COMPACT.get(key, key), value.strip())
    match = _STATUS.match(first)
    method = headers.get("cseq", "").rpartition(" ")[2] if match else first.partition(" ")[0]
    return ParsedSip(first, headers, body, int(match[1]) if match else 0, method)
