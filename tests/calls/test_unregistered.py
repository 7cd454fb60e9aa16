"""Numbers in every spelling, and unregistered numbers, which are served and reported as gaps of the registry."""

import re
from typing import Any

import pytest

from testkit.hotline.desk import recorded, serve_all, staff
from testkit.hotline.heard_prompts import has_heard, prompts_heard
from testkit.hotline.quick_registry import GENERAL, PATIENT, quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones

SPELLED = {
    "073512369": "12369",
    "+8673512369": "12369",
    "8673512369": "12369",
    "07352912345": "2912345",
    "+867352912345": "2912345",
    "867352912345": "2912345",
    "073512345": "12345",
    "+8673512345": "12345",
    "8673512345": "12345",
}
UNREGISTERED = {
    "12399": "12399",
    "07357654321": "7654321",
    "+8673112345": "73112345",  # another city's 12345
    "12390": "12390",  # a line that has ended
    "12391": "12391",  # a line that begins later
    "": "",
    "hotline": "",
    "~(0735)": "",
    "#31#12345": "3112345",
}
ENDED = {"number": "12390", "name": "旧号码", "unit": "", "mode": "dual", "until": "2021-12-31"}
LATER = {"number": "12391", "name": "新号码", "unit": "", "mode": "dual", "from": "2999-01-01"}


pytestmark = pytest.mark.reloaded_hotline


@pytest.fixture
def numbers() -> dict[str, Any]:
    quick = quick_registry(timers=PATIENT)
    return {**quick, "lines": [*quick["lines"], ENDED, LATER]}


def test_a_number_in_any_spelling_reaches_its_line(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    log = hotline.home / "log" / "engine.log"
    earlier = len(log.read_bytes())  # of other tests with this hotline
    callers = {f"1380000{at:04}": dialled for at, dialled in enumerate(SPELLED)}
    told_what = {"12369": ["dual-recorded"], "2912345": ["merged-recorded"], "12345": ["opening"]}
    seats = staff(seat, *GENERAL[: len(callers)])
    citizens = {caller: carrier.call(dialled, caller) for caller, dialled in callers.items()}
    in_menu = [citizens[caller] for caller, dialled in callers.items() if SPELLED[dialled] != "12369"]
    served = serve_all(phones, citizens, seats, 40, meanwhile=lambda: _press(in_menu))
    for caller, dialled in callers.items():
        number = SPELLED[dialled]
        asked = ["transferring"] if number != "12369" else []
        assert prompts_heard(citizens[caller]) == [*told_what[number], *asked], dialled
        assert served[caller].header("X-Hotline-Line") == number, dialled
    for record in recorded(phones, hotline, len(callers)):
        assert (record["dialled"], record["gap"]) == (SPELLED[callers[record["caller"]]], False)
    assert b"registry gap" not in log.read_bytes()[earlier:]


def test_unregistered_numbers_are_announced_and_served(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """Each caller hears a short notice, and gets 12345."""
    seats = staff(seat, *GENERAL[: len(UNREGISTERED)])
    callers = {f"1380000{at:04}": dialled for at, dialled in enumerate(UNREGISTERED)}
    citizens = {caller: carrier.call(dialled, caller) for caller, dialled in callers.items()}
    in_menu = list(citizens.values())
    served = serve_all(phones, citizens, seats, 40, meanwhile=lambda: _press(in_menu))
    for caller, dialled in callers.items():
        notice = {"12390": "number-closed", "12391": "number-not-yet"}.get(dialled, "unregistered")
        assert prompts_heard(citizens[caller]) == [notice, "opening", "transferring"], dialled
        shown = f"{UNREGISTERED[dialled] or '12345'} 未登记号码 反映问题"
        assert served[caller].shown == shown
    log = (hotline.home / "log" / "engine.log").read_text(encoding="utf-8")
    for record in recorded(phones, hotline, len(callers)):
        number = UNREGISTERED[callers[record["caller"]]]
        assert (record["dialled"], record["line"], record["mode"], record["gap"]) == (number, "12345", None, True)
        assert f"registry gap: '{number}' was dialled and is not registered (call {record['call_id']})" in log
        assert re.search(rf"call {re.escape(record['call_id'])} \(C-[0-9a-f]{{8}}\): ", log), (
            "Asterisk's name of the extension"
        )
    assert not carrier.unexpected


def _press(in_menu: list[PhoneCall]) -> None:
    for citizen in [
        caller for caller in in_menu if has_heard(caller, "opening") or has_heard(caller, "merged-recorded")
    ]:
        in_menu.remove(citizen)
        citizen.keys("1")
