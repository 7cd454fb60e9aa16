"""Today's figures over REST: the engine is asked for the trunks as rarely as the database is."""

import pytest

from ivr.desk import indicator_routes
from testkit.hotline.running_desk import RunningDesk

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk


def test_walls_share_figures_and_trunks(desk: RunningDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indicator_routes, "_FRESH", 3600.0)
    supervisor, earlier_count = desk.client("supervisor"), len(desk.engine.asked)
    first, second = (supervisor.api("GET", "/indicators/today").json for _wall in range(2))
    assert first == second
    assert "trunks" in first
    assert len([request for request in desk.engine.asked[earlier_count:] if request["do"] == "trunks"]) <= 1
