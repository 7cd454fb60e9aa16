"""The queues that live at this node of a cluster: takes queues over, stores their seats, gives queues up."""

import asyncio
import hashlib
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from ivr.asterisk import staff_elsewhere
from ivr.asterisk.ami import queue_actions
from ivr.asterisk.ami.listings import QueueMember
from ivr.asterisk.ami.manager import Ami
from ivr.asterisk.config.console import Console
from ivr.asterisk.queue_names import group_of_queue, queue_name
from ivr.asterisk.variables import Variable
from ivr.cluster import home_store, signed_in_seats
from ivr.cluster.group_homes import homes_at, sharing_groups, staff_of_groups, wanted_homes
from ivr.cluster.missing_callers import MissingCallers, missing_calls, still_missing, waiting_callers
from ivr.cluster.node_model import NodeNow
from ivr.cluster.signed_in_seats import SignedInSeat
from ivr.engine import seats_elsewhere
from ivr.engine.node_legs import NodeLegs
from ivr.records.store.database import Database
from ivr.registry.model import GroupKind, Registry
from ivr.site.registry_holder import RegistryHolder

log = logging.getLogger(__name__)

_REACHED = 2.0  # seconds until a node that was off the network knows that phones are in reach; less than a lease
_NOT_FREE = "101"  # staff of a group that has seats, as `ivr.asterisk.staff_elsewhere` has it
_NOWHERE = "0"  # of `Variable.QUEUE_AT`
_IN_CALL = "in-call"  # reason of the pause of a seat whose call at the home before goes on
_GATHERING = "queue-moves"  # reason of the pause of a seat while the callers of its queue are on their way here
_NOT_THE_SEATS = (_GATHERING, seats_elsewhere.REASON)  # reasons of pauses that the next home does not take over
_OF_AN_ENGINE = (_IN_CALL, *_NOT_THE_SEATS)  # reasons that only an engine gives, which may have ended meanwhile


