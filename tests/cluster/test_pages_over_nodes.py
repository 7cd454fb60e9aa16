"""An agent's page may be at the desk of one node, and the agent's call at another node."""

from typing import Any
from unittest.mock import AsyncMock

import pytest

from ivr.control.control_client import RequestRefused
from ivr.engine.node_control import NodeControl
from ivr.engine.page_return import PageReturn
from ivr.engine.pages_over_nodes import PagesOverNodes

WEST = {"phones": ["web-8001"], "pages": ["8002"]}
OLDER = {"phones": []}  # a node of the version before says nothing of pages


@pytest.fixture
def here() -> Any:
    return AsyncMock(spec=PageReturn)


@pytest.fixture
def exchange() -> Any:
    return AsyncMock(spec=NodeControl)


@pytest.fixture
def pages(here: Any, exchange: Any) -> PagesOverNodes:
    return PagesOverNodes(here, exchange, lambda: {"west": WEST, "north": OLDER})


async def test_the_node_of_the_call_is_told_that_the_page_is_gone(
    pages: PagesOverNodes, here: Any, exchange: Any
) -> None:
    await pages.page_gone("8001")
    assert exchange.ask.await_args.args[:2] == ("west", "page-gone")
    assert exchange.ask.await_args.kwargs == {"seat": "8001"}
    here.page_gone.assert_not_awaited()
    exchange.ask.side_effect = RequestRefused("away")
    await pages.page_gone("8001")  # that node sees in the list of pages that the seat has none


async def test_a_call_of_this_node_has_lost_its_page(pages: PagesOverNodes, here: Any, exchange: Any) -> None:
    await pages.page_gone("8003")
    here.page_gone.assert_awaited_once_with("8003")
    exchange.ask.assert_not_awaited()


async def test_a_seat_with_a_page_at_another_desk_has_not_lost_it(
    pages: PagesOverNodes, here: Any, exchange: Any
) -> None:
    await pages.page_gone("8002")
    here.page_gone.assert_not_awaited()
    exchange.ask.assert_not_awaited()
    await pages.pages(["8003"])
    here.pages.assert_awaited_once_with(["8002", "8003"])


async def test_the_other_nodes_hear_of_the_pages_of_this_desk_only(pages: PagesOverNodes) -> None:
    await pages.pages(["8003"])
    await pages.page_back("8001")
    assert pages.seats == ["8001", "8003"]
    await pages.page_gone("8003")
    assert pages.seats == ["8001"]
