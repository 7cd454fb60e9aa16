"""The channels that a stop of the hotline waits for."""

import pytest

from ivr.asterisk.config.channels import calls_in_progress

TURNED_AWAY = "PJSIP/carrier-00000003!stopping!s!2!Ring!Playback!stopping,noanswer!13800000003!!3!!2!1795372064.9\n"
TALKING = "PJSIP/8001-00000002!from-seat!!1!Up!AppQueue!(Outgoing Line)!8001!!3!!12!1795372064.8\n"


@pytest.mark.parametrize(
    ("listing", "waited_for"),
    [("", False), (TURNED_AWAY, False), (TALKING, True), (TURNED_AWAY + TALKING, True)],
    ids=["no channel", "a caller who is turned away", "an agent who talks", "both"],
)
def test_a_stop_waits_for_all_calls_but_those_that_hear_stopping(listing: str, waited_for: bool) -> None:
    assert calls_in_progress(listing) is waited_for
