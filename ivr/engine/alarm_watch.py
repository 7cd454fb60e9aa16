"""Watches the hotline for the conditions of alarms, and raises, repeats and ends alarms."""

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ivr.alarms import alarm_store
from ivr.alarms.alarm_reading import heard_ms, note_start, starts_since
from ivr.alarms.alarm_rules import HotlineObservation, conditions
from ivr.alarms.alarm_steps import RaisedAlarm, Subject, alarm_steps
from ivr.alarms.alarm_words import alarm_text
from ivr.alarms.node_sightings import store_sightings, with_sightings
from ivr.asterisk.ami.manager import AmiError
from ivr.control.control_client import RequestRefused
from ivr.engine.background_task import BackgroundTask
from ivr.engine.record_importer import wait_for_tables
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

log = logging.getLogger(__name__)

_TASK = "alarms"  # the node that has the turn raises, repeats and ends the alarms of all nodes
_EVERY = 5.0  # seconds between two looks
_AFTER_START = 10.0  # seconds in which Asterisk, trunks and recogniser may come up
_SLOWLY = 30.0  # seconds between two looks at the database and the disk
_PURGES = 86400.0
_HOUR = timedelta(hours=1)
_LISTED = timedelta(days=7)  # alarms that are over


class AlarmWatch(BackgroundTask):
    """Raises, repeats and ends alarms while its context is open."""

    def __init__(
        self,
        home: Home,
        database: Database,
        migrated: asyncio.Event,
        in_force: RegistryHolder,
        status: Callable[[], Awaitable[Mapping[str, Any]]],
        lag: Callable[[], float],
        hears: Callable[[], bool | None],
        node: str,
    ) -> None:
        """Watch nothing before the context is entered.

        Args:
            home: the state folder, whose disk is watched.
            database: has the alarms.
            migrated: is set once the database has its tables.
            in_force: the registry in force, which has the limits.
            status: returns queues and trunks, as the engine's ``status`` does.
            lag: returns the seconds by which call records are late.
            hears: returns whether a recogniser runs and reads in time; None if this machine has none.
            node: the name of this node, if several nodes use the database.
        """
        self._home, self._database, self._migrated, self._in_force = home, database, migrated, in_force
        self._status, self._lag, self._hears = status, lag, hears
        self._node = node
        self._since: Mapping[Subject, datetime] = {}
        self._gone_since: Mapping[Subject, datetime] = {}
        self._slow: tuple[float, float | None, Mapping[str, int]] = (1.0, None, {})  # disk, reading, starts
        self._looked_slowly_at = self._purged_at = -_PURGES
        self.open: list[RaisedAlarm] = []
        """The open alarms of the last look."""

    async def listing(self) -> list[dict[str, Any]]:
        """Return the open alarms and the alarms of the last week, newest first.

        Raises:
            RequestRefused: the database cannot be used.
        """
        await wait_for_tables(self._migrated)
        try:
            alarms = await asyncio.to_thread(alarm_store.alarms_since, self._database, datetime.now(UTC) - _LISTED)
        except DatabaseUnusable as error:
            raise RequestRefused(str(error)) from None
        return [self._json(alarm) for alarm in alarms]

    async def acknowledge(self, alarm: int, by: str, note: str = "") -> dict[str, Any]:
        """Acknowledge an alarm in the name of a person.

        Raises:
            RequestRefused: there is no such open alarm, or a person has acknowledged it already.
        """
        await wait_for_tables(self._migrated)
        try:
            acknowledged = await asyncio.to_thread(
                alarm_store.acknowledge, self._database, int(alarm), by, note, self._in_force.current,
                datetime.now(UTC),
            )  # fmt: skip
        except DatabaseUnusable as error:
            raise RequestRefused(str(error)) from None
        if acknowledged is None:
            raise RequestRefused(_("alarm {id} is not open, or was acknowledged already").format(id=alarm))
        return self._json(acknowledged)

    def _json(self, alarm: RaisedAlarm) -> dict[str, Any]:
        text = alarm_text(alarm.kind, alarm.about, alarm.figure, self._in_force.current)
        return alarm_store.alarm_json(alarm, text)

    async def _work(self) -> None:
        await self._migrated.wait()
        await asyncio.to_thread(note_start, self._database, "engine", datetime.now(UTC))
        await asyncio.sleep(_AFTER_START)
        while True:
            try:
                await self._look()
            except DatabaseUnusable:
                log.debug("alarms wait for the database")  # the import of call records logs the reason
            await asyncio.sleep(_EVERY)

    async def _look(self) -> None:
        try:
            status = await self._status()
        except AmiError:
            status = None
        if time.monotonic() > self._looked_slowly_at + _SLOWLY:
            self._slow = await asyncio.to_thread(self._look_slowly)
            self._looked_slowly_at = time.monotonic()
        disk, reading_ms, starts = self._slow
        observation = HotlineObservation(status, self._lag(), disk, self._hears(), reading_ms, starts)
        registry, now = self._in_force.current, datetime.now(UTC)
        present_conditions = conditions(observation, registry.alarms, registry, datetime.now(CITY_TIME))
        if not await asyncio.to_thread(self._database.has_turn, _TASK):
            await asyncio.to_thread(store_sightings, self._database, self._node, present_conditions, now)
            self.open = await asyncio.to_thread(alarm_store.open_alarms, self._database)
            return
        present_conditions = await asyncio.to_thread(
            with_sightings, self._database, self._node, present_conditions, now
        )
        open_alarms = await asyncio.to_thread(alarm_store.open_alarms, self._database)
        repeat = timedelta(minutes=registry.alarms.repeat)
        steps = alarm_steps(open_alarms, present_conditions, now, repeat, self._since, self._gone_since)
        self._since, self._gone_since = steps.since, steps.gone_since
        if steps.raised or steps.repeated or steps.ended:
            await asyncio.to_thread(alarm_store.take_steps, self._database, steps, registry, now)
            for condition in steps.raised:
                text = alarm_text(condition.kind, condition.about, condition.figure, registry)
                log.warning(_("alarm: %s"), text)
            open_alarms = await asyncio.to_thread(alarm_store.open_alarms, self._database)
        self.open = open_alarms

    def _look_slowly(self) -> tuple[float, float | None, Mapping[str, int]]:
        usage, now = shutil.disk_usage(self._home.root), datetime.now(UTC)
        if time.monotonic() > self._purged_at + _PURGES:
            self._purged_at = time.monotonic()
            alarm_store.purge_alarms(self._database, now)
        return usage.free / usage.total, heard_ms(self._database, now), starts_since(self._database, now - _HOUR)
