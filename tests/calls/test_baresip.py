"""An agent with the phone baresip signs in, takes a call, holds it, presses keys, and transfers."""

import contextlib

import pytest

from ivr.runtime.errors import RuntimeMissing
from testkit.provision.packaged_programs import BARESIP
from trials.interop import baresip_agent


def _is_here() -> bool:
    with contextlib.suppress(RuntimeMissing):
        return bool(BARESIP.program())
    return False


@pytest.mark.skipif(not _is_here(), reason="needs: python -m testkit.provision --phones")
def test_an_agents_day_with_baresip() -> None:
    cells = baresip_agent.try_peer()
    assert [(cell.behaviour.english, cell.fault) for cell in cells if cell.works is False] == []
    assert sum(cell.works is True for cell in cells) == 9
