"""The rules of alarms: conditions of the hotline beyond the limits of the registry. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ivr.registry.alarm_model import Alarms
from ivr.registry.model import GroupKind, Registry
from ivr.routing.calendar import is_open


class AlarmKind(StrEnum):
    """The kind of an alarm."""

    WAITING = "waiting"  # too many callers wait in a queue
    WAIT = "wait"  # a caller waits too long
    UNSTAFFED = "unstaffed"  # no seat is signed in to a group that should be staffed
    TRUNK = "trunk"  # a trunk is down
    DISK = "disk"  # the disk is nearly full
    RECORDS = "records"  # call records are late
    RECOGNISER = "recogniser"  # no recogniser runs, or each is too slow
    RESTARTS = "restarts"  # a process restarts too often
    ASTERISK = "asterisk"  # Asterisk does not answer the engine


OF_STATUS = frozenset({AlarmKind.WAITING, AlarmKind.WAIT, AlarmKind.UNSTAFFED, AlarmKind.TRUNK})
"""The causes that cannot be checked while Asterisk does not answer."""

_SILENT = 15  # seconds for which Asterisk has to be silent
_LOADING = 120  # seconds in which a recogniser that died is loaded again


@dataclass(frozen=True, slots=True)
class HotlineObservation:
    """The hotline at one moment."""

    status: Mapping[str, Any] | None  # as `ivr.engine.status` returns it; None if Asterisk does not answer
    records_late_s: float
    disk_free: float  # part of the disk, from 0 to 1
    hears: bool | None  # whether a recogniser runs and reads in time; None if none is installed
    heard_ms: float | None  # mean of the last readings; None if there are none
    starts: Mapping[str, int]  # starts of each process within the last hour


@dataclass(frozen=True, slots=True)
class AlarmCondition:
    """A condition beyond a limit of the registry."""

    kind: AlarmKind
    about: str  # group, trunk or process; "" if the hotline has only one such thing
    figure: int  # callers, seconds, percent, milliseconds or starts
    lasts: int  # seconds that the condition has to last before an alarm is raised


def conditions(observed: HotlineObservation, limits: Alarms, registry: Registry, now: datetime) -> list[AlarmCondition]:
    """Return all conditions at ``now``, the city's time, that call for an alarm."""
    present = list(_status_conditions(observed.status, limits, registry, now)) if observed.status is not None else []
    if observed.status is None:
        present.append(AlarmCondition(AlarmKind.ASTERISK, "", 0, _SILENT))
    free_percent = round(observed.disk_free * 100)
    if limits.disk and free_percent < limits.disk:
        present.append(AlarmCondition(AlarmKind.DISK, "", free_percent, 0))
    if limits.records and observed.records_late_s > limits.records:
        present.append(AlarmCondition(AlarmKind.RECORDS, "", round(observed.records_late_s), 0))
    if limits.recogniser and observed.hears is False:
        present.append(AlarmCondition(AlarmKind.RECOGNISER, "", 0, _LOADING))
    elif limits.recogniser and observed.heard_ms is not None and observed.heard_ms > limits.recogniser:
        present.append(AlarmCondition(AlarmKind.RECOGNISER, "", round(observed.heard_ms), 0))
    for process, count in observed.starts.items():
        if limits.restarts and count > limits.restarts:
            present.append(AlarmCondition(AlarmKind.RESTARTS, process, count, 0))
    return present


def _status_conditions(
    status: Mapping[str, Any], limits: Alarms, registry: Registry, now: datetime
) -> Iterator[AlarmCondition]:
    for queue in status["queues"]:
        group, waiting, wait = queue["group"], queue["waiting"], queue["longest_wait_s"]
        if limits.waiting and waiting > limits.waiting:
            yield AlarmCondition(AlarmKind.WAITING, group, waiting, 0)
        if limits.wait and wait > limits.wait:
            yield AlarmCondition(AlarmKind.WAIT, group, wait, 0)
        if limits.unstaffed and not queue["signed_in"] and _should_be_staffed(registry, group, now):
            yield AlarmCondition(AlarmKind.UNSTAFFED, group, 0, limits.unstaffed)
    for trunk in status["trunks"]:
        if limits.trunk and not trunk["up"]:
            yield AlarmCondition(AlarmKind.TRUNK, trunk["trunk"], 0, limits.trunk)


def _should_be_staffed(registry: Registry, name: str, now: datetime) -> bool:
    """Return whether a group has to have a signed-in seat now: without overflow, or in the hours of its line."""
    group = registry.groups.get(name)
    if group is None:
        return False
    if group.kind is not GroupKind.EXPERT:
        return group.overflow is None
    hours: Sequence[str] = [line.hours for line in registry.lines if line.expert == name and line.hours]
    return any(is_open(registry.hours[name], registry, now) for name in hours)
