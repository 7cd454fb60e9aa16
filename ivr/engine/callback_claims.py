"""Callbacks (漏接电话回拨): lists the due callbacks, and lets only one agent at a time call a citizen back."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from agi_scripts.services import DueCallback, NoCallback
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.variables import Variable
from ivr.control.control_client import RequestRefused
from ivr.engine import status
from ivr.records.derive.call_record import CallRecord
from ivr.records.derive.callback_state import EXPIRES_AFTER
from ivr.records.derive.record_parts import CallbackState
from ivr.records.store.call_filter import CallFilter
from ivr.records.store.claim_rows import claim_number, claimed_numbers, keep_claim
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.queries import calls
from ivr.routing.callback import may_ring_now, number_to_ring
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

log = logging.getLogger(__name__)

_RING = 20  # seconds that an agent's phone rings
_RECORDED = timedelta(seconds=10)  # from the end of an attempt until the call records have it
_CALLS = timedelta(minutes=2)  # longer than from the start of a script until the call records have its attempt
_NEXT_ATTEMPT = timedelta(minutes=15)  # after an attempt that was not answered


class CallbackClaims:
    """Gives each callback to one agent. Due callbacks follow from the call records, so that a restart loses none."""

    def __init__(self, database: Database, in_force: RegistryHolder, now: Callable[[], datetime], ami: Ami) -> None:
        """``now`` returns the city's time."""
        self._database, self._in_force, self._now, self._ami = database, in_force, now, ami
        self._lock = asyncio.Lock()
        self._promised: dict[str, str] = {}  # number → the missed call for which `ring` rings an agent

    async def listing(self) -> list[dict[str, Any]]:
        """Return the callbacks that are due or in progress, the longest wait first.

        Raises:
            RequestRefused: The database cannot be used.
        """
        open_callbacks, claimed = (
            await self._open_callbacks(),
            await asyncio.to_thread(claimed_numbers, self._database, self._now()),
        )
        return [
            {
                "id": record.call_id,
                "caller": record.caller,
                "number": number,
                "line": record.dialled,
                "since": record.started_at.isoformat(timespec="milliseconds"),
                "asked": record.callback.asked,
                "tries": record.callback.tries,
                "tried_at": record.callback.tried_at and record.callback.tried_at.isoformat(timespec="milliseconds"),
                "state": CallbackState.RINGING if number in claimed else record.callback.state,
            }
            for number, record in open_callbacks.items()
            if record.callback
        ]

    async def ring(self, missed: str, seat: str | None = None) -> dict[str, str]:
        """Ring an agent for one callback; when the agent answers, the citizen is rung.

        Args:
            missed: call id of the missed call.
            seat: the seat that rings; None for any seat that is ready.

        Returns:
            ``{"seat": …, "number": …}``.

        Raises:
            RequestRefused: The callback cannot be made; the text says why.
        """
        registry = self._in_force.current
        if not may_ring_now(registry, self._now()):
            raise RequestRefused(_("citizens are not called back at this hour; see callbacks: hours in numbers.yaml"))
        async with self._lock:
            open_callbacks = {
                record.call_id: (number, record) for number, record in (await self._open_callbacks()).items()
            }
            if missed not in open_callbacks:
                raise RequestRefused(_("{id} is not to be called back; see 'ivr callbacks'").format(id=missed))
            number, record = open_callbacks[missed]
            is_ringing = not record.callback or record.callback.state is CallbackState.RINGING
            if is_ringing or not await self._claim(number, timedelta(seconds=_RING + 5)):
                raise RequestRefused(_("an agent is calling {number} back just now").format(number=number))
            try:
                seat, phone = await self._ready_seat(seat)
            except RequestRefused:
                await self._release_claim(number)
                raise
            self._promised[number] = missed
        name = next((line.name for line in registry.lines if line.number == record.dialled), "")
        shown = f"回拨 {record.dialled} {name}"[:40]
        variables = [f"__{Variable.MISSED}={missed}", f"__{Variable.AGENT}={seat}"]
        try:
            await self._ami.action(
                "Originate", Channel=f"Local/{phone}@callback/n", Context="callback", Exten="answered", Priority="1",
                Async="true", Timeout=str(_RING * 1000), CallerID=f"{shown} <{number}>", Variable=variables,
            )  # fmt: skip
        except AmiError as error:
            await self._release_claim(number)
            raise RequestRefused(str(error)) from None
        return {"seat": seat, "number": number}

    async def _ready_seat(self, chosen_seat: str | None) -> tuple[str, str]:
        """Return a seat that can be rung now, and the phone at which it is signed in."""
        try:
            seats = (await status.seats_and_queues(self._ami, self._in_force.current))["seats"]
        except AmiError as error:
            raise RequestRefused(str(error)) from None
        states: dict[str, str] = {seat["seat"]: seat["state"] for seat in seats}
        if chosen_seat is None:
            chosen_seat = next((seat for seat, state in states.items() if state == "ready"), None)
            if chosen_seat is None:
                raise RequestRefused(_("no agent is ready"))
        if states.get(chosen_seat) != "ready":
            raise RequestRefused(_("seat {seat} is not ready").format(seat=chosen_seat))
        phone = next(str(seat["at"]) for seat in seats if seat["seat"] == chosen_seat)
        return chosen_seat, phone or chosen_seat

    @asynccontextmanager
    async def claim(self, missed: str) -> AsyncIterator[DueCallback | NoCallback]:
        """Give a callback to an agent's call script; no other script gets it until the block ends."""
        due = await self._claim_due(missed)
        try:
            yield due
        finally:
            if isinstance(due, DueCallback):
                await self._keep_claim(due.number, _RECORDED)

    async def _claim_due(self, missed: str) -> DueCallback | NoCallback:
        if not may_ring_now(self._in_force.current, self._now()):
            return NoCallback.CLOSED
        async with self._lock:
            try:
                open_callbacks = await self._open_callbacks()
            except RequestRefused as refusal:
                log.error("%s", refusal)
                return NoCallback.NOBODY
            for number, record in open_callbacks.items():
                if self._is_for_script(missed, number, record) and await self._claim_for_script(missed, number):
                    self._promised.pop(number, None)
                    return DueCallback(record.call_id, number, record.dialled)
        return NoCallback.NOBODY

    async def _claim_for_script(self, missed: str, number: str) -> bool:
        """Claim a number for a call script; a number that `ring` promised to the script is claimed already."""
        if missed:
            await self._keep_claim(number, _CALLS)
            return True
        return await self._claim(number, _CALLS)

    async def _claim(self, number: str, period: timedelta) -> bool:
        """Return whether the number was free and is claimed now; False if the database cannot be used."""
        now = self._now()
        try:
            return await asyncio.to_thread(claim_number, self._database, number, now, now + period)
        except DatabaseUnusable as error:
            log.error("%s", error)
            return False

    async def _keep_claim(self, number: str, period: timedelta) -> None:
        """Let a claim end after a period from now on."""
        try:
            await asyncio.to_thread(keep_claim, self._database, number, self._now() + period)
        except DatabaseUnusable as error:
            log.error("%s", error)

    def _is_for_script(self, missed: str, number: str, record: CallRecord) -> bool:
        if record.callback is None or record.callback.state is CallbackState.RINGING:
            return False
        if missed:
            return record.call_id == missed and self._promised.get(number) == missed
        tried_at = record.callback.tried_at
        # The clock may have been set back.
        return tried_at is None or not timedelta(0) <= self._now() - tried_at <= _NEXT_ATTEMPT

    async def _open_callbacks(self) -> dict[str, CallRecord]:
        """Return the first missed call of each number to call back, by the number to dial, oldest first."""
        since: datetime = self._now() - EXPIRES_AFTER
        try:
            records = await asyncio.to_thread(calls, self._database, CallFilter(since=since))
        except DatabaseUnusable as error:
            raise RequestRefused(str(error)) from None
        open_callbacks: dict[str, CallRecord] = {}
        for record in records:
            number = number_to_ring(self._in_force.current, record.caller)
            if number and record.callback and record.callback.state in (CallbackState.DUE, CallbackState.RINGING):
                open_callbacks.setdefault(number, record)
        return open_callbacks

    async def _release_claim(self, number: str) -> None:
        self._promised.pop(number, None)
        await self._keep_claim(number, timedelta())
