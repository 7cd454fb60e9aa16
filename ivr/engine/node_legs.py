"""Ends calls between nodes, by which callers are handed over, if the other half of the call is gone."""

import logging
from collections.abc import Collection
from contextlib import suppress

from ivr.asterisk.ami import call_actions, queue_actions
from ivr.asterisk.ami.channel_listing import ChannelNow
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.config.console import Console, ConsoleError
from ivr.cluster.missing_legs import MissingLegs, NodeLeg
from ivr.cluster.node_model import NodeNow
from ivr.records.ingest.rebuild import node_of

log = logging.getLogger(__name__)

_ENDPOINT = "node-"  # before the node's name
_OF_DIAL = "AppDial"  # application of a channel that this node has called: a consult of an agent who works here
_DEAD_FOR = 30.0  # seconds for which calls to a dead node are looked for


class NodeLegs:
    """This node's halves of the calls between nodes."""

    def __init__(self, node: str, ami: Ami, console: Console) -> None:
        """``ami`` may connect later."""
        self._node, self._ami, self._console = node, ami, console
        self._lost = MissingLegs()

    async def step(self, nodes: Collection[NodeNow]) -> None:
        """End the calls whose other half is gone: the dialplan hands their callers over again.

        Args:
            nodes: all nodes, as they were seen last.

        Raises:
            AmiError: Asterisk does not answer.
        """
        await self._end_calls_to_dead(nodes)
        others = {node.node for node in nodes} - {self._node}
        legs = [leg for channel in await call_actions.channels(self._ami) if (leg := _leg(channel, others))]
        if lost := self._lost.lost(legs, nodes):
            log.warning("calls with other nodes that had one half only: %d", len(lost))
            await queue_actions.end_legs(self._ami, lost)

    async def _end_calls_to_dead(self, nodes: Collection[NodeNow]) -> None:
        """End the calls with a node that is gone. A node that only lost the database answers OPTIONS."""
        for node in nodes:
            if node.node == self._node or node.lives or node.seen_s > _DEAD_FOR:
                continue
            try:
                output = await self._console.run(f"pjsip show aor {_ENDPOINT}{node.node}")
            except ConsoleError as error:
                log.debug("%s", error)
                continue
            if "Unavail" in output:
                with suppress(AmiError):  # there is none
                    await queue_actions.hand_over_again(self._ami, node.node)


def _leg(channel: ChannelNow, others: Collection[str]) -> NodeLeg | None:
    node = channel.endpoint.removeprefix(_ENDPOINT)
    if node == channel.endpoint or node not in others:
        return None
    began, _sign, count = channel.uniqueid.rpartition("-")[2].partition(".")
    is_handed_to_us = node_of(channel.call_id) == node and channel.application != _OF_DIAL
    return NodeLeg(channel.channel, node, channel.call_id, (int(began), int(count)), is_handed_to_us)
