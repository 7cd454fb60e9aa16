"""The entry for acts from WebSocket and REST: it checks the right, writes the audit line, and does the act."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from ivr.desk.call_view import seats_of
from ivr.desk.engine_link import EngineLink
from ivr.desk.live_state import LiveState
from ivr.desk.refusals import DeskRefused
from ivr.desk.visitor import Visitor
from ivr.people import audit_log
from ivr.people.rights import Act
from ivr.records.store import queries
from ivr.records.store.call_filter import CallFilter
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.texts import _

Handler = Callable[[Visitor, Mapping[str, Any]], Awaitable[dict[str, Any]]]

_STATUS = {"invalid": 422, "unknown": 404, "forbidden": 403, "asterisk-away": 503}
_AUDITED = frozenset(
    {
        Act.LISTEN, Act.WHISPER, Act.JOIN, Act.TAKE_OVER, Act.END, Act.SET_STATE, Act.SET_GROUPS, Act.RING_BACK,
        Act.PULL,
    }
)  # fmt: skip # acts in the engine on the call or seat of another agent, or on a citizen
_NEED_NO_OWN_SEAT = frozenset({Act.SET_STATE, Act.SET_GROUPS})


class ActDoor:
    """Does acts for visitors."""

    def __init__(self, database: Database, engine: EngineLink, state: LiveState, now: Callable[[], datetime]) -> None:
        """`add` adds the acts that the desk's process does itself; the engine does all other acts."""
        self._database, self._engine, self._state, self._now = database, engine, state, now
        self._own: dict[Act, Handler] = {}

    def add(self, handlers: Mapping[Act, Handler]) -> None:
        """Add acts that the desk's process does itself."""
        self._own |= handlers

    @property
    def own_acts(self) -> frozenset[Act]:
        """The acts that the desk's process does itself."""
        return frozenset(self._own)

    async def do(self, visitor: Visitor, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do an act.

        Raises:
            DeskRefused: there is no such act, the visitor may not do it, or it cannot be done now.
        """
        act = self._known_act(name)
        visitor.must(act)
        try:
            if handler := self._own.get(act):
                return await handler(visitor, args)
            return await self._act_by_engine(visitor, act, args)
        except DatabaseUnusable as error:
            raise DeskRefused(503, "records-away", str(error)) from None

    def _known_act(self, name: str) -> Act:
        try:
            act = Act(name)
        except ValueError:
            act = None
        if act is None or act.startswith("read."):
            raise DeskRefused(404, "unknown", _("there is no act {name}").format(name=ascii(name)))
        return act

    async def _act_by_engine(self, visitor: Visitor, act: Act, args: Mapping[str, Any]) -> dict[str, Any]:
        seat = visitor.seat
        if visitor.session is None and isinstance(args.get("at"), str):
            seat = args["at"]  # a program names the seat
        if seat is None and act in _NEED_NO_OWN_SEAT:
            seat = args.get("seat") if isinstance(args.get("seat"), str) else None
        if seat is None:
            raise DeskRefused(409, "no-seat", _("choose a seat first"))
        if act in _AUDITED:
            about = str(args.get("call_id") or args.get("seat") or "")
            await self.audit(visitor, act, about, str(args.get("state") or args.get("groups") or ""))
        answer = await self._engine.ask(
            "act", visitor.language, act=act.value, seat=seat, by=visitor.user, args=dict(args)
        )
        if error := answer.get("error"):
            raise DeskRefused(_STATUS.get(error["code"], 409), error["code"], error["message"], error["field"])
        result: dict[str, Any] = answer["result"]
        return result

    async def audit(self, visitor: Visitor, act: str, about: str = "", detail: str = "") -> None:
        """Add a line to the audit log before the act.

        Raises:
            DatabaseUnusable: the line could not be added; then the act is not done.
        """
        await asyncio.to_thread(
            audit_log.add_line, self._database, user=visitor.user, act=act, about=about, detail=detail,
            address=visitor.address, now=self._now(),
        )  # fmt: skip

    async def own_or_all(self, visitor: Visitor, call_id: str, right_to_all: Act) -> dict[str, Any]:
        """Return a call from the live state or the records, with the caller's whole number and words.

        A seat at another node may be in the live state before its part of the call is.

        Raises:
            DeskRefused: there is no such call, or it is another agent's and the visitor has no right ``right_to_all``.
        """
        live = self._state.objects["calls"].get(call_id)
        seats = {seat for seat, seat_view in self._state.objects["seats"].items() if seat_view["call"] == call_id}
        if live is not None:
            seats |= seats_of(live)
            utterances = [utterance["text"] for utterance in live["said"]]
            known_call = {"call_id": call_id, "caller": live["caller"], "number": live["number"], "said": utterances}
        else:
            records = await asyncio.to_thread(queries.calls, self._database, CallFilter(call=call_id))
            if not records:
                raise DeskRefused(404, "unknown", _("there is no call {id}").format(id=ascii(call_id)))
            record = records[0]
            seats |= {leg.target for leg in record.legs if leg.answered_at}
            utterances = [utterance.text for utterance in record.utterances]
            known_call = {"call_id": call_id, "caller": record.caller, "number": record.dialled, "said": utterances}
        if visitor.seat not in seats and not visitor.may(right_to_all):
            raise DeskRefused(403, "forbidden", _("this call is another agent's"))
        return known_call
