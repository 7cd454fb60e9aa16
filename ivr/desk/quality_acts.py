"""The act with which a page reports the sound quality of its phone. The browser's figures are checked."""

import asyncio
from collections.abc import Mapping
from typing import Any

from ivr.desk.act_door import ActDoor
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor
from ivr.people.rights import Act
from ivr.records.derive.record_parts import SoundQuality
from ivr.records.store import sound_quality
from ivr.records.store.database import Database
from ivr.texts import _

_MOST = {"seconds": 60.0, "loss_percent": 100.0, "jitter_ms": 60_000.0, "round_trip_ms": 60_000.0}


class QualityActs:
    """Stores the measurements of pages with the record of the call."""

    def __init__(self, database: Database, door: ActDoor) -> None:
        """Add the act to the door."""
        self._database, self._door = database, door
        door.add({Act.QUALITY: self.store})

    async def store(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Store the averages of up to a minute of the own call."""
        if visitor.seat is None:
            raise DeskRefused(409, "no-seat", _("choose a seat first"))
        figures = [_figure(args, name, largest) for name, largest in _MOST.items()]
        call = await self._door.own_or_all(visitor, str(args.get("call_id", "")), Act.READ_CALLS)
        quality = SoundQuality(call["call_id"], visitor.seat, *figures)
        if quality.seconds:
            await asyncio.to_thread(sound_quality.add, self._database, quality)
        return {}


def _figure(args: Mapping[str, Any], name: str, largest: float) -> float:
    value = args.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= largest:  # nor NaN
        text = _("{name} is a number from 0 to {most}").format(name=name, most=f"{largest:.0f}")
        raise DeskRefused(422, "invalid", text, name)
    return round(float(value), 1)
