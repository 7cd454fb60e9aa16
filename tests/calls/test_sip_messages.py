"""SIP messages as carriers send them."""

import asyncio
import socket
from typing import Any

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


async def test_unreadable_messages_are_counted_with_their_address_and_fault(
    street: RawSipHotline,
) -> None:
    port = await Port(STRANGER).open()
    port.at(street.hotline.server)
    host, number = port.server
    uri, own = f"sip:12345@{host}:{number}", f"<sip:13900001111@{STRANGER}>"
    whole = port.request("INVITE", uri, f"{own};tag=a", f"<{uri}>", "unreadable", 1)

    def refusals() -> dict[tuple[str, ...], dict[str, Any]]:
        found = [refusal for refusal in street.hotline.ask("refusals") if refusal["source"].startswith(f"{STRANGER}:")]
        return {tuple(refusal["offered"]): refusal for refusal in found}

    def junk() -> None:
        with socket.create_connection(port.server, timeout=10, source_address=(STRANGER, 0)) as connection:
            connection.sendall(b"A" * 70000)

    try:
        for header, (other, _said) in UNREADABLE.items():
            lines = [other if line.startswith(header) else line for line in whole.split("\r\n")]
            port.send("\r\n".join(lines))
        port.send("\r\n\r\n")  # a keep-alive for NAT is no message
        port.send("\0\0\0\0")
        await asyncio.to_thread(junk)
        found = await until(
            lambda: len(now := refusals()) == len(UNREADABLE) + 1 and now, "each fault is counted, and no other"
        )
    finally:
        port.close()
    assert {(refusal["kind"], refusal["code"], refusal["count"]) for refusal in found.values()} == {("malformed", 0, 1)}
    listed = (await asyncio.to_thread(street.hotline.ivr, "refusals")).stdout
    for said in (*(said for _other, said in UNREADABLE.values()), "longer than 64 KB"):
        assert said in listed
    assert "INVITE from 127.0.0.9" in listed, "the method is listed if it could be read"
    log_text = Home(street.hotline.home).unreadable_messages.read_bytes()
    assert b"13900001111" not in log_text, "a caller's number is in a log file"
