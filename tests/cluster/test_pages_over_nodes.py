"""An agent's page may be at the desk of one node, and the agent's call at another node."""

from typing import Any
from unittest.mock import AsyncMock

import pytest

from ivr.control.control_client import RequestRefused
from ivr.engine.node_control import NodeControl
from ivr.engine.page_return import PageReturn
from ivr.engine.pages_over_nodes import PagesOverNodes

WEST = {"phones": ["web-8001"], "pages": ["8002"]}
OLDER = {"phones": []}  # a node of the previous version does not list pages


@pytest.fixture
def page_return() -> Any:
    return AsyncMock(spec=PageReturn)


@pytest.fixture
def node_control() -> Any:
    return AsyncMock(spec=NodeControl)


@pytest.fixture
def pages(page_return: Any, node_control: Any) -> PagesOverNodes:
    return PagesOverNodes(page_return, node_control, lambda: {"west": WEST, "north": OLDER})


async def test_the_node_of_the_call_is_told_that_the_page_is_gone(
    pages: PagesOverNodes, page_return: Any, node_control: Any
) -> None:
    await pages.page_gone("8001")
    assert node_control.ask.await_args.args[:2] == ("west", "page-gone")
    assert node_control.ask.await_args.kwargs == {"seat": "8001"}
    page_return.page_gone.assert_not_awaited()
    node_control.ask.side_effect = RequestRefused("away")
    await pages.page_gone("8001")  # the other node learns this from the list of pages


async def test_this_node_learns_that_the_page_of_its_own_call_is_gone(
    pages: PagesOverNodes, page_return: Any, node_control: Any
) -> None:
    await pages.page_gone("8003")
    page_return.page_gone.assert_awaited_once_with("8003")
    node_control.ask.assert_not_awaited()


async def test_a_seat_with_a_page_at_another_desk_counts_as_having_a_page(
    pages: PagesOverNodes, page_return: Any, node_control: Any
) -> None:
    await pages.page_gone("8002")
    page_return.page_gone.assert_not_awaited()
    node_control.ask.assert_not_awaited()
    await pages.pages(["8003"])
    page_return.pages.assert_awaited_once_with(["8002", "8003"])


async def test_the_status_for_other_nodes_lists_the_pages_of_this_desk_only(pages: PagesOverNodes) -> None:
    await pages.pages(["8003"])
    await pages.page_back("8001")
    assert pages.seats == ["8001", "8003"]
    await pages.page_gone("8003")
    assert pages.seats == ["8001"]
