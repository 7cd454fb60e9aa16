"""Acts that the desk's process does itself: choosing a seat, notes, messages to pages, an unmasked number."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from ivr.desk.act_door import ActDoor
from ivr.desk.live_feed import LiveFeed
from ivr.desk.presence import Presence
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_view import RegistryView
from ivr.desk.visitor import Visitor
from ivr.people import desk_sessions
from ivr.people.rights import Act
from ivr.records.store import agents_notes
from ivr.records.store.database import Database
from ivr.registry.agents_aids import AgentsAids, agents_aids
from ivr.routing.calendar import city_time
from ivr.texts import _

_LONGEST_MESSAGE = 500


class OwnActs:
    """Each method does the act of its name."""

    def __init__(
        self, database: Database, registry: RegistryView, door: ActDoor, presence: Presence, feed: LiveFeed,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        """Add the acts to the door."""
        self._database, self._registry, self._door = database, registry, door
        self._presence, self._feed, self._now = presence, feed, now
        door.add(
            {
                Act.TAKE_SEAT: self.take_seat,
                Act.LEAVE_SEAT: self.leave_seat,
                Act.NOTE: self.save_note,
                Act.RESULT: self.save_result,
                Act.CHECK: self.save_checked,
                Act.SETTLE_MESSAGE: self.settle_message,
                Act.SEND_MESSAGE: self.send_message,
                Act.UNMASK: self.unmask,
            }
        )

    async def take_seat(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Let the visitor work at a free seat."""
        seat = args.get("seat")
        if visitor.session is None:
            raise DeskRefused(403, "forbidden", _("a program has no seat"))
        if not isinstance(seat, str) or seat not in self._registry.current.seats:
            raise DeskRefused(
                404, "unknown", _("{seat} is not a seat of this hotline").format(seat=ascii(seat)), "seat"
            )
        own_seat = visitor.session.person.seat
        if own_seat is not None and own_seat != seat:
            raise DeskRefused(
                403, "forbidden", _("your seat is {seat}; an admin can change that").format(seat=own_seat)
            )
        taking = partial(desk_sessions.set_session_seat, self._database, visitor.session.session, seat, self._now())
        if occupant := await asyncio.to_thread(taking):
            text = _("seat {seat} is in use by {user}").format(user=occupant, seat=seat)
            raise DeskRefused(409, "taken", text, "seat")
        await self._tell_new_seat(visitor.session.session, seat)
        return {"seat": seat}

    async def leave_seat(self, visitor: Visitor, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Let the visitor leave the seat; the seat is signed out."""
        if visitor.session is None:
            raise DeskRefused(403, "forbidden", _("a program has no seat"))
        if visitor.seat is not None:
            await self._door.do(visitor, Act.SIGN_OUT, {})
        leaving = partial(desk_sessions.set_session_seat, self._database, visitor.session.session, None, self._now())
        await asyncio.to_thread(leaving)
        await self._tell_new_seat(visitor.session.session, None)
        return {"seat": None}

    async def save_note(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Save the note of a call."""
        text, version = args.get("text"), args.get("version", 0)
        if not isinstance(text, str) or len(text) > agents_notes.LONGEST:
            message = _("a note has up to {longest} characters").format(longest=agents_notes.LONGEST)
            raise DeskRefused(422, "invalid", message, "text")
        if not isinstance(version, int) or version < 0:
            raise DeskRefused(422, "invalid", _("version is the number of the note that was read"), "version")
        call_id = str((await self._own_call(visitor, args))["call_id"])
        saving = partial(agents_notes.save, self._database, call_id, text, version, visitor.user, self._now())
        if (saved_version := await asyncio.to_thread(saving)) is None:
            newer = (await asyncio.to_thread(agents_notes.notes, self._database, [call_id])).get(call_id)
            message = _("the note was changed meanwhile")
            raise DeskRefused(409, "changed", message, None, note=newer.to_json() if newer else None)
        return {"version": saved_version}

    async def save_result(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Save the result of a call, one of the results of its line."""
        call = await self._own_call(visitor, args)
        result, results = args.get("result"), self._aids(call).results
        if result not in results:
            message = _("result is one of: {results}").format(results=", ".join(results))
            raise DeskRefused(422, "invalid", message, "result")
        await self._store_on_record(visitor, call, result=str(result))
        return {"result": result}

    async def save_checked(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Save the done items of the line's checklist."""
        call = await self._own_call(visitor, args)
        items, checklist = args.get("items"), self._aids(call).checklist
        if not isinstance(items, list) or not all(entry in checklist for entry in items):
            raise DeskRefused(422, "invalid", _("items are items of the line's checklist"), "items")
        await self._store_on_record(visitor, call, checked=[entry for entry in checklist if entry in items])
        return {"items": items}

    async def settle_message(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Mark a message as heard and settled."""
        order, text = args.get("work_order"), args.get("text", "")
        if not isinstance(order, str) or not order.isprintable() or len(order) > 80 or not isinstance(text, str):
            raise DeskRefused(422, "invalid", _("work_order is the id of a message"), "work_order")
        await self._door.audit(visitor, Act.SETTLE_MESSAGE, order)
        settling = partial(agents_notes.settle, self._database, order, text, visitor.user, self._now())
        if not await asyncio.to_thread(settling):
            raise DeskRefused(409, "settled", _("another agent has settled this message"))
        return {}

    async def send_message(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Send a message to pages."""
        text, seats = args.get("text"), args.get("seats", "all")
        if not isinstance(text, str) or not 0 < len(text.strip()) <= _LONGEST_MESSAGE:
            message = _("a message has 1 to {longest} characters").format(longest=_LONGEST_MESSAGE)
            raise DeskRefused(422, "invalid", message, "text")
        if seats != "all" and not (isinstance(seats, list) and all(isinstance(seat, str) for seat in seats)):
            raise DeskRefused(422, "invalid", _("seats is a list of seats, or all"), "seats")
        sent_at = self._now().isoformat(timespec="seconds")
        notice = {"notice": "message", "from": visitor.name, "text": text.strip(), "at": sent_at}
        return {"pages": self._presence.tell(notice, None if seats == "all" else seats)}

    async def unmask(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Show a caller's whole number; leaves an audit line."""
        call = await self._door.own_or_all(visitor, str(args.get("call_id", "")), Act.READ_CALLS)
        await self._door.audit(visitor, Act.UNMASK, call["call_id"])
        return {"caller": call["caller"]}

    async def _own_call(self, visitor: Visitor, args: Mapping[str, Any]) -> Mapping[str, Any]:
        return await self._door.own_or_all(visitor, str(args.get("call_id", "")), Act.READ_CALLS)

    def _aids(self, call: Mapping[str, Any]) -> AgentsAids:
        return agents_aids(self._registry.current, call["number"], city_time(self._now()).date())

    async def _store_on_record(self, visitor: Visitor, call: Mapping[str, Any], **values: str | list[str]) -> None:
        storing = partial(
            agents_notes.save_beside_text, self._database, str(call["call_id"]), visitor.user, self._now(), **values
        )
        await asyncio.to_thread(storing)

    async def _tell_new_seat(self, session: str, seat: str | None) -> None:
        await self._presence.seat_changed(session, seat)
        self._feed.look_slowly_now()
