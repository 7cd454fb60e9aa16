"""双号并行: the call goes without a menu to the line's expert if the line has one, else to the pooled agents."""

from testkit.hotline.desk import hang_up, recorded, serve_all, staff, talk
from testkit.hotline.heard_prompts import prompts_heard
from testkit.hotline.quick_registry import QUICK
from testkit.hotline.running import RunningHotline, registry
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, PhoneCall, Phones

DUAL = {line["number"]: line for line in registry()["lines"] if line["mode"] == "dual"}
EXPERTS = {"12348": "8348", "12333": "8333", "12320": "8320", "12315": "8315"}
POOLED = ["8001", "8002", "8003", "8004"]


def test_every_dual_number_reaches_its_expert_or_a_pooled_agent(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """All 12 numbers are called at once: four reach their expert, eight a pooled agent."""
    assert len(DUAL) == 12
    assert {number for number, line in DUAL.items() if "expert" in line} == EXPERTS.keys()
    seats = staff(seat, *(str(number) for number in range(8001, 8013)), *EXPERTS.values())
    callers = {f"138000{number}": number for number in DUAL}
    citizens = _dial(carrier, callers)
    served = serve_all(phones, citizens, seats, 30)
    for caller, number in callers.items():
        shown = served[caller]
        if number in EXPERTS:
            assert served[caller].called == EXPERTS[number], f"{number} was answered by {served[caller].called}"
        else:
            assert served[caller].called not in EXPERTS.values()
        assert prompts_heard(citizens[caller]) == ["dual-recorded"], number
        assert shown.shown == f"{number} {DUAL[number]['name']}"
        assert (shown.header("X-Hotline-Line"), shown.header("X-Hotline-Needs-Expert")) == (number, None)
    offered = [call for seat in seats for call in seat.calls if call.invite]
    assert len(offered) == len(callers), "a call was offered to two seats at once"
    for record in recorded(phones, hotline, len(callers)):
        number = callers[record["caller"]]
        assert (record["dialled"], record["line"], record["mode"]) == (number, number, "dual")
        assert (record["path"], record["outcome"], record["fallback"]) == ("", "answered", None)
        assert record["seat"] == served[record["caller"]].called
        assert record["seat_kind"] == ("expert" if number in EXPERTS else "general")


def test_if_the_expert_is_absent_a_pooled_agent_is_rung(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The expert is signed out, busy by ``*82``, in a call or offline; the pooled agent's phone shows the mark."""
    pooled = staff(seat, *POOLED)
    seat("8348", signs_in=False, name="signed out")
    busy, talking, offline = (seat(number, signs_in=False) for number in ("8333", "8320", "8315"))
    seat.sign_in(busy, talking, offline)
    code = busy.dial("*82")
    phones.until(lambda: code.ended, 15, "the expert is busy")
    offline.unregister()
    first = carrier.call("12320", "13700000000", name="first")
    phones.until(lambda: talking.ringing, 20, "the expert's phone rings")
    talking.answer()
    talk(phones, first, talking)

    callers = {f"138000{number}": number for number in EXPERTS}
    citizens = _dial(carrier, callers)
    served = serve_all(phones, citizens, pooled, 40)
    for caller, number in callers.items():
        _shows_needs_expert(served[caller], number)
        assert prompts_heard(citizens[caller])[:1] == ["dual-recorded"]
    assert [call for seat in (busy, offline) for call in seat.calls if call.invite] == []
    assert talking.call.caller == "13700000000", "an expert in a call was rung"
    talk(phones, first, talking)
    hang_up(phones, [first])
    records = {record["caller"]: record for record in recorded(phones, hotline, 5)}
    del records["13700000000"]
    assert {callers[caller]: record["fallback"] for caller, record in records.items()} == {
        "12348": "expert-away",
        "12333": "expert-busy",
        "12320": "expert-busy",
        "12315": "expert-away",
    }
    assert {(record["outcome"], record["seat_kind"], record["queue"]) for record in records.values()} == {
        ("answered", "general", "general")
    }


def test_if_the_expert_does_not_answer_a_pooled_agent_is_rung(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """The expert's phone rings in vain, refuses, sends no 180 or has no network; the next phone shows the mark."""
    pooled = staff(seat, *POOLED)
    rings, refuses, deaf, unplugged = staff(seat, *EXPERTS.values())
    refuses.behaviour, deaf.behaviour = "busy", "deaf"
    unplugged.unplug()
    callers = {f"138000{number}": number for number in EXPERTS}
    citizens = _dial(carrier, callers)
    served = serve_all(phones, citizens, pooled, 40)
    for caller, number in callers.items():
        _shows_needs_expert(served[caller], number)
        assert prompts_heard(citizens[caller]) == ["dual-recorded", "expert-away"], number
    phones.until(lambda: rings.call.ended and deaf.call.ended, 5, "the experts' phones stop ringing")
    assert len([call for call in rings.calls if call.invite]) == 1
    for record in recorded(phones, hotline, 4):
        assert (record["fallback"], record["outcome"]) == ("expert-silent", "answered")
        expert, general = record["legs"]
        assert (expert["kind"], expert["target"]) == ("expert", EXPERTS[record["dialled"]])
        assert expert["result"] == ("busy" if expert["target"] == refuses.user else "no-answer")
        assert (general["kind"], general["result"]) == ("general", "answered")
        if expert["target"] == rings.user:
            assert QUICK["expert"] - 0.5 < expert["seconds"] < QUICK["expert"] + 4
            assert record["wait_s"] >= QUICK["expert"]
    shown = served["13800012348"]
    assert shown.caller_name.endswith(f" 需专家{waited(shown)}"), shown.caller_name


def waited(shown: PhoneCall) -> str:
    """Return the text of the waiting time that a phone shows after the caller's name."""
    seconds = int(shown.header("X-Hotline-Waited") or 0)
    return f" 等{seconds}秒" if seconds >= 10 else ""


def test_an_expert_rings_for_20_seconds_as_shipped() -> None:
    assert registry()["timers"]["expert"] == 20


def _dial(carrier: Carrier, callers: dict[str, str]) -> dict[str, PhoneCall]:
    return {caller: carrier.call(number, caller) for caller, number in callers.items()}


def _shows_needs_expert(shown: PhoneCall, number: str) -> None:
    assert shown.shown == f"{number} {DUAL[number]['name']} 需专家"
    assert (shown.header("X-Hotline-Line"), shown.header("X-Hotline-Needs-Expert")) == (number, "yes")
