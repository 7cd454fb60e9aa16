"""Updates the state that pages show, after each new line of Asterisk's log files and once a second."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ivr.alarms import alarm_store
from ivr.desk.alarm_view import alarm_view
from ivr.desk.call_view import call_view
from ivr.desk.calls_elsewhere import at_one_node, call_elsewhere, handed_away, handed_here
from ivr.desk.engine_link import EngineLink
from ivr.desk.live_calls import LiveCalls
from ivr.desk.live_state import LiveState
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_view import RegistryView
from ivr.people import desk_sessions
from ivr.records.derive.call_record import CallRecord
from ivr.records.store import agents_notes, queries
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.texts import _

log = logging.getLogger(__name__)

_READ_EVERY = 0.04  # seconds between two readings of Asterisk's files
_ASK_EVERY = 1.0  # seconds between two questions to the engine if Asterisk writes nothing
_SETTLING = 0.25  # seconds in which a phone's state still changes after a line of the files
_SLOW_EVERY = 5.0  # seconds between two readings of callbacks and of people at seats, which change seldom


class LiveFeed:
    """Feeds the state for as long as a page is connected."""

    def __init__(
        self, state: LiveState, calls: LiveCalls, engine: EngineLink, registry: RegistryView, database: Database,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        """``now`` returns the city's time."""
        self._state, self._calls, self._engine, self._registry = state, calls, engine, registry
        self._database, self._now = database, now
        self._turn = asyncio.Lock()
        self._sitting: dict[str, str] = {}  # seat → name of the person
        self._taken: dict[str, int] = {}  # seat → calls that it answered today
        self._messages = 0  # messages that no agent has settled
        self._elsewhere: set[str] = set()  # calls with a part at another node
        self._records: dict[str, CallRecord] = {}  # records of these calls
        self._slow_wanted = asyncio.Event()

    async def run(self) -> None:
        """Update the state; never return."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._look_again_slowly())
            tasks.create_task(self._read_records())

    async def _follow(self) -> None:
        ask_at = 0.0
        while True:
            await asyncio.sleep(_READ_EVERY)
            if not self._state.is_watched:
                continue
            has_new_lines = self._read()
            now = time.monotonic()
            if has_new_lines or now >= ask_at:
                await self.refresh()
                ask_at = time.monotonic() + (_SETTLING if has_new_lines else _ASK_EVERY)

    async def _look_again_slowly(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SLOW_EVERY):
                    await self._slow_wanted.wait()
            self._slow_wanted.clear()
            if self._state.is_watched:
                await self.look_slowly()

    async def _read_records(self) -> None:
        """Read the records of calls at other nodes in a task of its own, because a database may be slow."""
        while True:
            await asyncio.sleep(_ASK_EVERY)
            if not self._state.is_watched or not self._elsewhere:
                continue
            try:
                self._records = await asyncio.to_thread(queries.calls_of, self._database, set(self._elsewhere))
            except DatabaseUnusable as error:
                log.error("%s", error)

    async def refresh(self) -> None:
        """Ask the engine for the present state, and send it to the pages."""
        async with self._turn:
            self._read()  # because calls may be up when the first page connects
            try:
                live = await self._engine.ask("live")
            except DeskRefused as refusal:
                at = self._now().isoformat(timespec="milliseconds")
                engine = refusal.code != "engine-away"
                hotline = {"engine": engine, "asterisk": False, "stopping": False, "messages_open": self._messages}
                self._state.replace(at, hotline={"hotline": hotline})
                return
            self._state.replace(live["at"], **self._sections(live))

    def _read(self) -> bool:
        try:
            return self._calls.read()
        except OSError as error:
            log.error(_("the desk cannot read Asterisk's logs: %s"), error)
            return False

    async def look_slowly(self) -> None:
        """Read people at seats, callbacks and messages, which change seldom. A slow database delays no other part."""
        now, database = self._now(), self._database
        try:
            self._sitting = await asyncio.to_thread(desk_sessions.people_at_seats, database, now)
            self._taken = await asyncio.to_thread(queries.answered_by_seat, database, _midnight(now))
            self._messages = await asyncio.to_thread(agents_notes.open_messages, database)
            alarms = await asyncio.to_thread(alarm_store.open_alarms, database)
            self._state.replace(self._state.at, alarms={str(alarm.id): alarm_view(alarm) for alarm in alarms})
        except DatabaseUnusable as error:
            log.error("%s", error)
        try:
            open_callbacks = await self._engine.ask("callbacks")
        except DeskRefused:
            return
        self._state.replace(
            self._state.at, callbacks={callback["id"]: self._callback(callback) for callback in open_callbacks}
        )

    def look_slowly_now(self) -> None:
        """Read people at seats, callbacks and messages at once."""
        self._slow_wanted.set()

    def _callback(self, callback: dict[str, Any]) -> dict[str, Any]:
        return {
            "call_id": callback["id"],
            "caller": callback["caller"],
            "number": callback["line"],
            "name": self._registry.line_name(callback["line"]),
            "since": callback["since"],
            "asked": callback["asked"],
            "tries": callback["tries"],
            "tried_at": callback["tried_at"],
            "state": callback["state"],
        }

    def _sections(self, live: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
        calls = self._calls_now(live)
        earlier = self._state.objects["seats"]
        seats = {seat["seat"]: self._seat(seat, earlier.get(seat["seat"]), calls, live["at"]) for seat in live["seats"]}
        queues = {queue["group"]: _queue(queue, self._state.objects["queues"].get(queue["group"]))
                  for queue in live["queues"]}  # fmt: skip
        hotline = {
            "engine": True,
            "asterisk": True,
            "stopping": live["stopping"],
            "messages_open": self._messages,
            "nodes": live.get("nodes", []),
        }
        visible_calls = {name: call for name, call in calls.items() if call["kind"] != "internal" or call["parties"]}
        return {"seats": seats, "queues": queues, "calls": visible_calls, "hotline": {"hotline": hotline}}

    def _calls_now(self, live: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the calls of this node, or in a cluster the calls of all nodes, each call once."""
        registry, now, node = self._registry.current, self._now(), live.get("node", "")
        by_call: dict[str, list[dict[str, Any]]] = {}
        for channel in live["channels"]:
            by_call.setdefault(channel["call_id"], []).append(channel)
        elsewhere = {
            call_id: view
            for call_id, report in at_one_node(live.get("elsewhere", ())).items()
            if (view := call_elsewhere(report, self._records.get(call_id), registry, now)) is not None
        }
        self._elsewhere = {report["call_id"] for report in live.get("elsewhere", ())}
        calls = {}
        for trace in self._calls.traces(self._registry.seat_kinds):
            handed_call = self._calls.handed_call(trace.call_id)
            call_id = handed_call or trace.call_id
            if call_id not in by_call:
                continue
            watchers = self._calls.watchers(call_id) or self._calls.watchers(trace.call_id)
            view = call_view(trace, by_call[call_id], watchers, registry, now)
            if handed_call:
                if call_id in elsewhere:
                    calls[call_id] = handed_here(elsewhere[call_id], view, node)
            elif call_id in elsewhere:
                calls[call_id] = handed_away(view, elsewhere[call_id])
            else:
                calls[call_id] = {**view, "node": node}
        return {**elsewhere, **calls}

    def _seat(
        self, seat: dict[str, Any], earlier: dict[str, Any] | None, calls: dict[str, Any], at: str
    ) -> dict[str, Any]:
        is_same_state = earlier is not None and (earlier["state"], earlier["reason"]) == (seat["state"], seat["reason"])
        call = calls.get(seat["call"] or "")
        return {
            **seat,
            "person": self._sitting.get(seat["seat"]),
            "calls_taken": self._taken.get(seat["seat"], 0),
            "since": earlier["since"] if is_same_state and earlier else at,
            "held": bool(call and call["stage"] == "held" and call["seat"] == seat["seat"]),
        }


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _queue(queue: dict[str, Any], earlier: dict[str, Any] | None) -> dict[str, Any]:
    """Return a queue; ``longest_since`` stays the same for as long as the same caller is first.

    It is not computed anew, because Asterisk gives waits in whole seconds, so that it would jump by up to a second.
    """
    if earlier and earlier["callers"][:1] == queue["callers"][:1]:
        return {**queue, "longest_since": earlier["longest_since"]}
    return queue
