"""Work orders in the engine: answers commands, and reminds and escalates by the deadline clock."""

import asyncio
import itertools
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ivr.alarms.order_reminders import put_reminder
from ivr.control.control_client import RequestRefused
from ivr.engine.background_task import BackgroundTask
from ivr.engine.record_importer import RecordImporter
from ivr.orders.act_decision import ActRequest
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.life_cycle import OrderAct
from ivr.orders.opening import is_lost, open_orders_of_callbacks
from ivr.orders.order import Order
from ivr.orders.order_clock import HOTLINE, acts_due
from ivr.orders.order_requests import OrderRequests
from ivr.orders.perform import perform_act_within
from ivr.orders.spoken_state import spoken_state
from ivr.orders.store import order_search, order_store
from ivr.orders.store.order_store import ChangedMeanwhile
from ivr.records.derive.callback_state import EXPIRES_AFTER
from ivr.records.derive.record_parts import Outcome
from ivr.records.store.call_filter import CallFilter
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.queries import calls
from ivr.routing.calendar import city_time
from ivr.site.registry_holder import RegistryHolder

log = logging.getLogger(__name__)

_TASK = "clocks of work orders"  # the node that has the turn keeps them
_EVERY = 60.0  # seconds between two looks at the clocks, which count days
_PATIENCE = 3.0  # seconds that a caller waits for a slow database
_CALLBACKS = 10  # looks at the clocks for one look at the callbacks, which takes longer
_LATE = timedelta(days=4)  # a hotline that was down for this time loses no callback
_NOTIFIED_LATE = timedelta(hours=12)  # a hotline that was down for this time still notifies the units
_UNDER_WAY = timedelta(minutes=5)  # the longest time from an act until the database has it
_AHEAD = timedelta(days=40)  # no reminder is due earlier than this before the due day, holidays included

T = TypeVar("T")


class OrderDesk(BackgroundTask):
    """Keeps the clocks of work orders while its context is open. The due acts follow from the database alone."""

    def __init__(
        self, database: Database, recorder: RecordImporter, in_force: RegistryHolder, now: Callable[[], datetime]
    ) -> None:
        """``now`` returns the city's time."""
        self._database, self._recorder, self._in_force, self._now = database, recorder, in_force, now
        self._requests = OrderRequests(database, lambda: in_force.directory, now)
        self._directory_of_due_days: OrderDirectory | None = None
        self._notified_until: datetime | None = None

    async def listing(self, **arguments: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
        """Return work orders; see `OrderRequests.listing`.

        Raises:
            RequestRefused: the request cannot be answered; the text is the reason.
        """
        return await self._answer(lambda: self._requests.listing(**arguments))

    async def show(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Return one work order; see `OrderRequests.show`. Raises as `listing`."""
        return await self._answer(lambda: self._requests.show(**arguments))

    async def act(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Do an act on a work order; see `OrderRequests.act`. Raises as `listing`."""
        return await self._answer(lambda: self._requests.act(**arguments))

    async def report(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Return the four rates; see `OrderRequests.report`. Raises as `listing`."""
        return await self._answer(lambda: self._requests.report(**arguments))

    async def spoken(self, number: str, caller: str) -> tuple[str, ...] | None:
        """Return the prompts that tell a caller the state of a work order; see `ScriptServices.order_prompts`."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await asyncio.to_thread(self._spoken, number, caller)
        except (DatabaseUnusable, TimeoutError) as error:
            log.error("%s", error or type(error).__name__)
            return None

    def _spoken(self, number: str, caller: str) -> tuple[str, ...]:
        with self._database.begin() as connection:
            order = order_search.order_for_caller(connection, number, caller)
        return spoken_state(order, self._in_force.directory, self._now()) if order else ()

    async def _answer(self, request: Callable[[], T]) -> T:
        return await self._recorder.query_up_to_date(lambda _database: _refusing(request))

    async def _work(self) -> None:
        await self._recorder.migrated.wait()
        for count in itertools.count():
            try:
                if await asyncio.to_thread(self._database.has_turn, _TASK):
                    await asyncio.to_thread(self.keep_clocks)
                    if count % _CALLBACKS == 0:
                        await asyncio.to_thread(self.open_lost_callbacks)
            except DatabaseUnusable as error:
                log.error("%s", error)
            await asyncio.sleep(_EVERY)

    def open_lost_callbacks(self) -> None:
        """Make work orders for callers who asked for a callback that reached nobody.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        now = self._now()
        abandoned_calls = CallFilter(since=now - EXPIRES_AFTER - _LATE, outcome=Outcome.ABANDONED.value)
        lost = [record for record in calls(self._database, abandoned_calls) if is_lost(record)]
        with self._database.begin() as connection:
            open_orders_of_callbacks(connection, lost, self._in_force.directory, now)

    def keep_clocks(self) -> None:
        """Do the due acts; after a change of orders.yaml or the calendar, compute the due days again.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        directory, now = self._in_force.directory, self._now()
        if directory is not self._directory_of_due_days:
            with self._database.begin() as connection:
                changed = order_store.renew_due_days(connection, directory)
            if changed:
                log.info("work orders that are due on another day now: %d", changed)
            self._directory_of_due_days = directory
        with self._database.begin() as connection:
            running = order_search.running_orders(connection, city_time(now).date(), _AHEAD)
        for order in running:
            self._keep_clock(order, directory, now)
        self._notify_units(directory, now)

    def _keep_clock(self, order: Order, directory: OrderDirectory, now: datetime) -> None:
        for act, stage in acts_due(order, directory, now):
            try:
                with self._database.begin() as connection:
                    request = ActRequest(act, HOTLINE, {"stage": stage})
                    perform_act_within(connection, order.order, request, directory, now)
            except (
                OrderActRefused,
                ChangedMeanwhile,
            ) as refusal:  # a person was quicker; the deadline clock looks again
                log.info("%s: %s", order.order, refusal)

    def _notify_units(self, directory: OrderDirectory, now: datetime) -> None:
        """Notify units, once for each act, of reminders and supervision by the clock, people and platforms."""
        acts = (OrderAct.REMIND, OrderAct.SUPERVISE)
        since = (self._notified_until or now - _NOTIFIED_LATE) - _UNDER_WAY
        with self._database.begin() as connection:
            for event in order_store.acts_since(connection, since, acts):
                if order := order_store.find(connection, event.order):
                    put_reminder(connection, order, event, directory, self._in_force.current, now)
        self._notified_until = now


def _refusing(request: Callable[[], T]) -> T:
    try:
        return request()
    except OrderActRefused as refusal:
        raise RequestRefused(str(refusal)) from None
