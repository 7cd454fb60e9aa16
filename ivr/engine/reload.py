"""Puts a new registry and its recordings in force for new calls; calls in progress keep their registry."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ivr.asterisk.ami.listings import QueueMember, members_now
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.config.console import Console
from ivr.asterisk.config.readback import differences
from ivr.asterisk.config.render import Settings, write
from ivr.asterisk.queue_names import queue_name
from ivr.control.control_client import RequestRefused
from ivr.engine.queue_memberships import membership_changes
from ivr.registry.model import Registry
from ivr.registry.problems import RegistryError
from ivr.runtime import secrets
from ivr.runtime.asterisk import AsteriskRuntime
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.layout import Home
from ivr.shipped import RECORDINGS
from ivr.site import (
    asterisk_settings,
    candidate,
    orders_in_force,
    prompts_in_force,
    registry_history,
    registry_snapshot,
    slow_prompts,
    staging,
)
from ivr.site.candidate import RegistryCandidate
from ivr.site.front_seats import seats_that_need_front
from ivr.site.prompt_catalogue import catalogue
from ivr.site.registry_holder import RegistryHolder
from ivr.site.staging import Staged
from ivr.texts import _

log = logging.getLogger(__name__)

_RELOADS = {
    "pjsip.conf": "module reload res_pjsip.so",
    "queues.conf": "queue reload all",
    "generated/": "dialplan reload",
}


class Reloader:
    """Applies registries to a running hotline."""

    def __init__(
        self,
        home: Home,
        facts: HotlineFacts,
        asterisk: AsteriskRuntime,
        in_force: RegistryHolder,
        now: Callable[[], datetime],
        ami: Ami,
    ) -> None:
        """``now`` returns the city's time; ``ami`` may connect later."""
        self._ami = ami
        self._home, self._facts, self._asterisk = home, facts, asterisk
        self._in_force, self._now = in_force, now
        self._console = Console(home.asterisk_socket)
        self._one_at_a_time = asyncio.Lock()
        self._addresses: Mapping[str, tuple[str, ...]] = {}

    async def apply(self, name: str, file: str, by: str = "") -> dict[str, int]:
        """Put in force the files that were staged under ``name``, and discard the staged copy.

        Args:
            name: the name that `ivr.site.staging.stage` returned.
            file: the file name of the registry in messages.
            by: the user who asked.

        Returns:
            How many numbers and seats the registry has.

        Raises:
            RequestRefused: the registry has problems, each on its own line, or Asterisk did not take it. The old
                registry stays in force.
        """
        try:
            staged = staging.staged(self._home, name)
        except FileNotFoundError:
            raise RequestRefused(_("nothing was staged under {name}").format(name=ascii(name))) from None
        try:
            async with self._one_at_a_time:
                checked_candidate = await asyncio.to_thread(checked, staged, file)
                if not self._facts.front and (without_front := seats_that_need_front(checked_candidate.registry)):
                    raise RequestRefused(*without_front)
                await self._apply(checked_candidate, by)
        except RegistryError as error:
            raise RequestRefused(*map(str, error.problems)) from None
        except OSError as error:
            raise RequestRefused(_("the state folder cannot be written: {error}").format(error=error)) from None
        finally:
            staged.discard()
        registry = checked_candidate.registry
        return {"numbers": len({line.number for line in registry.lines}), "seats": len(registry.seats)}

    async def _apply(self, checked_candidate: RegistryCandidate, by: str) -> None:
        prompts = await asyncio.to_thread(prompts_in_force.prepare, self._home, checked_candidate.catalogue)
        if problem := await asyncio.to_thread(slow_prompts.refresh, checked_candidate.registry, prompts):
            log.warning("%s", problem)
        settings_before, settings_after = (
            self._settings(self._in_force.current),
            self._settings(checked_candidate.registry),
        )
        members = await self._members()
        await self._load(settings_after)
        if mismatches := await differences(self._console, settings_after):
            await self._load(settings_before)
            raise RequestRefused(*mismatches)
        now, recordings = self._now(), checked_candidate.catalogue.own
        orders = checked_candidate.orders.text if checked_candidate.orders.own else None
        await asyncio.to_thread(registry_history.keep, self._home, checked_candidate.text, now, by, recordings, orders)
        registry_snapshot.keep(self._home, checked_candidate.registry)
        prompts_in_force.switch(self._home, prompts)
        self._in_force.replace(checked_candidate.registry, checked_candidate.directory)
        await self._move_members(members, checked_candidate.registry)

    async def _members(self) -> list[QueueMember]:
        """Return the seats that are signed in, with their queues; no seat if Asterisk does not answer."""
        try:
            return members_now(await self._ami.listing("QueueStatus"))
        except AmiError as error:
            log.error(_("the seats stay in the queues in which they are: %s"), error)
            return []

    async def _move_members(self, members: list[QueueMember], registry: Registry) -> None:
        """Move the signed-in seats to the queues that the registry names, with their pauses; calls go on."""
        queues_of_seats = {
            seat.number: [queue_name(group) for group in seat.groups] for seat in registry.seats.values()
        }
        changes = membership_changes(members, queues_of_seats)
        for member in changes.joins:
            paused = "true" if member.is_paused else "false"
            await self._try_action("QueueAdd", member, MemberName=member.seat, Penalty="0", Paused=paused)
            if member.is_paused:
                await self._try_action("QueuePause", member, Paused="true", Reason=member.reason)
        for member in changes.leaves:
            await self._try_action("QueueRemove", member)

    async def _try_action(self, action: str, member: QueueMember, **fields: str) -> None:
        try:
            await self._ami.action(action, Queue=member.queue, Interface=member.interface, **fields)
        except AmiError as error:  # a queue that the registry has no more may be gone, or a seat may have signed out
            log.info("%s of seat %s: %s", action, member.seat, error, extra={"plain": (member.seat,)})

    def _settings(self, registry: Registry) -> Settings:
        passwords = secrets.load_or_make(self._home.secrets, registry.seats)
        return asterisk_settings.settings(
            registry, self._home, self._facts, passwords, self._asterisk, self._now(), self._addresses
        )

    async def move_hosts(self, addresses: Mapping[str, tuple[str, ...]]) -> None:
        """Let Asterisk take calls from the addresses that DNS now gives for hosts of trunks, by name."""
        async with self._one_at_a_time:
            self._addresses = addresses
            await self._load(self._settings(self._in_force.current))

    async def know_nodes(self, addresses: Mapping[str, str]) -> None:
        """Let Asterisk exchange handed-over callers with these nodes of the cluster: HOST:PORT by name.

        A node that joins the cluster is at first in its own cluster.yaml only.
        """
        known_nodes = dict(self._facts.other_nodes)
        other_nodes = known_nodes | {node: address for node, address in addresses.items() if node != self._facts.node}
        if other_nodes == known_nodes:
            return
        async with self._one_at_a_time:
            self._facts = replace(self._facts, other_nodes=tuple(other_nodes.items()))
            await self._load(self._settings(self._in_force.current))
            log.info("the nodes of the cluster besides this one: %s", ", ".join(sorted(other_nodes)))

    async def _load(self, settings: Settings) -> None:
        written = write(settings)
        for name, command in _RELOADS.items():
            if any(file.startswith(name) for file in written):
                await self._console.run(command)


def checked(staged: Staged, file: str) -> RegistryCandidate:
    """Return the staged files, checked; ``file`` is the file name of the registry in messages.

    Raises:
        RegistryError: the files have problems; the error lists every problem.
    """
    orders = orders_in_force.orders_of(staged.orders, str(Path(file).with_name(registry_history.ORDERS)))
    return candidate.check(staged.text, file, catalogue(RECORDINGS, staged.recordings), orders)
