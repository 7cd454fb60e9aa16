"""Requests that were refused before they became a call or a registration, with reason and offer. Pure."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

from ivr.signalling.sip_message import ParsedSip

_MOST = 2000  # requests that are remembered at once; a flood must not fill the memory
_UNANSWERED = 5.0  # seconds after which a challenge (401) counts as not answered
_CODEC = frozenset({415, 488, 606})
_NEGOTIATION = frozenset({401, 407, 422, 423, 487, 491})  # the request goes on, or the caller ended it


class RefusalKind(StrEnum):
    """The reason why a request was refused."""

    CODEC = "codec"  # no codec in common
    UNKNOWN_PEER = "unknown-peer"  # the peer has neither a trunk's address nor a password
    PASSWORD = "password"  # a wrong password
    MALFORMED = "malformed"
    FULL = "full"  # the trunk's channels are in use, or the hotline is being stopped
    FORWARDED = "forwarded"  # a phone that the hotline rang redirects its calls
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RequestRefusal:
    """One request that was refused."""

    at: float  # seconds since 1970
    kind: RefusalKind
    method: str
    source: tuple[str, int]
    caller: str  # digits; "" if unknown
    dialled: str
    code: int  # 0: it was not answered
    offered: tuple[str, ...]  # see `ParsedSip.sound_offer`; for an unreadable message, the fault and the header
    agent: str  # User-Agent
    call_id: str


@dataclass(slots=True)
class _Pending:
    at: float
    source: tuple[str, int]
    request: ParsedSip
    challenged_at: float = 0.0
    rings_phone: bool = False  # the hotline sent it, to the phone at `source`


class RefusalWatch:
    """Pairs requests that come in with the hotline's responses."""

    def __init__(self) -> None:
        """Begin without a request."""
        self._pending: OrderedDict[str, _Pending] = OrderedDict()

    def came_in(self, request: ParsedSip, source: tuple[str, int], at: float) -> None:
        """Take an incoming INVITE or REGISTER, its retransmissions, or its second try with a password."""
        earlier = self._pending.get(request.call_id)
        challenged_at = earlier.challenged_at if earlier and not request.get("authorization") else 0.0
        self._pending[request.call_id] = _Pending(at, source, request, challenged_at)
        while len(self._pending) > _MOST:
            self._pending.popitem(last=False)

    def went_out(self, request: ParsedSip, phone: tuple[str, int], at: float) -> None:
        """Take an INVITE that rings a phone."""
        self._pending[request.call_id] = _Pending(at, phone, request, rings_phone=True)
        while len(self._pending) > _MOST:
            self._pending.popitem(last=False)

    def responded(self, response: ParsedSip, at: float) -> RequestRefusal | None:
        """Take a response; return its refusal, if it is one. Of a phone's responses only a redirection is a refusal."""
        pending = self._pending.get(response.call_id)
        code = response.status
        if pending is None or code < 200:
            return None
        if pending.rings_phone:
            if 300 <= code < 400:
                return self._refused_request(response.call_id, pending, RefusalKind.FORWARDED, code)
            del self._pending[response.call_id]
            return None
        if code in _NEGOTIATION:
            stale = "stale=true" in response.get("www-authenticate")
            if code == 401 and pending.request.get("authorization") and not stale:
                return self._refused_request(response.call_id, pending, RefusalKind.PASSWORD, code)
            if code == 401:
                pending.challenged_at = pending.challenged_at or at
            return None
        if code < 300:
            del self._pending[response.call_id]
            return None
        kind = _kind(code, has_password=bool(pending.request.get("authorization")))
        return self._refused_request(response.call_id, pending, kind, code)

    def overdue(self, at: float) -> list[RequestRefusal]:
        """Return the requests that were challenged and did not come again with a password; forget old requests."""
        refused = []
        for call_id, pending in list(self._pending.items()):
            if pending.challenged_at and at - pending.challenged_at >= _UNANSWERED:
                refused.append(self._refused_request(call_id, pending, RefusalKind.UNKNOWN_PEER, 401))
            elif at - pending.at > 60:
                del self._pending[call_id]
        return refused

    def _refused_request(self, call_id: str, pending: _Pending, kind: RefusalKind, code: int) -> RequestRefusal:
        del self._pending[call_id]
        request = pending.request
        return RequestRefusal(
            at=pending.at,
            kind=kind,
            method=request.method,
            source=pending.source,
            caller=request.number("p-asserted-identity") or request.number("from"),
            dialled=request.number("request-uri"),
            code=code,
            offered=request.sound_offer,
            agent="".join(sign for sign in request.get("user-agent")[:60] if sign.isprintable()),
            call_id="".join(sign for sign in call_id[:120] if sign.isprintable()),
        )


def _kind(code: int, *, has_password: bool) -> RefusalKind:
    if code in _CODEC:
        return RefusalKind.CODEC
    if code == 503:
        return RefusalKind.FULL
    if code in (400, 416):
        return RefusalKind.MALFORMED
    if code in (403, 404) and has_password:
        return RefusalKind.PASSWORD
    return RefusalKind.OTHER
