"""Acts of the desk over the nodes of a cluster: the seat's node does the act, whichever node's desk is open."""

from collections.abc import Callable, Mapping
from typing import Any

from ivr.control.control_client import RequestRefused
from ivr.engine.desk_acts import DeskActs
from ivr.engine.node_control import NodeControl
from ivr.engine.node_of_act import OtherNodes, is_at_two_nodes, node_of_act
from ivr.people.rights import Act
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

_DEADLINE = 7.0  # seconds; the desk waits for 8


class ActsOverNodes:
    """Does the desk's acts here, or has them done at another node."""

    def __init__(
        self, acts: DeskActs, in_force: RegistryHolder, exchange: NodeControl,
        others: Callable[[], Mapping[str, Mapping[str, Any]]], own_groups: Callable[[], list[str]],
    ) -> None:  # fmt: skip
        """``others`` returns the state of each other node; ``own_groups`` the groups whose queue is at this node."""
        self._acts, self._in_force, self._exchange = acts, in_force, exchange
        self._others, self._own_groups = others, own_groups

    async def act(self, act: str, seat: str, by: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do an act. Args and return value are those of `DeskActs.act`."""
        registered = self._in_force.current.seats.get(seat)
        others = OtherNodes(self._others())
        node = node_of_act(Act(act), seat, args, registered.groups if registered else (), others)
        if refusal := self._refusal(Act(act), args, node, others):
            return _error("other-node", refusal)
        if not node:
            return await self._acts.act(act, seat, by, args)
        try:
            outcome = await self._exchange.ask(node, "act", _DEADLINE, act=act, seat=seat, by=by, args=dict(args))
        except RequestRefused as refused:
            return _error("refused", " ".join(map(str, refused.args)))
        assert isinstance(outcome, dict)
        return outcome

    def _refusal(self, act: Act, args: Mapping[str, Any], node: str, others: OtherNodes) -> str:
        """Return the reason for which an act cannot be done over nodes; "" if it can be done."""
        if act is Act.SET_GROUPS and isinstance(groups := args.get("groups"), list):
            homes = dict.fromkeys(self._own_groups(), "")
            homes |= {group: name for name, status in others.status.items() for group in status.get("groups", ())}
            new_groups = [group for group in groups if isinstance(group, str)]
            if is_at_two_nodes(new_groups, homes) or any(homes.get(group, node) != node for group in new_groups):
                return _("the queues of these groups are at several nodes, and a seat works at one")
        return ""


def _error(code: str, text: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": text, "field": None}}
