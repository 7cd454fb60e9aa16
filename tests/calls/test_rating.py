"""满意度: after the agent hangs up, the citizen presses a key, is silent, or hangs up."""

from collections.abc import Iterator
from typing import Any

import pytest

from ivr.runtime import secrets
from ivr.runtime.layout import Home
from testkit.hotline.desk import rung_for, staff, talk
from testkit.hotline.heard_prompts import has_heard
from testkit.hotline.quick_registry import QUICK, quick_registry
from testkit.hotline.running import RunningHotline
from testkit.hotline.seat_phones import SeatPhones
from testkit.phones import Carrier, Phones
from tests.records.outbox_receiver import Receiver


@pytest.fixture
def desktop() -> Iterator[Receiver]:
    """Give a receiver of the notifications of calls, in place of a program on the agents' desktops."""
    with Receiver() as desktop:
        yield desktop


@pytest.fixture
def numbers(desktop: Receiver) -> dict[str, Any]:
    return quick_registry(timers={**QUICK, "rating": 3}, events={"url": desktop.url})


def test_the_record_has_the_rating_of_a_citizen_who_presses_a_key(
    phones: Phones, carrier: Carrier, seat: SeatPhones, hotline: RunningHotline, desktop: Receiver
) -> None:
    desktop.key = secrets.load(Home(hotline.home).secrets).events_key
    desk = staff(seat, "8001", "8002", "8003")
    numbers = {name: f"1380000000{n}" for n, name in enumerate(("rates", "waits", "goes"))}
    citizens = {name: carrier.call("12369", number, name=name) for name, number in numbers.items()}
    seats = {}
    for name, number in numbers.items():
        seats[name] = phones.until(lambda number=number: rung_for(desk, number), 30, f"a phone rings for {name}")
        seats[name].answer()
        talk(phones, citizens[name], seats[name])
    for agent in seats.values():
        agent.hang_up()
    for citizen in citizens.values():
        phones.until(lambda citizen=citizen: has_heard(citizen, "rate"), 20, f"{citizen.name} hears the question")
    citizens["goes"].hang_up()
    citizens["rates"].keys("2")
    phones.until(lambda: has_heard(citizens["rates"], "rate-thanks"), 10, "the citizen hears the thanks")
    phones.until(lambda: all(citizen.ended for citizen in citizens.values()), 20, "all calls are over")
    records = {
        record["caller"]: record for record in phones.until(lambda: hotline.records(3), 10, "the calls are recorded")
    }
    assert [records[number]["rating"] for number in numbers.values()] == [2, None, None]
    assert {record["outcome"] for record in records.values()} == {"answered"}
    assert hotline.json("report")["total"]["ratings"] == 1

    phones.until(lambda: len(desktop.taken) == 9, 10, "the receiver has the notifications of three calls")
    heard = [event for event in desktop.heard if event["caller"] == numbers["rates"]]
    assert [(event["event"], event["seat"]) for event in heard] == [
        (kind, seats["rates"].user) for kind in ("offered", "answered", "ended")
    ]
    assert heard[0]["line"].startswith("12369 环境保护")
    assert (heard[2]["rating"], heard[2]["outcome"]) == (2, "answered")
