"""A refused request is counted with its reason and its offer; an accepted request is not."""

import pytest

from ivr.cli.refusal_words import in_words
from ivr.signalling.refused_requests import RefusalKind, RefusalWatch, RequestRefusal
from ivr.signalling.sip_message import ParsedSip, parse

PEER = ("192.0.2.7", 5060)
OFFER = "v=0\r\nm=audio 4000 RTP/AVP 18 101\r\na=rtpmap:101 telephone-event/8000\r\n"


def request(method: str = "INVITE", *more: str, call_id: str = "a", body: str = OFFER) -> ParsedSip:
    head = (
        f"{method} sip:12345@192.0.2.1 SIP/2.0", "From: <sip:13900001111@192.0.2.7>;tag=1", "To: <sip:12345@192.0.2.1>",
        f"i: {call_id}", f"CSeq: 1 {method}", "User-Agent: SoftX3000 V6", *more,
    )  # fmt: skip
    return parse(("\r\n".join(head) + "\r\n\r\n" + body).encode())


def response(status: int, method: str = "INVITE", *more: str, call_id: str = "a") -> ParsedSip:
    return parse(
        "\r\n".join((f"SIP/2.0 {status} x", f"Call-ID: {call_id}", f"CSeq: 1 {method}", *more, "", "")).encode()
    )


def refused(*messages: ParsedSip, after: float = 0) -> list[RequestRefusal]:
    watch, refusals = RefusalWatch(), []
    for message in messages:
        if message.status:
            if refusal := watch.responded(message, 1000.0):
                refusals.append(refusal)
        else:
            watch.came_in(message, PEER, 1000.0)
    return refusals + (watch.overdue(1000.0 + after) if after else [])


def test_no_codec_in_common_is_kept_with_the_offer() -> None:
    [refusal] = refused(request(), response(100), response(488))
    assert (refusal.kind, refusal.code, refusal.offered) == (RefusalKind.CODEC, 488, ("G729", "telephone-event"))
    assert (refusal.caller, refusal.dialled, refusal.source, refusal.agent) == (
        "13900001111",
        "12345",
        PEER,
        "SoftX3000 V6",
    )


SRTP = "v=0\r\nm=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\n"
FAX = "v=0\r\nm=image 4000 udptl t38\r\n"
NO_ADDRESS = "v=0\r\nc=IN IP4 sbc.invalid\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        (OFFER, "no codec in common: the offer has G729, telephone-event; please offer G.711 A-law"),
        (SRTP, "the sound is offered as RTP/SAVP: please offer RTP/AVP"),
        (FAX, "the offer has no sound (m=audio): the hotline takes no fax"),
        (NO_ADDRESS, "the address (c=) or the port (m=) of the sound cannot be used"),
    ],
)
def test_the_advice_about_an_offer_is_about_its_fault(body: str, advice: str) -> None:
    """Only an offer without G.711 lacks G.711."""
    [refusal] = refused(request(body=body), response(488))
    at = "2026-12-01T09:30:00+08:00"
    fields = {"last_at": at, "count": 1, "sip_call_id": "", "code": 488, "kind": refusal.kind, "method": "INVITE"}
    line = in_words(fields | {"source": "192.0.2.7:5060", "caller": "", "dialled": "", "offered": refusal.offered})
    assert advice in line


@pytest.mark.parametrize(
    ("status", "kind"),
    [(503, RefusalKind.FULL), (400, RefusalKind.MALFORMED), (606, RefusalKind.CODEC), (420, RefusalKind.OTHER)],
)
def test_each_status_has_its_reason(status: int, kind: RefusalKind) -> None:
    assert [refusal.kind for refusal in refused(request(), response(status))] == [kind]


def test_a_peer_without_a_password_is_unknown_once_it_does_not_come_again() -> None:
    assert [refusal.kind for refusal in refused(request(), response(401), after=6)] == [RefusalKind.UNKNOWN_PEER]


def test_a_wrong_password_is_told_from_a_phone_that_registers() -> None:
    with_password = request("REGISTER", 'Authorization: Digest username="8001"')
    first, challenge = request("REGISTER"), response(401, "REGISTER", 'WWW-Authenticate: Digest nonce="1"')
    assert [refusal.kind for refusal in refused(first, challenge, with_password, challenge)] == [RefusalKind.PASSWORD]
    assert refused(first, challenge, with_password, response(200, "REGISTER"), after=6) == []
    stale = response(401, "REGISTER", 'WWW-Authenticate: Digest nonce="2", stale=true')
    assert refused(first, challenge, with_password, stale, with_password, response(200, "REGISTER"), after=6) == []


@pytest.mark.parametrize("statuses", [(100, 180, 200), (422,), (487,), (491,)])
def test_a_call_that_goes_on_or_that_the_caller_ended_is_no_refusal(statuses: tuple[int, ...]) -> None:
    assert refused(request(), *map(response, statuses), after=6) == []


def test_a_flood_fills_no_memory() -> None:
    watch = RefusalWatch()
    for number in range(5000):
        watch.came_in(request(call_id=str(number)), PEER, 1000.0)
    assert len(watch.overdue(1000.0)) == 0
    assert watch.responded(response(488, call_id="1"), 1000.0) is None, "the oldest is forgotten"
    assert watch.responded(response(488, call_id="4999"), 1000.0)


@pytest.mark.parametrize("hostile", [b"", b"\xff\xfe\x00", b"INVITE", b"SIP/2.0 999 x\r\n\r\n", b"a: b\n" * 5000])
def test_any_message_is_read_without_an_error(hostile: bytes) -> None:
    message = parse(hostile)
    assert message.call_id == "" and message.codecs == () and message.number("from") == ""
    assert refused(message, message) == []


@pytest.mark.parametrize(
    ("code", "kinds"), [(302, [RefusalKind.FORWARDED]), (380, [RefusalKind.FORWARDED]), (486, []), (603, [])]
)
def test_a_phone_that_forwards_its_calls_is_named_and_one_that_declines_is_not(
    code: int, kinds: list[RefusalKind]
) -> None:
    watch = RefusalWatch()
    watch.went_out(request(), ("192.0.2.7", 5062), 1.0)
    refusal = watch.responded(response(code), 2.0)
    assert ([refusal.kind] if refusal else []) == kinds
    assert not refusal or refusal.source == ("192.0.2.7", 5062)
