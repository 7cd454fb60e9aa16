"""A caller's hostile input rings no phone, dials no number, runs no code, and breaks no record."""

import re
from urllib.parse import quote

import pytest

from testkit.hotline.desk import hang_up, recorded
from testkit.hotline.heard_prompts import audio, first_prompt_heard, has_heard
from testkit.hotline.seat_phones import SeatPhones
from testkit.hotline.shared import SharedHotline
from testkit.phones import Carrier, PhoneCall, Phones, SeatPhone

TEXTS = [
    "500&PJSIP/8001",
    "8001&PJSIP/8002@carrier",
    "Local/8001@from-seat",
    "${SHELL(touch /tmp/owned)}",
    "${EXTEN},1)&System(id)",
    "$[1+1]",
    '"8001" <8001>',
    "12345\r\nX-Hotline-Needs-Expert: yes",
    "12345\nEXEC Dial PJSIP/8001",
    "%0d%0aBYE",
    "12345;phone-context=+86",
    "a,b,c|d^e",
    "../../etc/passwd",
    "'; DROP TABLE calls; --",
    "`id`$(id)\\",
    "1" * 300,
    "x" * 300,
    "郴州市民",
    "\u202e54321",
    "*81",
    "*2",
    "s",
    "h",
    "i",
    "-",
]


REFUSED = {"%0d%0aBYE": 404, "郴州市民": 404, "\u202e54321": 404, "-": 484}  # the hotline answers any other text


def test_hostile_text_as_the_callers_number_or_name_does_no_harm(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: SharedHotline
) -> None:
    """The texts are in Diversion, too. Each caller gets the line that was dialled; all call at once."""
    seats = [seat(number, signs_in=False) for number in ("8001", "8002")]
    carrier.center("12366")
    calls = {}
    for text in TEXTS:
        name = re.sub(r"[\r\n]", " ", text)[:60]
        calls[text] = carrier.call(
            "12369", text, caller_name=name, headers={"Diversion": f"<sip:{quote(text)}@127.0.0.1>"}
        )
    _settle(phones, calls, "dual-recorded")
    assert not any(call.ended for call in calls.values())
    hang_up(phones, calls.values())
    assert {first_prompt_heard(call) for call in calls.values()} == {"dual-recorded"}
    assert not any(call.heard.times_of(audio("technical")) for call in calls.values())
    _nothing_happened(carrier, seats, hotline)
    records = recorded(phones, hotline, len(calls))
    assert {record["dialled"] for record in records} == {"12369"}
    assert sorted(record["caller"] for record in records) == [""] * (len(calls) - 1) + ["12345"]


@pytest.mark.timeout(400)
def test_hostile_text_as_the_number_dialled_does_no_harm(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: SharedHotline
) -> None:
    """Each text counts as an unregistered number, or is refused; all call at once."""
    seats = [seat(number, signs_in=False) for number in ("8001", "8002")]
    carrier.center("12366")
    calls = {text: carrier.call(text, f"138000000{at:02}") for at, text in enumerate(TEXTS)}
    _settle(phones, calls, "opening")
    assert {text: call.code for text, call in calls.items() if call.ended} == REFUSED
    answered = [call for call in calls.values() if not call.ended]
    first = {first_prompt_heard(call) for call in answered}
    assert first == {"unregistered", "opening"}
    hang_up(phones, answered)
    _nothing_happened(carrier, seats, hotline)
    for record in recorded(phones, hotline, len(answered)):
        assert re.fullmatch(r"138000000\d\d", record["caller"])
        assert re.fullmatch(r"[0-9]{0,20}", record["dialled"])


def test_a_caller_with_a_seats_number_in_from_is_refused(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: SharedHotline
) -> None:
    """If carrier and seats share an address, a call with a seat's number in From needs the seat's password."""
    seats = [seat(number, signs_in=False) for number in ("8001", "8002")]
    calls = [carrier.call(number, "8001") for number in ("12345", "8002", "*81")]
    phones.until(lambda: all(call.ended for call in calls), 10, "the calls are refused")
    assert {call.code for call in calls} == {401}
    assert not hotline.ask("status")["calls"]
    _nothing_happened(carrier, seats, hotline)


def _settle(phones: Phones, calls: dict[str, PhoneCall], prompt: str) -> None:
    """Wait until each caller hears the prompt, or the call is over."""
    unsettled = list(calls.values())

    def is_settled() -> bool:
        unsettled[:] = [call for call in unsettled if not (call.ended or has_heard(call, prompt))]
        return not unsettled

    phones.until(is_settled, 30, "each call is answered or refused")


def _nothing_happened(carrier: Carrier, seats: list[SeatPhone], hotline: SharedHotline) -> None:
    assert not carrier.unexpected
    assert not any(center.calls for center in carrier.centers.values())
    assert not any(seat.calls for seat in seats)
    assert not any(row["signed_in"] for row in hotline.ask("status")["seats"])
    assert not hotline.complaints()
