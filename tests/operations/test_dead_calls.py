"""A channel that receives nothing is asked whether it lives; one with sound never is."""

from ivr.asterisk.config.channel_sound import received
from ivr.engine.dead_calls import SilentChannels

SHOWN = """
                                             ...........Receive......... .........Transmit..........
 BridgeId ChannelId ........ UpTime.. Codec.   Count    Lost Pct  Jitter   Count    Lost Pct  Jitter RTT....
 ===========================================================================================================

 18d8630e carrier-00000000   00:00:06 alaw        12      1    0   0.000    153       0    0   0.000   0.000
          web-8001-00000001  00:00:02 alaw        3K      0    0   0.000      0       0    0   0.000   0.000

Objects found: 2
"""


def test_the_packets_of_each_channel_are_read() -> None:
    assert received(SHOWN) == {"PJSIP/carrier-00000000": "12", "PJSIP/web-8001-00000001": "3K"}
    assert received("No objects found.\n") == {}


def test_a_silent_channel_is_asked_after_forty_seconds_and_then_again() -> None:
    channels = SilentChannels()
    asked = [at for at in range(0, 140, 10) if channels.silent({"PJSIP/8001-1": "7", "PJSIP/ims-2": str(at)}, at)]
    assert asked == [40, 80, 120]


def test_sound_begins_the_time_anew_and_a_gone_channel_is_forgotten() -> None:
    channels = SilentChannels()
    assert not channels.silent({"PJSIP/8001-1": "7"}, 0.0)
    assert not channels.silent({"PJSIP/8001-1": "9"}, 39.0)
    assert not channels.silent({"PJSIP/8001-1": "9"}, 78.0)
    assert channels.silent({"PJSIP/8001-1": "9"}, 79.0) == ["PJSIP/8001-1"]
    assert not channels.silent({}, 100.0)
    assert not channels.silent({"PJSIP/8001-1": "9"}, 200.0)
