"""Alarms at the desk: the list over REST, and the act with which a person acknowledges an alarm."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from ivr.alarms import alarm_store
from ivr.alarms.alarm_steps import RaisedAlarm
from ivr.alarms.alarm_words import alarm_text
from ivr.desk.act_door import ActDoor
from ivr.desk.http_guard import guarded
from ivr.desk.live_feed import LiveFeed
from ivr.desk.permitted_visitor import permitted_visitor
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_view import RegistryView
from ivr.desk.visitor import Visitor
from ivr.people.rights import Act
from ivr.records.store.database import Database
from ivr.registry.model import Registry
from ivr.texts import _

_LISTED = timedelta(days=30)
_LONGEST = 500  # characters of a note


def alarm_routes(api: str) -> list[Route]:
    """Return the routes below the API's address."""
    return [Route(f"{api}/alarms", guarded(alarms), methods=["GET"])]


async def alarms(request: Request) -> dict[str, Any]:
    """GET: the open alarms and the alarms of the last thirty days, newest first."""
    services, _visitor = await permitted_visitor(request, Act.READ_ALARMS)
    recent_alarms = await asyncio.to_thread(alarm_store.alarms_since, services.database, datetime.now(UTC) - _LISTED)
    return {"alarms": [_json(alarm, services.registry.current) for alarm in recent_alarms]}


class AlarmActs:
    """The act with which a person acknowledges an alarm."""

    def __init__(
        self, database: Database, registry: RegistryView, door: ActDoor, feed: LiveFeed, now: Callable[[], datetime]
    ) -> None:
        """Add the act to the door."""
        self._database, self._registry, self._door, self._feed, self._now = database, registry, door, feed, now
        door.add({Act.ACKNOWLEDGE_ALARM: self.acknowledge})

    async def acknowledge(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Acknowledge an alarm; the receivers get the person's name."""
        alarm, note = args.get("alarm"), args.get("note", "")
        if not isinstance(alarm, int) or isinstance(alarm, bool) or not 0 < alarm < 2**53:
            raise DeskRefused(422, "invalid", _("alarm is the number of an alarm"), "alarm")
        if not isinstance(note, str) or len(note) > _LONGEST or "\0" in note:
            message = _("a note has up to {longest} characters").format(longest=_LONGEST)
            raise DeskRefused(422, "invalid", message, "note")
        await self._door.audit(visitor, Act.ACKNOWLEDGE_ALARM, str(alarm), note)
        registry = self._registry.current
        acknowledged = await asyncio.to_thread(
            alarm_store.acknowledge, self._database, alarm, visitor.name, note.strip(), registry, self._now()
        )
        if acknowledged is None:
            raise DeskRefused(409, "settled", _("alarm {id} is not open, or was acknowledged already").format(id=alarm))
        self._feed.look_slowly_now()
        return _json(acknowledged, registry)


def _json(alarm: RaisedAlarm, registry: Registry) -> dict[str, Any]:
    return alarm_store.alarm_json(alarm, alarm_text(alarm.kind, alarm.about, alarm.figure, registry))
