"""Each result of a call gets the right verdict."""

from itertools import pairwise

import pytest

from ivr.call_events.values import SpeechDecision
from ivr.call_events.vocabulary import SpeechHeard
from trials.bench.speech.calls.conversation import Record, Trial
from trials.bench.speech.calls.moments import Moment, Timeline
from trials.bench.speech.corpus.sets import SampleKind, SampleUtterance, Voice
from trials.bench.speech.corpus.takes import Take
from trials.bench.speech.judging.destinations import Destinations
from trials.bench.speech.judging.intervals import Share, difference, percentile
from trials.bench.speech.judging.judge import AlarmWay, UtteranceOutcome, Verdict, Way, judge
from trials.bench.speech.judging.results import Result, result
from trials.bench.speech.telephone.conditions import CLEAN

NO_HELP = ("emergency-asked 110", "emergency-denied 110")
LEADS = Destinations({"12331": "12315"}, frozenset("013*"))
WAGES = SampleUtterance("老板不发工资", SampleKind.LINE, ("12333",))
FOOD = SampleUtterance("买到过期的牛奶", SampleKind.LINE, ("12331",))
FAKES = SampleUtterance("买到假货", SampleKind.LINE, ("12315",))
CARD = SampleUtterance("预付卡", SampleKind.UNCLEAR, ("12315", "12312"))
FIRE = SampleUtterance("着火了", SampleKind.EMERGENCY, ("119",))
BRIGADE = SampleUtterance("请接消防队", SampleKind.LINKAGE, ("119",))
SONG = SampleUtterance("床前明月光", SampleKind.NONE, ())
STORY = SampleUtterance("我家去年着过火", SampleKind.NO_EMERGENCY, ())
YES = SampleUtterance("是的", SampleKind.YES, ())
NO = SampleUtterance("不是", SampleKind.NO, ())
RATHER = SampleUtterance("不是我要办护照", SampleKind.CORRECTION, ("12367",))


