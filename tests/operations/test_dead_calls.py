"""The engine asks a channel that received no packets whether its phone answers, and never a channel with sound."""

from ivr.asterisk.config.channel_sound import received
from ivr.engine.dead_calls import SilentChannels
from ivr.signalling.open_questions import OpenQuestions
from ivr.signalling.sip_message import parse

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
    asked_at = [
        second
        for second in range(0, 140, 10)
        if channels.silent({"PJSIP/8001-1": "7", "PJSIP/ims-2": str(second)}, second)
    ]
    assert asked_at == [40, 80, 120]


def test_sound_restarts_the_time_and_an_ended_channel_is_dropped() -> None:
    channels = SilentChannels()
    assert not channels.silent({"PJSIP/8001-1": "7"}, 0.0)
    assert not channels.silent({"PJSIP/8001-1": "9"}, 39.0)
    assert not channels.silent({"PJSIP/8001-1": "9"}, 78.0)
    assert channels.silent({"PJSIP/8001-1": "9"}, 79.0) == ["PJSIP/8001-1"]
    assert not channels.silent({}, 100.0)
    assert not channels.silent({"PJSIP/8001-1": "9"}, 200.0)


NOTIFY = parse(b"NOTIFY sip:8001@192.0.2.7 SIP/2.0\r\nCall-ID: a\r\nCSeq: 7 NOTIFY\r\n\r\n")
ANSWERED = parse(b"SIP/2.0 481 No Subscription\r\nCall-ID: a\r\nCSeq: 7 NOTIFY\r\n\r\n")
CHANNEL = "PJSIP/8001-1"


def questions_after(notifies: int) -> OpenQuestions:
    questions = OpenQuestions()
    questions.ask(CHANNEL, "a", 0.0)
    for second in range(notifies):
        questions.passed(NOTIFY, float(second))
    return questions


def test_a_phone_without_an_answer_to_five_questions_is_lost_once() -> None:
    assert not questions_after(4).unanswered()
    questions = questions_after(5)
    assert questions.unanswered() == [CHANNEL]
    assert questions.is_empty


def test_any_answer_keeps_the_phone() -> None:
    questions = questions_after(4)
    questions.passed(ANSWERED, 4.0)
    questions.passed(NOTIFY, 5.0)
    assert not questions.unanswered()


def test_a_phone_is_asked_again_by_tcp_and_is_never_lost_if_no_message_is_seen() -> None:
    questions = questions_after(1)
    assert not questions.to_repeat(1.0)
    assert questions.to_repeat(2.0) == [CHANNEL]
    unseen = questions_after(0)
    for at in range(100):
        unseen.to_repeat(float(at))
        assert not unseen.unanswered()
    assert unseen.is_empty
