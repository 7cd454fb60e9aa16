"""Asterisk's log lines about messages that it cannot read; the log has the messages themselves, which are hostile."""

from ivr.asterisk.logs.unreadable import UnreadableMessage, unreadable_messages

HEAD = "[2026-11-30 23:40:13.469] TRACE[17281] pjproject: \t       "
DROPPED = (
    HEAD + "sip_transport.c Dropping 239 bytes packet from UDP 192.0.2.7:5060 : PJSIP syntax error exception when "
    "parsing '{header}' header on line 3 col 16\n"
)
MISSING = (
    HEAD + "sip_endpoint.c Error processing packet from 2001:db8::7:5060: Missing required header(s) "
    "(PJSIP_EMISSINGHDR)  {header} [code 171050]:\n{first}\r\nVia: x\r\n\r\n\n-- end of packet.\n"
)


def read(text: str) -> list[UnreadableMessage]:
    return unreadable_messages(text.encode())


def test_fault_address_header_and_method_are_read() -> None:
    text = DROPPED.format(header="From") + MISSING.format(header="Call-ID", first="INVITE sip:12345@192.0.2.1 SIP/2.0")
    assert read(text) == [
        UnreadableMessage(("192.0.2.7", 5060), "", "unreadable", "From"),
        UnreadableMessage(("2001:db8::7", 5060), "INVITE", "missing", "Call-ID"),
    ]


def test_a_header_that_the_sender_invents_is_not_named() -> None:
    """Otherwise an attacker could add rows to the database without limit."""
    assert read(DROPPED.format(header="X-Flood-17"))[0].header == ""
    assert read(DROPPED.format(header="FROM"))[0].header == "From"
    assert read(DROPPED.format(header="Request Line"))[0].header == "Request-Line"


def test_a_text_too_short_for_a_message_is_ignored() -> None:
    assert read(DROPPED.replace("239", "4").format(header="Request Line")) == []


def test_bytes_that_are_no_utf8_are_read_without_an_error() -> None:
    overflow = (HEAD + "sip_endpoint.c Error processing packet from 192.0.2.7:9: Rx buffer overflow "
                "(PJSIP_ERXOVERFLOW)  [code 171062]:\n").encode() + bytes(range(256)) * 9  # fmt: skip
    assert unreadable_messages(overflow) == [UnreadableMessage(("192.0.2.7", 9), "", "too-long", "")]
    assert unreadable_messages(bytes(range(256)) * 9) == []
