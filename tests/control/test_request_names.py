"""The words of requests: command, engine and nodes may be of versions one apart, so that no word is renamed."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from ivr.engine.callback_claims import CallbackClaims
from ivr.engine.desk_acts import DeskActs
from ivr.engine.engine import Engine
from ivr.engine.node_membership import NodeMembership
from ivr.engine.page_return import PageReturn
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.orders.order_requests import OrderRequests


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (OrderRequests.listing, "actor wanted limit by_due_day"),
        (OrderRequests.show, "order actor"),
        (OrderRequests.act, "order actor act fields"),
        (OrderRequests.report, "actor since until by"),
        (KnowledgeRequests.listing, "editor wanted limit"),
        (CallbackClaims.ring, "missed seat"),
        (DeskActs.act, "act seat by args"),
        (NodeMembership.set_wanted_state, "node wanted by"),
        (PageReturn.page_gone, "seat"),
        (Engine._reload, "name file by"),
        (Engine._administer, "act by args"),
        (Engine._trace, "number minutes"),
    ],
)
def test_a_request_has_the_words_of_the_version_before(method: Callable[..., Any], words: str) -> None:
    """A new word has a default; an old word stays for one version longer than its last use."""
    parameters = inspect.signature(method).parameters
    assert set(words.split()) <= parameters.keys()
    needed = {name for name, word in parameters.items() if word.default is word.empty} - {"self"}
    assert needed <= set(words.split())
