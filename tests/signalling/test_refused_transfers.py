"""A refused transfer of a seat's phone is found, with the citizen's call that it is about."""

import pytest

from ivr.signalling.refused_transfers import RefusedTransfers
from ivr.signalling.sip_message import ParsedSip, parse


def message(first: str, method: str, *headers: str, body: str = "") -> ParsedSip:
    head = (first, "Call-ID: a", f"CSeq: 1 {method}", *headers)
    return parse(("\r\n".join(head) + "\r\n\r\n" + body).encode())


RUNG = message("INVITE sip:8001@192.0.2.9 SIP/2.0", "INVITE", "X-Hotline-Call: 1700000000.1")
NOTIFY = ("NOTIFY sip:8001@192.0.2.9 SIP/2.0", "NOTIFY", "Event: refer;id=2")


@pytest.mark.parametrize(
    ("passed", "refused"),
    [
        (message("SIP/2.0 404 Not Found", "REFER"), True),
        (message("SIP/2.0 202 Accepted", "REFER"), False),
        (message("SIP/2.0 404 Not Found", "INFO"), False),
        (message(*NOTIFY, body="SIP/2.0 404 Not Found\r\n"), True),
        (message(*NOTIFY, body="SIP/2.0 200 OK\r\n"), False),
        (message("NOTIFY sip:8001@192.0.2.9 SIP/2.0", "NOTIFY", "Event: keep-alive"), False),
    ],
)
def test_a_transfer_that_asterisk_refuses_is_found(passed: ParsedSip, refused: bool) -> None:
    transfers = RefusedTransfers()
    assert not transfers.refused(RUNG, outgoing=True)
    assert transfers.refused(passed, outgoing=True) == ("1700000000.1" if refused else "")
    assert not transfers.refused(passed, outgoing=False), "a message of another peer counts as no refusal"


def test_a_refused_transfer_of_a_call_without_a_citizen_is_ignored() -> None:
    transfers = RefusedTransfers()
    transfers.refused(message("INVITE sip:8001@192.0.2.9 SIP/2.0", "INVITE", "X-Hotline-Call: x;y"), outgoing=True)
    assert not transfers.refused(message("SIP/2.0 404 Not Found", "REFER"), outgoing=True)
