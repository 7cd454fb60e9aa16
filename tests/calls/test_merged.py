"""整体并入: the caller hears one notice, and gets the line into which the number is merged, without dialling again."""

from typing import Any

import pytest

from testkit.hotline.desk import recorded, serve_all, staff
from testkit.hotline.heard_prompts import has_heard, prompts_heard
from testkit.hotline.quick_registry import GENERAL, PATIENT, quick_registry
from testkit.hotline.running import RunningHotline, registry
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones

MERGED = [line for line in registry()["lines"] if line["mode"] == "merged"]
INTO_12315 = [line["number"] for line in MERGED if line.get("into") == "12315"]
INTO_12345 = [line["number"] for line in MERGED if line["number"] not in INTO_12315]
EXPERTS = ["8315", "8316", "8317", "8318"]  # enough for calls to all four numbers that lead to 12315


pytestmark = pytest.mark.reloaded_hotline


@pytest.fixture
def numbers() -> dict[str, Any]:
    quick = quick_registry(timers=PATIENT)
    experts = [{"number": number, "name": f"专家{number}", "groups": ["expert-12315"]} for number in EXPERTS]
    return {**quick, "seats": [seat for seat in quick["seats"] if seat["number"] not in EXPERTS] + experts}


def test_every_merged_number_leads_to_its_line(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """All 26 numbers are called at once."""
    assert (len(INTO_12345), len(INTO_12315)) == (22, 4)
    names = {line["number"]: line["name"] for line in MERGED}
    seats = staff(seat, *GENERAL[: len(INTO_12345)], *EXPERTS)
    callers = {f"138{number:0>8}": number for number in INTO_12345 + INTO_12315}
    citizens = {caller: carrier.call(number, caller) for caller, number in callers.items()}

    waiting = [citizens[caller] for caller, number in callers.items() if number in INTO_12345]

    def press() -> None:
        for citizen in [citizen for citizen in waiting if has_heard(citizen, "merged-recorded")]:
            waiting.remove(citizen)
            citizen.keys("1")

    served = serve_all(phones, citizens, seats, 40, meanwhile=press)

    for caller, number in callers.items():
        shown = served[caller]
        if number in INTO_12315:
            assert served[caller].called in EXPERTS, f"{number} was answered by {served[caller].called}"
            assert prompts_heard(citizens[caller]) == ["merged-recorded"], number
            assert shown.shown == f"{number} {names[number]}"[:40]
        else:
            assert served[caller].called in GENERAL, f"{number} was answered by {served[caller].called}"
            heard = [
                prompt for prompt in prompts_heard(citizens[caller]) if prompt != "menu-main"
            ]  # because the key may interrupt the prompt
            assert heard == ["merged-recorded", "transferring"], number
            assert shown.caller_name.startswith(number)
            assert shown.shown.endswith(" 反映问题")
        assert (shown.header("X-Hotline-Line"), shown.header("X-Hotline-Needs-Expert")) == (number, None)
    for record in recorded(phones, hotline, len(callers)):
        number = callers[record["caller"]]
        chained = number in INTO_12315
        assert (record["dialled"], record["mode"], record["outcome"]) == (number, "merged", "answered")
        assert record["line"] == ("12315" if chained else "12345")
        assert record["path"] == ("" if chained else "main:1")
        assert (record["seat"], record["fallback"]) == (served[record["caller"]].called, None)
        assert record["seat_kind"] == ("expert" if chained else "general")
    assert not carrier.unexpected, "a merged number was dialled through the carrier"
