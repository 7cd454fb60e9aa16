"""The utterances of the table, as a recogniser may write them, lead to their targets."""

from collections.abc import Callable
from time import process_time

import pytest

from ivr.intents.calibration import WITH_MEANING
from ivr.intents.candidates import Candidates
from ivr.intents.decide_intent import decide
from ivr.intents.decide_intent import decided as decided_by
from ivr.intents.decisions import Guess
from ivr.intents.guess import compared, disagree
from ivr.intents.known_texts import Target, TargetKind
from ivr.intents.meaning_matcher import MeaningMatcher
from ivr.phonetics.align import hear
from tests.intents.table import NOTHING, UtteranceRow, outcome, rows, same

pytestmark = pytest.mark.xdist_group("utterances")  # each is decided once, not once for each process
ROWS = list(rows("development", "held_out"))
Decided = list[tuple[UtteranceRow, str, str]]


@pytest.fixture(scope="module", params=["by sound", "with meaning"])
def decided(request: pytest.FixtureRequest, main: Candidates) -> Decided:
    by_meaning: MeaningMatcher | None = None
    if request.param == "with meaning":
        by_meaning = request.getfixturevalue("by_meaning")
    return [(row, *outcome(decide(row.text, main, by_meaning))) for row in ROWS]


def test_the_table_is_large_and_says_each_thing_once() -> None:
    assert len(ROWS) > 700
    assert len({row.text for row in ROWS}) == len(ROWS)


def test_few_callers_are_sent_to_a_wrong_line_without_a_question(decided: Decided) -> None:
    wrong = [(row.text, target) for row, way, target in decided if way == "sure" and not same(target, row.expected)]
    assert len(wrong) <= 0.01 * len(decided), wrong


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_most_utterances_are_understood_and_most_of_them_without_a_question(part: str, decided: Decided) -> None:
    wanted = [each for each in decided if each[0].part == part and each[0].expected != NOTHING]
    right = [way for row, way, target in wanted if set(target.split("|")) & set(row.expected.split("|"))]
    assert len(right) >= 0.95 * len(wanted)
    assert right.count("confirm") <= 0.12 * len(wanted)


def test_a_matter_on_no_menu_comes_to_an_agent(decided: Decided) -> None:
    other = [each for each in decided if each[0].expected == NOTHING]
    taken = [(row.text, way, target) for row, way, target in other if target != NOTHING]
    assert len(taken) <= 0.13 * len(other), taken  # half of these utterances were composed to sound like a line
    assert [each for each in taken if each[1] == "sure"] in ([], [("广东的问题", "sure", "8812345")])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("不是社保，是公积金", "12329"),
        ("不是我要办护照", "12367"),
        ("社保，哦不对，我是说路灯不亮", "12319"),
        ("呃那个你好我想问一下公积金提取谢谢", "12329"),
    ],
)
def test_of_a_correction_the_last_part_counts_and_politeness_nothing(
    text: str, number: str, main: Candidates, by_meaning: MeaningMatcher
) -> None:
    way, target = outcome(decide(text, main, by_meaning))
    assert (way, target) == ("sure", number)


@pytest.mark.parametrize(
    ("text", "number"),
    [("老板好几个月不发工资了", "12333"), ("吃了饭店的菜一直拉肚子", "12331"), ("包裹一个星期了还没收到", "12305")],
)
def test_a_sentence_is_understood_by_its_meaning(
    text: str, number: str, main: Candidates, by_meaning: MeaningMatcher
) -> None:
    way, target = outcome(decide(text, main, by_meaning))
    assert way in ("sure", "confirm")
    assert target == number


def test_a_partly_heard_matter_is_never_sent_to_another_line(main: Candidates, by_meaning: MeaningMatcher) -> None:
    for text in ("举报食品安全", "食品安全", "我要举报食品安全的问题"):
        way, target = outcome(decide(text, main, by_meaning))
        assert target == "12331", (text, way, target)


@pytest.mark.parametrize("text", ["公积金不给发工资", "公证处附近的井盖没了"])
def test_a_caller_whose_words_sound_like_one_line_and_mean_another_is_asked(
    text: str, main: Candidates, by_meaning: MeaningMatcher
) -> None:
    figures, matches = compared(text, hear(text), main, by_meaning)
    assert disagree(figures, matches, main)
    way, _target = outcome(decide(text, main, by_meaning))
    assert way in ("confirm", "which")


def test_however_likely_a_line_is_the_caller_is_asked_if_sound_and_meaning_disagree() -> None:
    target = Target(TargetKind.LINE, "12366")
    certain = (Guess(target, 0.9999, None, ""),)
    assert outcome(decided_by("", certain, WITH_MEANING, agree=True)) == ("sure", "12366")
    assert outcome(decided_by("", certain, WITH_MEANING, agree=False)) == ("confirm", "12366")


@pytest.mark.parametrize("with_meaning", [False, True])
def test_a_decision_takes_less_than_30_milliseconds(
    with_meaning: bool, main: Candidates, request: pytest.FixtureRequest
) -> None:
    by_meaning = request.getfixturevalue("by_meaning") if with_meaning else None
    assert any(_spent(lambda text: decide(text, main, by_meaning)) < 0.030 for _again in range(3))


def _spent(decides: Callable[[str], object]) -> float:
    texts = [row.text for row in ROWS[::7]]
    start = process_time()
    for text in texts:
        decides(text)
    return (process_time() - start) / len(texts)