class QueueHomes:
    """The homes of the groups, as one node takes part in them."""

    def __init__(self, node: str, database: Database, ami: Ami, console: Console, in_force: RegistryHolder) -> None:
        """``ami`` may connect later."""
        self._node, self._database, self._ami = node, database, ami
        self._in_force = in_force
        self._groups_here: set[str] = set()  # the groups whose queue lives here
        self._stored: set[SignedInSeat] = set()  # the seats of those groups, as the database has them
        self._busy_here: set[str] | None = None  # phones of seats of other homes that are in a call here; None at first
        self._said: dict[str, str] = {}
        self._waited: dict[str, frozenset[str]] = {}  # calls that waited for each group, as its home said last
        self._missing: dict[str, MissingCallers] = {}  # of groups that have just moved here, and whose seats wait
        self._legs = NodeLegs(node, ami, console)
        self._staff: dict[str, str] = {}  # of groups whose queue is elsewhere, as last written into Asterisk

    @property
    def groups(self) -> list[str]:
        """The groups whose queue lives here."""
        return sorted(self._groups_here)

    async def step(self, nodes: Collection[NodeNow], taking: Collection[str]) -> None:
        """Take part in the homes once more.

        Args:
            nodes: all nodes, as they were seen last.
            taking: the nodes that take calls now.

        Raises:
            DatabaseUnusable: The database cannot be used. The queues stay as they are.
            AmiError: Asterisk does not answer.
        """
        registry = self._in_force.current
        self._waited = waiting_callers(nodes, self._waited)
        wanted = wanted_homes(_sharing(registry), taking)
        homes = await asyncio.to_thread(home_store.keep_homes, self._database, self._node, wanted, self._groups_here)
        leased = homes_at(homes, registry.groups)
        own_groups = {group for group, node in leased.items() if node == self._node}
        moving_groups = {group for group in own_groups if wanted.get(group, self._node) != self._node}
        if lost_groups := self._groups_here & moving_groups | self._groups_here - own_groups:
            await self._give_up(lost_groups)
        if moving_groups:
            await asyncio.to_thread(home_store.give_up, self._database, self._node, moving_groups)
        living = {node.node for node in nodes if node.lives}
        first = {home.group for home in homes if home.generation == 1}
        await self._offer_callers(nodes)
        if new_groups := own_groups - moving_groups - self._groups_here:
            await self._take_over(new_groups, nodes, is_first=new_groups <= first)
        await self._keep_seats(living)
        await self._free_phones()
        await self._write_homes(registry, {group: node for group, node in leased.items() if group not in moving_groups})
        await self._write_staff({node.node: node for node in nodes}, leased)
        await self._legs.step(nodes)

    async def renew(self) -> None:
        """Keep the queues that live here, and take no other.

        Raises:
            DatabaseUnusable: The database cannot be used.
        """
        await asyncio.to_thread(home_store.keep_homes, self._database, self._node, {}, set(self._groups_here))

    async def _take_over(self, groups: set[str], nodes: Collection[NodeNow], *, is_first: bool) -> None:
        """Let the queues of these groups live here, with the seats that were signed in at the home before.

        The seats are offered callers once all callers who waited at the earlier home have come.
        """
        stored_seats = await asyncio.to_thread(signed_in_seats.signed_in_seats, self._database, groups)
        rows = {replace(row, busy_at="") if row.busy_at == self._node else row for row in stored_seats}
        missing = self._missing_calls(groups, nodes)
        if not (is_first and not rows):  # the first home of all keeps the seats that it has
            await self._set_members(groups, {_member(row, is_gathering=row.group in missing) for row in rows})
            phones = {row.phone for row in rows}
            await queue_actions.until_phones_answer(
                self._ami, {queue_name(group) for group in groups}, phones, _REACHED
            )
        self._missing |= {group: MissingCallers(calls) for group, calls in missing.items()}
        self._groups_here |= groups
        self._stored |= rows
        log.info("this node is the home of %d groups now; members added to their queues: %d", len(groups), len(rows))

    def _missing_calls(self, groups: Collection[str], nodes: Collection[NodeNow]) -> dict[str, frozenset[str]]:
        """Return the calls for which the seats of these groups have to wait.

        An expert's seat waits for no call, because an expert's queue takes no caller whose expert is paused.
        """
        registered = self._in_force.current.groups
        pools = [group for group in groups if group in registered and registered[group].kind is not GroupKind.EXPERT]
        missing = {
            group: missing_calls(self._waited.get(group, frozenset()), group, self._node, nodes) for group in pools
        }
        return {group: calls for group, calls in missing.items() if calls}

    async def _set_members(self, groups: Collection[str], stored: Iterable[QueueMember]) -> None:
        members = {(member.queue, member.interface): member for member in await queue_actions.members(self._ami)}
        stored_members = {(member.queue, member.interface): member for member in stored}
        for key, member in stored_members.items():
            if key not in members:
                await queue_actions.add(self._ami, member)
            elif members[key].reason in _OF_AN_ENGINE:
                await queue_actions.pause(self._ami, member)
        for key, member in members.items():
            if key not in stored_members and group_of_queue(member.queue) in groups:
                await queue_actions.remove(self._ami, member)

    async def _offer_callers(self, nodes: Collection[NodeNow]) -> None:
        """Let the seats of a queue that has moved here take callers, once the callers who waited have come."""
        if not self._missing:
            return
        missing_now = {
            group: still_missing(callers, group, self._node, nodes) for group, callers in self._missing.items()
        }
        gathered = {group: callers for group, callers in missing_now.items() if callers.is_over}
        for member in await queue_actions.members(self._ami) if gathered else ():
            if member.reason == _GATHERING and group_of_queue(member.queue) in gathered:
                await queue_actions.pause(self._ami, replace(member, is_paused=False, reason=""))
        self._missing = {group: callers for group, callers in missing_now.items() if group not in gathered}
        for group, callers in gathered.items():
            log.info("the seats of %s take callers; callers who have not come: %d", group, len(callers.calls))

    async def _give_up(self, groups: set[str]) -> None:
        """Let the queues of these groups live elsewhere: callers who wait are handed over, seats work there.

        A seat in a call stays in it. The next home offers it calls once the call is over.
        """
        await self._set_homes({queue_name(group): _NOWHERE for group in groups})
        await queue_actions.withdraw_callers(self._ami, {queue_name(group) for group in groups})
        members = [
            member for member in await queue_actions.members(self._ami) if group_of_queue(member.queue) in groups
        ]
        busy = await queue_actions.phones_in_calls(self._ami)
        seats = signed_in_seats.leaving(map(_seat, members), self._stored, self._node, busy)
        await asyncio.to_thread(signed_in_seats.replace, self._database, self._node, groups, seats)
        for member in members:
            await queue_actions.remove(self._ami, member)
        self._staff |= {row.group: _NOT_FREE for row in seats}  # until the next home says more
        self._groups_here -= groups
        self._stored = {row for row in self._stored if row.group not in groups}
        self._missing = {group: callers for group, callers in self._missing.items() if group not in groups}
        self._busy_here = (self._busy_here or set()) | {row.phone for row in seats if row.busy_at}
        log.info("another node is the home of %d groups now", len(groups))

    async def _keep_seats(self, living: Collection[str]) -> None:
        """Store the seats signed in here, and sign in each seat whose call at the earlier home is over."""
        waiting = {row for row in self._stored if row.busy_at}
        if waiting:
            rows = await asyncio.to_thread(signed_in_seats.signed_in_seats, self._database, self._groups_here)
            for row in rows:
                if not row.busy_at or row.busy_at not in living:
                    waiting = {seat for seat in waiting if (seat.group, seat.seat) != (row.group, row.seat)}
            freed_seats = {(row.group, row.seat) for row in self._stored if row.busy_at} - {
                (w.group, w.seat) for w in waiting
            }
            for row in rows:
                if (row.group, row.seat) in freed_seats:
                    member = _member(replace(row, busy_at=""), is_gathering=row.group in self._missing)
                    await queue_actions.pause(self._ami, member)
        members = await queue_actions.members(self._ami)
        for member in members:
            if (
                group_of_queue(member.queue) not in self._groups_here
            ):  # signed in at the wrong node, or before a restart
                await queue_actions.remove(self._ami, member)
        seats_here = {_seat(member) for member in members if group_of_queue(member.queue) in self._groups_here}
        paused = {(row.group, row.seat): row for row in waiting}
        present_seats = {paused.get((seat.group, seat.seat), seat) for seat in seats_here}
        changed = {row.group for row in present_seats ^ self._stored}
        if changed:
            rows = {row for row in present_seats if row.group in changed}
            await asyncio.to_thread(signed_in_seats.replace, self._database, self._node, changed, rows)
            self._stored = present_seats

    async def _free_phones(self) -> None:
        """Store which phones are no longer in a call here; after a restart of the engine, no phone is in one."""
        if self._busy_here is None:
            await asyncio.to_thread(signed_in_seats.no_longer_busy, self._database, self._node, None)
            self._busy_here = set()
        elif self._busy_here:
            busy = await queue_actions.phones_in_calls(self._ami)
            if free := self._busy_here - busy:
                write = signed_in_seats.no_longer_busy
                if not await asyncio.to_thread(write, self._database, self._node, free):
                    self._busy_here -= free  # only now, because the home may have written the end of a call away

    async def _write_homes(self, registry: Registry, leased: Mapping[str, str]) -> None:
        """Let Asterisk know where each queue lives; the dialplan reads it, with or without an engine.

        A queue lives nowhere until a node has the lease, because its callers would dial the next home again and again.
        """
        homes = {}
        for group in registry.groups:
            node = leased.get(group, "")
            is_here = group in self._groups_here
            homes[queue_name(group)] = "" if is_here else _NOWHERE if node in ("", self._node) else node
        digest = hashlib.sha256(repr(sorted(homes.items())).encode()).hexdigest()
        if (await self._ami.action("Getvar", Variable=Variable.HOMES)).get("Value") == digest:
            return
        await self._set_homes(homes)
        await self._ami.action("Setvar", Variable=Variable.HOMES, Value=digest)

    async def _set_homes(self, homes: Mapping[str, str]) -> None:
        for queue, node in homes.items():
            await self._ami.action("Setvar", Variable=f"{Variable.QUEUE_AT}_{queue}", Value=node)

    async def _write_staff(self, nodes: Mapping[str, NodeNow], leased: Mapping[str, str]) -> None:
        """Let call scripts know the staff of the queues that live elsewhere."""
        elsewhere = {group: node for group, node in leased.items() if group not in self._groups_here}
        staff = staff_of_groups(elsewhere, nodes, self._staff)
        self._staff = staff
        text = staff_elsewhere.to_text({group: [flag == "1" for flag in flags] for group, flags in staff.items()})
        if self._said.get(Variable.STAFF) != text or text:
            await self._ami.action("Setvar", Variable=Variable.STAFF, Value=text)
            self._said[Variable.STAFF] = text


def _sharing(registry: Registry) -> dict[str, str]:
    return sharing_groups(registry.groups, (seat.groups for seat in registry.seats.values()))


def _seat(member: QueueMember) -> SignedInSeat:
    phone, is_ours = member.interface.removeprefix("PJSIP/"), member.reason in _NOT_THE_SEATS
    is_paused, reason = (False, "") if is_ours else (member.is_paused, member.reason)
    return SignedInSeat(group_of_queue(member.queue), member.seat, phone, is_paused, reason)


def _member(row: SignedInSeat, *, is_gathering: bool) -> QueueMember:
    """Return the seat as a member of its queue; ``is_gathering``: callers of the queue are on their way here."""
    is_paused, reason = row.is_paused, row.reason
    if row.busy_at:
        is_paused, reason = True, _IN_CALL
    elif is_gathering and not row.is_paused:
        is_paused, reason = True, _GATHERING
    return QueueMember(queue_name(row.group), f"PJSIP/{row.phone}", row.seat, is_paused, reason)
