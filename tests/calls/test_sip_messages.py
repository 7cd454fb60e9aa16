"""SIP messages as carriers send them."""

import asyncio
import socket
from typing import Any

import pytest

from ivr.runtime.layout import Home
from testkit.hotline.raw_sip_hotline import RawSipHotline
from testkit.signalling import Port
from testkit.waiting_async import until

STRANGER = "127.0.0.9"
UNREADABLE = {  # a header field, its replacement, and the text of `ivr refusals` about it
    "From": ("From: <sip:139@@@;;<<>", "the header From of the message cannot be read"),
    "To": ('To: "x <sip:', "the header To of the message cannot be read"),
    "Via": ("Via: SIP/2.0 nonsense", "the header Via of the message cannot be read"),
    "CSeq": ("CSeq: INVITE", "the header CSeq of the message cannot be read"),
    "Call-ID": ("X-Other: 1", "the message has no header Call-ID"),
    "Content-Length": ("Content-Length: -5", "the header Content-Length of the message cannot be read"),
    "INVITE": ("INVITE 12345 SIP/2.0", "the Request-Line of the message cannot be read"),
}


FAX_BESIDE_SOUND = (
    "m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
    "m=image 4002 udptl t38\r\na=T38FaxVersion:0\r\na=T38FaxUdpEC:t38UDPRedundancy\r\n"
)
FAX_ONLY = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=image 4002 udptl t38\r\n"


async def test_a_caller_whose_gateway_offers_t38_beside_the_sound_hears_the_hotline(street: RawSipHotline) -> None:
    caller = street.carrier.call("12369", "13900001111", offer=FAX_BESIDE_SOUND.format(port=street.carrier.rtp_port))
    await until(caller.received, "the caller hears the first prompt")
    caller.request("INVITE", FAX_ONLY, "application/sdp")
    await until(lambda: caller.answers["INVITE"] == 488, "a change of the call to T.38 is declined")
    caller.received()
    await until(caller.received, "the caller still hears the hotline")


@pytest.mark.parametrize("request_within_the_call", ["OPTIONS", "INFO", "UPDATE"])
async def test_a_carrier_that_asks_whether_a_call_is_up_gets_a_response(
    street: RawSipHotline, request_within_the_call: str
) -> None:
    """A carrier that gets none takes the call for lost and ends it."""
    caller = street.carrier.call("12369", "13900001111")
    await until(lambda: caller.answered, "the hotline answers")
    caller.request(request_within_the_call)
    await until(lambda: caller.answers.get(request_within_the_call) == 200, "the hotline responds")


async def test_a_trace_that_cannot_be_written_says_so(street: RawSipHotline) -> None:
    caller = street.carrier.call("12369", "13900001111")
    await until(lambda: caller.answered, "the hotline answers")
    result = await asyncio.to_thread(street.hotline.ivr, "trace", "--number", "12369", "--pcap", "/nowhere/calls.pcap")
    assert (result.returncode, result.stderr) == (
        1,
        "/nowhere/calls.pcap cannot be written: No such file or directory\n",
    )


async def test_unreadable_messages_are_counted_with_their_address_and_fault(
    street: RawSipHotline,
) -> None:
    port = await Port(STRANGER).open()
    port.at(street.hotline.server)
    host, number = port.server
    uri, from_header = f"sip:12345@{host}:{number}", f"<sip:13900001111@{STRANGER}>"
    whole = port.request("INVITE", uri, f"{from_header};tag=a", f"<{uri}>", "unreadable", 1)

    def refusals() -> dict[tuple[str, ...], dict[str, Any]]:
        from_stranger = [
            refusal for refusal in street.hotline.ask("refusals") if refusal["source"].startswith(f"{STRANGER}:")
        ]
        return {tuple(refusal["offered"]): refusal for refusal in from_stranger}

    def junk() -> None:
        with socket.create_connection(port.server, timeout=10, source_address=(STRANGER, 0)) as connection:
            connection.sendall(b"A" * 70000)

    try:
        for header, (replacement, _said) in UNREADABLE.items():
            lines = [replacement if line.startswith(header) else line for line in whole.split("\r\n")]
            port.send("\r\n".join(lines))
        port.send("\r\n\r\n")  # a keep-alive for NAT is no message
        port.send("\0\0\0\0")
        await asyncio.to_thread(junk)
        refusals_by_header = await until(
            lambda: len(counted := refusals()) == len(UNREADABLE) + 1 and counted, "each fault is counted, and no other"
        )
    finally:
        port.close()
    assert {(refusal["kind"], refusal["code"], refusal["count"]) for refusal in refusals_by_header.values()} == {
        ("malformed", 0, 1)
    }
    listed = (await asyncio.to_thread(street.hotline.ivr, "refusals")).stdout
    for fault in (*(fault for _replacement, fault in UNREADABLE.values()), "more than 64 KB"):
        assert fault in listed
    assert "INVITE from 127.0.0.9" in listed, "the method is listed if it could be read"
    log_text = Home(street.hotline.home).unreadable_messages.read_bytes()
    assert b"13900001111" not in log_text, "a caller's number is in a log file"
