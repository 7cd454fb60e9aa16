"""``ivr calls`` has a complete record of each call, in order, also after the engine died and without a hotline."""

import json
from datetime import datetime, timedelta

import pytest

from testkit.hotline.desk import staff, talk
from testkit.hotline.processes import engine
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import SOUND, Carrier, Phones

KEYS = [
    "call_id", "caller", "dialled", "line", "mode", "path", "queue", "wait_s", "seat", "seat_kind", "started_at",
    "answered_at", "ended_at", "outcome", "fallback", "work_order", "legs",
]  # fmt: skip


@pytest.mark.own_hotline
def test_the_record_has_every_stage_of_a_call(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline
) -> None:
    """An expert does not answer, and a pooled agent answers and consults a center; another caller hangs up early."""
    center = carrier.center("12313", name="center")
    expert, agent = staff(seat, "8333", "8001")
    citizen = carrier.call("+8673512333", "13800000001")
    phones.until(lambda: citizen.connected, 20, "the first call is answered before the second call")
    given_up = carrier.call("12345", "13800000002", name="given up")
    phones.until(lambda: given_up.connected and given_up.hears(SOUND), 20, "the opening begins")
    given_up.hang_up()
    phones.until(lambda: expert.ringing, 20, "the expert's phone rings")
    phones.until(lambda: agent.ringing, 20, "the agent's phone rings")
    agent.answer()
    talk(phones, citizen, agent)
    agent.keys("*212313")
    phones.until(lambda: agent.hears_only(center), 20, "the agent talks with the center")
    agent.keys("*1")
    talk(phones, citizen, agent)
    citizen.hang_up()
    call, abandoned = phones.until(lambda: hotline.records(2), 20, "the calls are recorded")

    assert set(KEYS) <= call.keys()
    assert (call["caller"], call["dialled"], call["line"], call["mode"]) == ("13800000001", "12333", "12333", "dual")
    assert (call["queue"], call["fallback"], call["outcome"]) == ("general", "expert-silent", "answered")
    assert (call["seat"], call["seat_kind"], call["path"], call["work_order"]) == ("8001", "general", "", None)
    assert [(leg["kind"], leg["target"], leg["result"]) for leg in call["legs"]] == [
        ("expert", "8333", "no-answer"),
        ("general", "8001", "answered"),
        ("consult", "12313", "answered"),
    ]
    times = [datetime.fromisoformat(call[key]) for key in ("started_at", "answered_at", "ended_at")]
    times[1:1] = [datetime.fromisoformat(leg["started_at"]) for leg in call["legs"][:2]]
    times[4:4] = [datetime.fromisoformat(call["legs"][2][key]) for key in ("started_at", "answered_at", "ended_at")]
    assert times == sorted(times)
    assert all(time.utcoffset() == timedelta() for time in times)
    assert call["wait_s"] >= 5
    assert all(leg["seconds"] > 0 for leg in call["legs"])
    assert (abandoned["outcome"], abandoned["answered_at"], abandoned["seat"], abandoned["legs"]) == (
        "abandoned",
        None,
        None,
        [],
    )

    # JSON and table agree, also after the engine died, and without a running hotline.
    shown = hotline.json("calls")
    assert shown == [call, abandoned]
    assert hotline.json("calls", "--number", "12333") == [call]
    assert hotline.json("calls", "--since", "1h") == [call, abandoned]
    assert hotline.json("calls", "--since", abandoned["started_at"]) == [abandoned]
    assert hotline.json("calls", "--since", "2000-01-01", "--number", "12319") == []
    table = hotline.ivr("calls").stdout
    assert "consult 12313 answered" in table
    assert table.splitlines()[-1] == "calls: 2"
    engine(hotline).kill()
    hotline.stop()
    stopped = hotline.ivr("calls", "--json")
    assert json.loads(stopped.stdout) == shown
    hotline.start()
    assert hotline.json("calls") == shown
