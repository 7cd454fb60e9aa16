"""Seats' phones with TLS and SRTP, phones with TCP, and two phones with one account."""

import re

from ivr.asterisk.config.console import Console
from ivr.runtime.layout import Home
from testkit.hotline.desk import talk
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones, SeatPhone
from tests.calls.conftest import ONE_PHONE, OVER_TCP, OVER_TLS


async def test_phones_with_tls_and_srtp_and_phones_with_tcp_take_calls(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    listed = {row["seat"]: (row["transport"], row["server"]) for row in hotline.json("seats")}
    host, _colon, port = hotline.server.partition(":")
    encrypted = f"{host}:{int(port) + 1}"
    assert listed[OVER_TLS] == ("tls", encrypted)
    assert (listed[OVER_TCP], listed[ONE_PHONE]) == (("tcp", hotline.server), ("udp", hotline.server))
    certificate = hotline.home / "tls" / "certificate.pem"
    password = hotline.password(OVER_TLS)
    agent = SeatPhone(
        phones, OVER_TLS, password, encrypted, name="agent", transport="tls", trusts=certificate
    ).register()
    seat.sign_in(agent)
    citizen = carrier.call("12369")
    phones.until(lambda: agent.ringing, 15, "the agent's phone rings")
    assert agent.call.invite
    assert "RTP/SAVP" in agent.call.invite.text, "the offer has audio without SRTP"
    agent.answer()
    talk(phones, citizen, agent)
    console = Console(Home(hotline.home).asterisk_socket)
    contacts = await console.run("pjsip show contacts")
    assert re.search(rf"{OVER_TLS}/sip:{OVER_TLS}@\S+transport=TLS", contacts), contacts
    over_tcp = seat(OVER_TCP, name="over tcp", transport="tcp")
    other = carrier.call("12369", "13800000002", name="other")
    phones.until(lambda: over_tcp.ringing, 15, "the phone with TCP rings")
    over_tcp.answer()
    talk(phones, other, over_tcp)
    over_tcp.hang_up()
    phones.until(lambda: other.ended, 5, "the call is over")
    # At one seat, a second phone is refused; at another seat, it replaces the first phone, whose call goes on.
    first, second = (
        SeatPhone(phones, ONE_PHONE, hotline.password(ONE_PHONE), hotline.server, name=name) for name in "ab"
    )
    first.register()
    phones.until(lambda: second.registration_code == 403, 10, "the second phone is refused")
    talk(phones, citizen, agent)
    password = hotline.password(OVER_TLS)
    again = SeatPhone(
        phones, OVER_TLS, password, encrypted, name="again", transport="tls", trusts=certificate
    ).register()
    talk(phones, citizen, agent)
    contacts_of = {row["seat"]: row["contacts"] for row in hotline.json("status")["seats"]}
    assert [row["user_agent"] for row in contacts_of[ONE_PHONE]] == ["phone"]
    assert len(contacts_of[OVER_TLS]) == 1
    assert re.fullmatch(r"127\.0\.0\.1:[0-9]+", contacts_of[OVER_TLS][0]["address"])
    citizen.hang_up()
    phones.until(lambda: agent.call.ended, 5, "the call is over")
    third = carrier.call("12369", "13800000003", name="third")
    phones.until(lambda: again.ringing, 15, "the phone that registered last rings")
    SeatPhone(phones, OVER_TLS, password, encrypted, name="newest", transport="tls", trusts=certificate).register()
    assert again.ringing, "a phone that registered took the call of a ringing phone"
    again.answer()
    talk(phones, third, again)
    third.hang_up()
