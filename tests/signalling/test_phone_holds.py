"""A hold that a phone makes by a re-INVITE is known once Asterisk has accepted it."""

import pytest

from ivr.signalling.phone_holds import PhoneHold, PhoneHolds
from ivr.signalling.sip_message import parse

_INVITE = "INVITE sip:8001@192.0.2.7 SIP/2.0\r\nCall-ID: a\r\nX-Hotline-Call: 17.5\r\nCSeq: 1 INVITE\r\n\r\n"
_OK = "SIP/2.0 200 OK\r\nCall-ID: a\r\nCSeq: 2 INVITE\r\n\r\n"
_BUSY = "SIP/2.0 491 Request Pending\r\nCall-ID: a\r\nCSeq: 2 INVITE\r\n\r\n"


def again(body: str) -> str:
    return f"INVITE sip:x@192.0.2.1 SIP/2.0\r\nCall-ID: a\r\nCSeq: 2 INVITE\r\n\r\n{body}"


def changes(*messages: tuple[str, bool]) -> list[PhoneHold]:
    holds = PhoneHolds()
    changes_or_none = [holds.changed(parse(text.encode()), outgoing=outgoing) for text, outgoing in messages]
    return [change for change in changes_or_none if change]


@pytest.mark.parametrize("body", ["a=sendonly\r\n", "a=inactive\r\n", "c=IN IP4 0.0.0.0\r\nm=audio 4 RTP/AVP 8\r\n"])
def test_each_way_to_hold_and_the_end_of_it(body: str) -> None:
    resumes = again("c=IN IP4 192.0.2.7\r\nm=audio 4 RTP/AVP 8\r\na=sendrecv\r\n")
    holds_and_resumes = changes((_INVITE, True), (again(body), False), (_OK, True), (again(body), False), (_OK, True),
                    (resumes, False), (_OK, True))  # fmt: skip
    assert holds_and_resumes == [PhoneHold("17.5", "8001", held=True), PhoneHold("17.5", "8001", held=False)]


def test_a_refused_reinvite_and_one_without_an_offer_hold_nothing() -> None:
    held = again("a=sendonly\r\n")
    assert not changes((held, False), (_OK, True))
    assert not changes((_INVITE, True), (held, False), (_BUSY, True))
    assert not changes((_INVITE, True), (again(""), False), (_OK, True))
    assert not changes((_INVITE, False), (held, False), (_OK, True)), "only Asterisk says which call it is"