@pytest.mark.parametrize(
    ("utterance", "way", "targets", "verdict", "needless", "alarm"),
    [
        (WAGES, Way.GOES, "12333", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (WAGES, Way.ASKED, "12333", Verdict.AFTER_QUESTION, True, AlarmWay.NONE),
        (WAGES, Way.ASKED, "12366", Verdict.NOT_UNDERSTOOD, True, AlarmWay.NONE),
        (WAGES, Way.GOES, "12366", Verdict.WRONG, False, AlarmWay.NONE),
        (WAGES, Way.GOES, "0", Verdict.NOT_UNDERSTOOD, False, AlarmWay.NONE),
        (WAGES, Way.GOES, "2", Verdict.WRONG, False, AlarmWay.NONE),
        (WAGES, Way.ALARM_ASKED, "110", Verdict.NOT_UNDERSTOOD, False, AlarmWay.QUESTION),
        (WAGES, Way.ALARM, "110", Verdict.WRONG, False, AlarmWay.CALL),
        (WAGES, Way.AGENT, "", Verdict.NOT_UNDERSTOOD, False, AlarmWay.NONE),
        (WAGES, Way.NOTHING, "", Verdict.NOT_UNDERSTOOD, False, AlarmWay.NONE),
        (FOOD, Way.GOES, "12315", Verdict.AT_ONCE, False, AlarmWay.NONE),  # its calls are led there
        (FAKES, Way.GOES, "12331", Verdict.WRONG, False, AlarmWay.NONE),  # but not the other way round
        (CARD, Way.ASKED, "12312 12315", Verdict.AFTER_QUESTION, False, AlarmWay.NONE),
        (FIRE, Way.ALARM, "119", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (FIRE, Way.ALARM_ASKED, "119", Verdict.AFTER_QUESTION, False, AlarmWay.NONE),
        (FIRE, Way.ALARM_ASKED, "120", Verdict.NOT_UNDERSTOOD, False, AlarmWay.NONE),
        (FIRE, Way.GOES, "96119", Verdict.WRONG, False, AlarmWay.NONE),
        (BRIGADE, Way.ALARM_ASKED, "119", Verdict.AFTER_QUESTION, False, AlarmWay.NONE),
        (BRIGADE, Way.ALARM, "119", Verdict.WRONG, False, AlarmWay.CALL),
        (SONG, Way.AGENT, "", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (SONG, Way.GOES, "0", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (SONG, Way.ASKED, "12301", Verdict.AT_ONCE, True, AlarmWay.NONE),
        (SONG, Way.GOES, "12301", Verdict.WRONG, False, AlarmWay.NONE),
        (STORY, Way.AGENT, "", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (STORY, Way.ALARM_ASKED, "119", Verdict.AT_ONCE, False, AlarmWay.QUESTION),
        (YES, Way.YES, "", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (YES, Way.NO, "", Verdict.WRONG, False, AlarmWay.NONE),
        (RATHER, Way.NO, "", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (RATHER, Way.GOES, "12367", Verdict.AT_ONCE, False, AlarmWay.NONE),
    ],
)
def test_the_judgement_of_an_utterance(
    utterance: SampleUtterance, way: Way, targets: str, verdict: Verdict, needless: bool, alarm: AlarmWay
) -> None:
    judgement = judge(utterance, UtteranceOutcome(way, tuple(targets.split())), LEADS)
    assert (judgement.verdict, judgement.needless, judgement.false_alarm) == (verdict, needless, alarm)


def result_of(utterance: SampleUtterance, *decisions: str, answer: str = "") -> Result:
    """Return the result of a call with these decisions, such as "confirm 12333"."""
    take = Take(utterance, Voice("x", ()), 1.0)
    record = Record(Trial("1", "proof", take, CLEAN, Moment.MENU), began=10.0, ended=12.0, answer=answer)
    for number, decision in enumerate(decisions):
        name, target = decision.split()
        event = SpeechHeard("main", utterance.text, 0.9, "x", 100, SpeechDecision(name), target, "")
        record.decisions.append((12.4 + number, event))
    return result(record, LEADS)


@pytest.mark.parametrize(
    ("utterance", "decisions", "answer", "verdict", "needless", "alarm"),
    [
        (WAGES, ["sure 12333"], "", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (WAGES, ["confirm 12333", "confirmed 12333"], "", Verdict.AFTER_QUESTION, True, AlarmWay.NONE),
        (WAGES, ["confirm 12333", "denied 12333"], "", Verdict.NOT_UNDERSTOOD, True, AlarmWay.NONE),
        (WAGES, ["confirm 12366", "denied 12366"], "", Verdict.NOT_UNDERSTOOD, True, AlarmWay.NONE),
        (WAGES, ["confirm 12366", "confirmed 12366"], "", Verdict.WRONG, True, AlarmWay.NONE),  # 不是 was heard as 是
        (WAGES, ["sure main:1"], "", Verdict.NOT_UNDERSTOOD, False, AlarmWay.NONE),
        (
            WAGES,
            ["emergency-asked 110", "emergency-denied 110", "sure 12333"],
            "",
            Verdict.AT_ONCE,
            False,
            AlarmWay.QUESTION,
        ),
        (WAGES, ["emergency-sure 110"], "", Verdict.WRONG, False, AlarmWay.CALL),
        (CARD, ["which 12312", "chosen 12312"], "", Verdict.AFTER_QUESTION, False, AlarmWay.NONE),
        (FIRE, ["emergency-asked 119", "emergency 119"], "", Verdict.AFTER_QUESTION, False, AlarmWay.NONE),
        (FIRE, ["emergency-sure 119"], "", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (YES, ["confirmed 12360"], "是", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (YES, ["denied 12360"], "", Verdict.NOT_UNDERSTOOD, False, AlarmWay.NONE),
        (NO, ["denied 12360"], "是", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (NO, ["denied 12360"], "", Verdict.NOT_UNDERSTOOD, False, AlarmWay.NONE),  # silence is no no
        (NO, ["confirmed 12360"], "是", Verdict.WRONG, False, AlarmWay.NONE),
        (RATHER, ["denied 12360", "sure 12367"], "是", Verdict.AT_ONCE, False, AlarmWay.NONE),
        (RATHER, ["denied 12360", "sure 12366"], "是", Verdict.WRONG, False, AlarmWay.NONE),
        (WAGES, [], "", Verdict.NOT_UNDERSTOOD, False, AlarmWay.NONE),
    ],
)
def test_the_judgement_of_a_call(
    utterance: SampleUtterance, decisions: list[str], answer: str, verdict: Verdict, needless: bool, alarm: AlarmWay
) -> None:
    judgement = result_of(utterance, *decisions, answer=answer).judgement
    assert (judgement.verdict, judgement.needless, judgement.false_alarm) == (verdict, needless, alarm)


def test_a_delay_runs_from_the_last_sound_to_the_first_decision() -> None:
    assert result_of(WAGES, "confirm 12333", "confirmed 12333").delay == pytest.approx(0.45)
    assert result_of(WAGES).delay is None


def test_a_caller_who_reaches_an_agent_counts_as_sent_nowhere() -> None:
    assert not result_of(SONG, "sure main:0").is_sent
    assert not result_of(SONG, "unknown 0").is_sent
    assert result_of(SONG, "sure 12301").is_sent
    assert result_of(SONG, "sure main:2").is_sent


def test_intervals_are_those_of_the_textbook() -> None:
    """Newcombe 1998, Statistics in Medicine 17: 857-872 and 873-890."""
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert Share(0, 20).interval == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert difference(Share(56, 70), Share(48, 80)) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(list(range(1, 101)), 0.95) == 95


def test_no_two_utterances_end_at_the_same_time() -> None:
    timeline = Timeline()
    ends = sorted(timeline.reserve(10.0, 10.0, 30.0, 2.0)[0] + 2.0 for _ in range(15))
    assert all(later - earlier >= 0.9 - 1e-9 for earlier, later in pairwise(ends))
    begin, is_alone = timeline.reserve(12.0, 12.0, 12.2, 2.0)
    assert 12.0 <= begin <= 12.2
    assert not is_alone
