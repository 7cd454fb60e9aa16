"""This node in its cluster: says that it lives, takes calls or not, and has the registry that all nodes have."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.variables import Variable
from ivr.cluster import node_store, registry_store
from ivr.cluster.node_decision import NodeFacts, node_state, nodes_for_homes
from ivr.cluster.node_model import NodeNow, NodeState, WantedState
from ivr.cluster.registry_store import RegistryOffer, SharedRegistry
from ivr.control.control_client import RequestRefused
from ivr.engine import status
from ivr.engine.background_task import BackgroundTask
from ivr.engine.queue_homes import QueueHomes
from ivr.engine.record_importer import RecordImporter
from ivr.engine.reload import Reloader, checked
from ivr.engine.site_files_in_force import write_back
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.registry.problems import RegistryError
from ivr.runtime import hotline_facts, secrets
from ivr.runtime.layout import Home
from ivr.site import registry_history, staging
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 0.5  # seconds
_LOADS = 40  # times `_EVERY`, for which a node counts as alive while Asterisk loads
_AGAIN = 5.0  # seconds until a registry that could not be taken is tried again
_GAP = 4.0  # seconds between two looks at the others; after a longer time this node was cut off: a query hung
_BACK = 3.0  # seconds within which every node that lives has said so, once the database is back
_DEAD = 6.0  # seconds without a sign of a node, until its calls count as over and its callers are called back
_TASK = "calls of nodes that are gone"  # one node of all ends their records
_WITHOUT_DATABASE = 10.0  # seconds after the start, after which calls are taken without the cluster's database
_OPEN, _CLOSED = "open", "closed"  # of `Variable.NODE`


class NodeMembership(BackgroundTask):
    """Keeps this node in its cluster while its context is open."""

    def __init__(
        self, home: Home, database: Database, recorder: RecordImporter, reloader: Reloader, ami: Ami,
        homes: QueueHomes, look: Callable[[], Awaitable[dict[str, Any]]], now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        """``ami`` may connect later; ``look`` returns the status of this node."""
        self._homes, self._look = homes, look
        self._nodes_seen: list[NodeNow] = []  # as of the last half second in which the database could be used
        self._home, self._node, self._database = home, recorder.node, database
        self._recorder, self._migrated = recorder, recorder.migrated
        self._sees_since: float | None = None  # since when this node sees the others without a gap
        self._looked_at = 0.0  # when this node saw the others last
        self._closed: set[str] = set()  # nodes that are gone, and whose calls this node has ended
        self._reloader, self._ami, self._now = reloader, ami, now
        self._program = version("hotline-12345")
        self._problem, self._tried_at = "", 0.0
        self._last_reported = ""
        self._digest = ""
        self._reports = 0

    async def nodes(self) -> list[dict[str, Any]]:
        """Return all nodes as JSON values.

        Raises:
            DatabaseUnusable: The database cannot be used.
        """
        return [node.to_json() for node in await asyncio.to_thread(node_store.nodes, self._database)]

    @property
    def nodes_seen(self) -> list[NodeNow]:
        """All nodes, as this node saw them within the last half second in which the database could be used."""
        return self._nodes_seen

    def others(self) -> dict[str, Mapping[str, Any]]:
        """Return the last report of each other living node: its seats, queues and calls."""
        return {node.node: node.status for node in self._nodes_seen if node.lives and node.node != self._node}

    async def set_wanted_state(self, node: str, wanted: str, by: str = "") -> None:
        """Say whether a node is to take calls.

        Raises:
            RequestRefused: There is no such node, or the database cannot be used.
        """
        try:
            exists = await asyncio.to_thread(node_store.set_wanted_state, self._database, node, WantedState(wanted), by)
        except DatabaseUnusable as error:
            raise RequestRefused(str(error)) from None
        if not exists:
            raise RequestRefused(_("no node of the name {node} was ever seen").format(node=ascii(node)))

    async def _work(self) -> None:
        self._digest = await asyncio.to_thread(_digest, self._home)
        begun, decided = asyncio.get_running_loop().time(), False
        while True:
            try:
                if self._migrated.is_set():
                    await self._step()
                    decided, self._last_reported = True, ""
                elif asyncio.get_running_loop().time() > begun + _WITHOUT_DATABASE and not decided:
                    await self._set_open(is_open=True)
            except DatabaseUnusable as error:
                self._sees_since = None
                await self._without_database(
                    str(error), decided or asyncio.get_running_loop().time() > begun + _WITHOUT_DATABASE
                )
            except AmiError as error:
                log.debug("Asterisk does not answer: %s", error)
            await asyncio.sleep(_EVERY)

    async def _step(self) -> None:
        async with self._alive():
            await self._take_registry_in_force()
            await self._vote()
        stopping = await status.is_stopping(self._ami)
        nodes = self._nodes_seen = await asyncio.to_thread(node_store.nodes, self._database)
        wanted = next((node.wanted for node in nodes if node.node == self._node), WantedState.OPEN)
        fingerprint = secrets.fingerprint(secrets.load(self._home.secrets))
        own_facts = NodeFacts(self._node, wanted, stopping, self._problem, fingerprint)
        state, reason = node_state(own_facts, nodes)
        loop_time = asyncio.get_running_loop().time()
        if self._sees_since is None or loop_time > self._looked_at + _GAP:
            self._sees_since = loop_time
        self._looked_at = loop_time
        open_nodes = nodes_for_homes(nodes, sees_all=loop_time > self._sees_since + _BACK) - {self._node}
        async with self._alive():
            await self._reloader.know_nodes({node.node: node.address for node in nodes if node.lives and node.address})
        await self._homes.step(nodes, open_nodes | ({self._node} if state is NodeState.OPEN else set()))
        await self._set_open(is_open=state is NodeState.OPEN)
        calls = int((await self._ami.action("CoreStatus")).get("CoreCurrentCalls", "0"))
        self._reports += 1
        node_status = {**await self._look(), "groups": self._homes.groups, "reports": self._reports}
        report = {
            "state": state.value, "why": reason, "calls": calls, "program": self._program, "registry": self._digest,
            "secrets": fingerprint, "status": node_status,
        }  # fmt: skip
        await asyncio.to_thread(node_store.report, self._database, self._node, report)
        await self._end_calls_of_dead(nodes)

    @asynccontextmanager
    async def _alive(self) -> AsyncIterator[None]:
        """Let the others know that this node lives while Asterisk loads, which takes long on a busy machine."""

        async def report_alive() -> None:
            for _again in range(_LOADS):
                await asyncio.sleep(_EVERY)
                with suppress(DatabaseUnusable):
                    await asyncio.to_thread(node_store.say_alive, self._database, self._node)
                    await self._homes.renew()

        reporting = asyncio.create_task(report_alive())
        try:
            yield
        finally:
            reporting.cancel()
            await asyncio.wait([reporting])

    async def _end_calls_of_dead(self, nodes: list[NodeNow]) -> None:
        """End the records of nodes that are gone, so that their callers are called back.

        A node that sees the others again only just now waits, because the others may have been cut off, too.
        """
        now = asyncio.get_running_loop().time()
        dead = {node.node for node in nodes if node.node != self._node and node.seen_s > _DEAD}
        self._closed &= dead
        if self._sees_since is None or now < self._sees_since + _DEAD or not dead - self._closed:
            return
        if not await asyncio.to_thread(self._database.has_turn, _TASK):
            return
        for node in sorted(dead - self._closed):
            if count := await self._recorder.close_calls_of(node, self._now()):
                log.error(_("node %s does not answer any more; calls that it had in progress: %d"), node, count)
            self._closed.add(node)

    async def _set_open(self, *, is_open: bool) -> None:
        """Let Asterisk take calls of the front, or answer them with 503. A restarted Asterisk has to be told again."""
        value = _OPEN if is_open else _CLOSED
        if (await self._ami.action("Getvar", Variable=Variable.NODE)).get("Value") != value:
            await self._ami.action("Setvar", Variable=Variable.NODE, Value=value)
            log.info("this node %s", "takes calls" if is_open else "takes no calls")

    async def _without_database(self, problem: str, is_late: bool) -> None:
        """Go on as before; a node that was just started takes calls all the same after a while."""
        if problem != self._last_reported:
            self._last_reported = problem
            log.error(_("the other nodes cannot be seen, and this node goes on as it is: %s"), problem)
        if is_late:
            try:
                if (await self._ami.action("Getvar", Variable=Variable.NODE)).get("Value") not in (_OPEN, _CLOSED):
                    await self._set_open(is_open=True)
            except AmiError:
                return

    async def _take_registry_in_force(self) -> None:
        """Put the cluster's registry in force at this node; if the cluster has no registry, offer this node's."""
        if self._problem and asyncio.get_running_loop().time() < self._tried_at + _AGAIN:
            return
        shared = await asyncio.to_thread(registry_store.in_force, self._database, self._digest)
        if shared is None:
            self._problem = ""
            await asyncio.to_thread(self._offer_first)
            return
        self._tried_at = asyncio.get_running_loop().time()
        earlier = registry_history.in_force(self._home)
        try:
            with tempfile.TemporaryDirectory(prefix="shared-", dir=self._home.registry) as folder:
                staged = await asyncio.to_thread(self._stage, shared, Path(folder))
                await self._reloader.apply(staged.name, shared.name, shared.by)
        except (RequestRefused, OSError) as error:
            self._problem = _("the registry in force cannot be taken: {reason}").format(
                reason="; ".join(map(str, error.args))
            )
            log.error("%s", self._problem)
            return
        self._digest, self._problem = shared.digest, ""
        new = registry_history.in_force(self._home)
        await asyncio.to_thread(write_back, Path(hotline_facts.read(self._home.hotline).numbers), earlier, new)
        log.info("the registry %s of the cluster is in force here", shared.digest[:12])

    def _offer_first(self) -> None:
        in_force = registry_history.in_force(self._home)
        offer = RegistryOffer(
            in_force.text, in_force.orders, in_force.recordings, registry_history.NUMBERS, in_force.by, self._now()
        )
        registry_store.put_first_in_force(self._database, offer)

    async def _vote(self) -> None:
        """Vote on a proposal: say whether this node could put the registry in force."""
        proposal = await asyncio.to_thread(registry_store.pending, self._database, self._node)
        if proposal is None:
            return
        refusal = await asyncio.to_thread(self._refusal, proposal)
        await asyncio.to_thread(registry_store.vote, self._database, proposal.number, self._node, refusal)

    def _refusal(self, proposal: SharedRegistry) -> str:
        with tempfile.TemporaryDirectory(prefix="proposed-", dir=self._home.registry) as folder:
            try:
                staged = self._stage(proposal, Path(folder))
            except OSError as error:
                return str(error)
            try:
                checked(staged, proposal.name)
            except RegistryError as error:
                return "\n".join(map(str, error.problems))
            finally:
                staged.discard()
        return ""

    def _stage(self, shared: SharedRegistry, folder: Path) -> staging.Staged:
        registry_store.write_files(self._database, shared.files, folder)
        return staging.stage(self._home, shared.text, folder, shared.orders)

    @property
    def digest(self) -> str:
        """The digest of the registry in force here."""
        return self._digest


def _digest(home: Home) -> str:
    in_force = registry_history.in_force(home)
    return registry_store.digest_of(in_force.text, in_force.orders, registry_store.files_of(in_force.recordings))
