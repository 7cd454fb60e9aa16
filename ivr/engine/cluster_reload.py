"""A reload of all nodes: each node says whether it can put the registry in force; then all nodes do, or none does."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from ivr.cluster import node_store, registry_store
from ivr.cluster.node_decision import missing_votes, refusals
from ivr.cluster.registry_store import ProposalPending, ProposalState, RegistryOffer
from ivr.control.control_client import RequestRefused
from ivr.engine.node_membership import NodeMembership
from ivr.engine.reload import checked
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.registry.problems import RegistryError
from ivr.runtime.layout import Home
from ivr.site import staging
from ivr.site.candidate import RegistryCandidate
from ivr.site.staging import Staged
from ivr.texts import _

_VOTES = 12.0  # seconds; `ivr reload` waits for 30
_TAKEN_DEADLINE = 14.0  # seconds until all nodes have the registry
_LOOK = 0.2


class ClusterReload:
    """Puts registries in force in a cluster."""

    def __init__(self, home: Home, database: Database, membership: NodeMembership, now: Callable[[], datetime]) -> None:
        """``membership`` puts the cluster's registry in force at this node."""
        self._home, self._database, self._membership, self._now = home, database, membership, now

    async def apply(self, name: str, file: str, by: str = "") -> dict[str, int]:
        """Put in force on all nodes the files that were staged here under ``name``, and discard the staged copy.

        Returns:
            How many numbers and seats the registry has.

        Raises:
            RequestRefused: the registry has problems, or a node cannot take it; the old registry stays in force.
        """
        try:
            staged = staging.staged(self._home, name)
        except FileNotFoundError:
            raise RequestRefused(_("nothing was staged under {name}").format(name=ascii(name))) from None
        try:
            candidate = await asyncio.to_thread(checked, staged, file)
            await self._put_in_force(candidate, staged, file, by)
        except RegistryError as error:
            raise RequestRefused(*map(str, error.problems)) from None
        except ProposalPending:
            raise RequestRefused(_("another reload is under way; try again in a moment")) from None
        except (DatabaseUnusable, OSError) as error:
            raise RequestRefused(str(error)) from None
        finally:
            staged.discard()
        registry = candidate.registry
        return {"numbers": len({line.number for line in registry.lines}), "seats": len(registry.seats)}

    async def _put_in_force(self, candidate: RegistryCandidate, staged: Staged, file: str, by: str) -> None:
        offer = RegistryOffer(candidate.text, staged.orders, staged.recordings, file, by, self._now())
        number = await asyncio.to_thread(registry_store.propose, self._database, offer)
        refusal_lines = await self._refusals(number)
        state = ProposalState.REFUSED if refusal_lines else ProposalState.IN_FORCE
        is_decided = await asyncio.to_thread(registry_store.decide, self._database, number, state)
        if refusal_lines or not is_decided:
            raise RequestRefused(*(refusal_lines or [_("the nodes did not agree in time; try again")]))
        await self._until_taken(
            registry_store.digest_of(candidate.text, staged.orders, registry_store.files_of(staged.recordings))
        )

    async def _refusals(self, number: int) -> list[str]:
        """Wait for the nodes' answers; return the reasons for which the registry cannot come in force, a line each."""
        deadline = asyncio.get_running_loop().time() + _VOTES
        while True:
            votes = await asyncio.to_thread(registry_store.votes, self._database, number)
            missing = missing_votes(votes, await asyncio.to_thread(node_store.nodes, self._database))
            if lines := refusals(votes):
                return lines
            if not missing:
                return []
            if asyncio.get_running_loop().time() > deadline:
                text = _("{node}: this node lives, but did not say whether it can take the registry")
                return [text.format(node=node) for node in missing]
            await asyncio.sleep(_LOOK)

    async def _until_taken(self, digest: str) -> None:
        """Wait until all live nodes have the registry; a node without it takes no calls until it has it."""
        deadline = asyncio.get_running_loop().time() + _TAKEN_DEADLINE
        while asyncio.get_running_loop().time() < deadline:
            nodes = await asyncio.to_thread(node_store.nodes, self._database)
            if self._membership.digest == digest and all(node.registry == digest for node in nodes if node.lives):
                return
            await asyncio.sleep(_LOOK)
