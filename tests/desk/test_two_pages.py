"""Two pages of one person: one page has the phone. The desk checks the figures of sound that a page sends."""

import pytest

from testkit.hotline.desk_client import DeskClient

pytestmark = pytest.mark.xdist_group("desk")  # all tests of this file share one desk


def test_one_page_has_the_phone_until_another_page_asks_for_it(clients: dict[str, DeskClient]) -> None:
    agent = clients["agent"]
    assert agent.act("seat.take", seat="8001").status == 200
    with agent.live("page=one") as first:
        first.begin()
        assert first.act("phone.account").get("error", {}).get("code") != "elsewhere"
        with agent.live("page=two") as two:
            two.begin()
            assert two.act("phone.account")["error"]["code"] == "elsewhere"
            assert two.act("phone.account", take=True).get("error", {}).get("code") != "elsewhere"
            first.until(lambda: any(message.get("notice") == "phone-taken" for _at, message in first.messages))
            with agent.live("page=two&phone=1") as again:  # the same page, which connects again
                again.begin()
            assert first.act("phone.account")["error"]["code"] == "elsewhere"
        first.until(lambda: any(message.get("notice") == "phone-free" for _at, message in first.messages))
    agent.act("seat.leave")


@pytest.mark.parametrize("figure", ["1", None, True, -1, 101, float("nan"), float("inf"), 10**400, [1]], ids=str)
def test_a_wrong_figure_of_sound_is_refused(clients: dict[str, DeskClient], figure: object) -> None:
    agent = clients["agent"]
    assert agent.act("seat.take", seat="8001").status == 200
    figures = {"seconds": 20, "loss_percent": figure, "jitter_ms": 3, "round_trip_ms": 12}
    assert agent.act("call.quality", call_id="1.1", **figures).code == "invalid"
    assert agent.act("call.quality", call_id="1.1", **{**figures, "loss_percent": 1}).code == "unknown", (
        "figures of an unknown call are refused"
    )
    agent.act("seat.leave")
