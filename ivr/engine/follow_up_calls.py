"""Follow-ups (回访): sends citizens a link, or rings them, after a unit's answer was approved; keeps their answers."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ivr.alarms.follow_up_link import put_follow_up_link
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.variables import Variable
from ivr.engine.background_task import BackgroundTask
from ivr.engine.record_importer import RecordImporter
from ivr.orders.act_decision import ActRequest
from ivr.orders.act_limits import OrderActRefused
from ivr.orders.directory_model import OrderDirectory
from ivr.orders.follow_up_rule import FollowUpTurn, answer_act, follow_up_turn
from ivr.orders.life_cycle import OrderAct, OrderState
from ivr.orders.order import Order
from ivr.orders.order_clock import HOTLINE
from ivr.orders.perform import perform_act, perform_act_within
from ivr.orders.store import order_search, order_store
from ivr.orders.store.order_store import ChangedMeanwhile
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.routing.callback import number_to_ring
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

log = logging.getLogger(__name__)

_TASK = "follow-ups"  # the node that has the turn rings citizens
_EVERY = 5.0  # seconds between two looks
_AT_ONCE = 3  # citizens rung after one look
_RING = 25  # seconds


class FollowUpCalls(BackgroundTask):
    """Follows up while its context is open. A try is an act, done before the telephone rings."""

    def __init__(
        self,
        database: Database,
        recorder: RecordImporter,
        in_force: RegistryHolder,
        now: Callable[[], datetime],
        ami: Ami,
        code: Callable[[str], str],
    ) -> None:
        """``now`` returns the city's time; ``code`` the look-up code of a work order at the citizens' page."""
        self._database, self._recorder, self._in_force, self._now, self._ami = database, recorder, in_force, now, ami
        self._code = code

    async def followed_up(self, order: str, solved: bool, satisfaction: int | None) -> None:
        """Keep a citizen's answer; see `ScriptServices.followed_up`."""
        try:
            await asyncio.to_thread(self._keep, order, solved, satisfaction)
        except (OrderActRefused, DatabaseUnusable) as problem:
            log.error(_("the answer of a follow-up is lost: work order %s: %s"), order, problem)

    async def _work(self) -> None:
        await self._recorder.migrated.wait()
        while True:
            await asyncio.sleep(_EVERY)
            try:
                if not await asyncio.to_thread(self._database.has_turn, _TASK):
                    continue
                for number, order in await asyncio.to_thread(self._next):
                    await self._ring(number, order)
            except (DatabaseUnusable, AmiError) as error:
                log.error("%s", error)

    def _next(self) -> list[tuple[str, str]]:
        """Note a try for each work order that is due for a follow-up; return numbers to ring, with the work order."""
        directory, registry, now = self._in_force.directory, self._in_force.current, self._now()
        with self._database.begin() as connection:
            waiting = order_search.orders_in_state(connection, OrderState.FOLLOW_UP)
        in_vain = _("follow-ups by telephone in vain: {count}").format(count=directory.follow_ups.tries)
        due: list[tuple[str, str]] = []
        for order in waiting:
            turn = follow_up_turn(order, directory.follow_ups, now)
            if turn is FollowUpTurn.WAIT or len(due) == _AT_ONCE:
                continue
            if turn is FollowUpTurn.SEND_LINK:
                self._send_link(order, directory, now)
                continue
            number = number_to_ring(registry, order.caller)
            if turn is FollowUpTurn.GIVE_UP:
                self._do_act(order, OrderAct.CLOSE, reason=in_vain)
            elif not number:
                self._do_act(order, OrderAct.CLOSE, reason=_("no number that can be called"))
            elif self._do_act(order, OrderAct.TRY_FOLLOW_UP, reason=_("rung by the hotline")):
                due.append((number, order.order))
        return due

    def _send_link(self, order: Order, directory: OrderDirectory, now: datetime) -> None:
        """Send the citizen the link, once in a round: act and message are one transaction."""
        assert directory.follow_ups.link
        try:
            with self._database.begin() as connection:
                request = ActRequest(OrderAct.SEND_LINK, HOTLINE, {})
                after = perform_act_within(connection, order.order, request, directory, now)
                code, registry = self._code(order.order), self._in_force.current
                put_follow_up_link(connection, after, code, directory.follow_ups.link, registry, now)
        except (OrderActRefused, ChangedMeanwhile) as refusal:  # a person was quicker
            log.info("%s: %s", order.order, refusal)

    def _do_act(self, order: Order, act: OrderAct, **fields: Any) -> bool:  # noqa: ANN401 - as of an act
        try:
            perform_act(
                self._database, order.order, ActRequest(act, HOTLINE, fields), self._in_force.directory, self._now()
            )
        except OrderActRefused as refusal:  # a person was quicker
            log.info("%s: %s", order.order, refusal)
            return False
        return True

    async def _ring(self, number: str, order: str) -> None:
        """Ring a citizen; if the citizen answers, the call script ``follow-up`` asks."""
        shown = self._in_force.current.hotline.number
        await self._ami.action(
            "Originate", Channel=f"Local/{number}@follow-up/n", Context="follow-up", Exten="local", Priority="1",
            Async="true", Timeout=str((_RING + 5) * 1000), CallerID=f'"{shown}" <{shown}>',
            Variable=[f"__{Variable.ORDER}={order}"],
        )  # fmt: skip

    def _keep(self, number: str, solved: bool, satisfaction: int | None) -> None:
        directory = self._in_force.directory
        with self._database.begin() as connection:
            order = order_store.find(connection, number)
        if order is None:
            raise OrderActRefused(_("there is no work order {order}").format(order=number))
        act = answer_act(order, directory.limits.rounds, solved=solved)
        fields: dict[str, Any] = {} if satisfaction is None else {"satisfaction": satisfaction}
        if act is OrderAct.FOLLOW_UP:
            fields["solved"] = solved
        perform_act(self._database, number, ActRequest(act, HOTLINE, fields), directory, self._now())
