"""The pages of all desks of a cluster: the node of a call learns of the agent's page, whichever desk has the page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ivr.control.control_client import RequestRefused
from ivr.engine.node_control import NodeControl
from ivr.engine.node_of_act import OtherNodes
from ivr.engine.page_return import PageReturn

_DEADLINE = 7.0  # seconds; the desk waits for 8


class PagesOverNodes:
    """Handles the calls of pages that are gone, as `PageReturn` does at one node."""

    def __init__(
        self, here: PageReturn, exchange: NodeControl, others: Callable[[], Mapping[str, Mapping[str, Any]]]
    ) -> None:
        """``others`` returns the last state of each other node, as `ivr.engine.cluster_status.of_node` returns it."""
        self._here, self._exchange, self._others = here, exchange, others
        self._seats: set[str] = set()

    @property
    def seats(self) -> list[str]:
        """Return the seats that have a page at this node's desk."""
        return sorted(self._seats)

    async def page_gone(self, seat: str) -> dict[str, Any]:
        """Note that this desk has no page of a seat any more; the node of the seat's call is told."""
        self._seats.discard(seat)
        others = self._others()
        if seat in _pages(others):
            return {}
        node = OtherNodes(others).in_call(seat)
        if not node:
            return await self._here.page_gone(seat)
        try:
            await self._exchange.ask(node, "page-gone", _DEADLINE, seat=seat)
        except RequestRefused:  # the node sees in `pages` that the seat has no page
            return {}
        return {}

    async def page_back(self, seat: str) -> dict[str, Any]:
        """Note that this desk has a page of a seat again."""
        self._seats.add(seat)
        return await self._here.page_back(seat)

    async def pages(self, seats: Sequence[str]) -> dict[str, Any]:
        """Note which seats have a page at this desk; a seat whose page is at another desk has one, too."""
        self._seats = set(seats)
        return await self._here.pages(sorted(self._seats | _pages(self._others())))


def _pages(others: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {seat for status in others.values() for seat in status.get("pages", ())}
