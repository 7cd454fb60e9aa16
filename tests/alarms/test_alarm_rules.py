"""The conditions that raise an alarm without any configuration, and conditions that raise none."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

import pytest

from ivr.alarms.alarm_rules import AlarmCondition, AlarmKind, HotlineObservation, conditions
from ivr.registry.alarm_model import Alarms
from ivr.registry.model import Hours, Registry
from ivr.registry.place import Place
from ivr.routing.calendar import CITY_TIME

HERE = Place("numbers.yaml", 1, 1)
NOON = datetime(2026, 11, 24, 12, tzinfo=CITY_TIME)  # a Tuesday
NIGHT = NOON.replace(hour=3)


def queue(group: str, *, waiting: int = 0, wait: int = 0, signed_in: int = 1) -> dict[str, Any]:
    return {"group": group, "waiting": waiting, "longest_wait_s": wait, "signed_in": signed_in}


def seen(*queues: dict[str, Any], trunk_up: bool = True) -> HotlineObservation:
    status = {"queues": list(queues), "trunks": [{"trunk": "carrier", "up": trunk_up}]}
    return HotlineObservation(status, 1.0, 0.5, hears=True, heard_ms=400.0, starts={"engine": 1, "asterisk": 1})


QUIET = seen(queue("general"), queue("enterprise", signed_in=0))


def conditions_of(
    observation: HotlineObservation, registry: Registry, at: datetime = NOON
) -> list[tuple[AlarmKind, str, int]]:
    return [(met.kind, met.about, met.figure) for met in conditions(observation, Alarms(), registry, at)]


def test_a_quiet_hotline_raises_nothing(registry: Registry) -> None:
    assert conditions_of(QUIET, registry) == []
    assert conditions_of(replace(QUIET, hears=None, heard_ms=None), registry) == [], (
        "a hotline without speech recognition gets no alarm about a recogniser"
    )


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (seen(queue("general", waiting=11, wait=30)), [(AlarmKind.WAITING, "general", 11)]),
        (seen(queue("general", waiting=10, wait=120)), []),
        (seen(queue("general", waiting=1, wait=121)), [(AlarmKind.WAIT, "general", 121)]),
        (seen(queue("general", signed_in=0)), [(AlarmKind.UNSTAFFED, "general", 0)]),
        (seen(trunk_up=False), [(AlarmKind.TRUNK, "carrier", 0)]),
        (replace(QUIET, disk_free=0.09), [(AlarmKind.DISK, "", 9)]),
        (replace(QUIET, records_late_s=121.0), [(AlarmKind.RECORDS, "", 121)]),
        (replace(QUIET, hears=False), [(AlarmKind.RECOGNISER, "", 0)]),
        (replace(QUIET, heard_ms=3001.0), [(AlarmKind.RECOGNISER, "", 3001)]),
        (replace(QUIET, starts={"engine": 4}), [(AlarmKind.RESTARTS, "engine", 4)]),
        (replace(QUIET, status=None), [(AlarmKind.ASTERISK, "", 0)]),
    ],
)
def test_each_rule_has_its_limit(
    registry: Registry, observation: HotlineObservation, expected: list[tuple[AlarmKind, str, int]]
) -> None:
    assert conditions_of(observation, registry) == expected


def test_a_limit_of_0_turns_its_rule_off(registry: Registry) -> None:
    off = Alarms(0, 0, 0, 0, 0, 0, 0, 0)
    everything = replace(
        seen(queue("general", waiting=99, wait=999, signed_in=0), trunk_up=False), disk_free=0.0,
        records_late_s=9999.0, hears=False, starts={"engine": 99},
    )  # fmt: skip
    assert conditions(everything, off, registry, NOON) == []


def test_an_expert_group_without_a_seat_raises_an_alarm_only_in_its_lines_hours(registry: Registry) -> None:
    office = Hours("office", {day: ((time(9), time(17)),) for day in range(5)}, HERE)
    lines = tuple(replace(line, hours="office") if line.expert else line for line in registry.lines)
    registry = replace(registry, lines=lines, hours={"office": office})
    line = next(line for line in lines if line.expert)
    away = seen(queue(line.expert or "", signed_in=0))
    assert conditions_of(away, registry, NOON) == [(AlarmKind.UNSTAFFED, line.expert, 0)]
    assert conditions_of(away, registry, NIGHT) == []


def test_a_trunk_alarm_has_the_seconds_that_it_waits(registry: Registry) -> None:
    [condition] = conditions(seen(trunk_up=False), Alarms(trunk=45), registry, NOON)
    assert condition == AlarmCondition(AlarmKind.TRUNK, "carrier", 0, 45)
