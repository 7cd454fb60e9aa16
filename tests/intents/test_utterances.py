"""What citizens say, and where it leads: every utterance of the table."""

from time import process_time

import pytest

from ivr.intents.candidates import Candidates
from ivr.intents.decide import decide
from tests.intents.table import NOTHING, Row, outcome, rows, same, table

ROWS = list(rows("development", "held_out"))
MISSES = table()["misses"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.part}-{row.text}")
def test_an_utterance_leads_where_it_should(row: Row, main: Candidates) -> None:
    _how, what = outcome(decide(row.text, main))
    assert same(what, MISSES.get(row.text, row.expected))


def test_the_table_is_large_and_says_each_thing_once() -> None:
    assert len(ROWS) > 700
    assert len({row.text for row in ROWS}) == len(ROWS)
    assert set(MISSES) <= {row.text for row in ROWS}


def test_nobody_is_sent_to_a_wrong_line_unasked(main: Candidates) -> None:
    decided = [(row, *outcome(decide(row.text, main))) for row in ROWS]
    assert [(row.text, what) for row, how, what in decided if how == "sure" and what != row.expected] == []


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_most_are_understood_and_most_of_those_without_a_question(part: str, main: Candidates) -> None:
    wanted = [row for row in ROWS if row.part == part and row.expected != NOTHING]
    decided = [(row, *outcome(decide(row.text, main))) for row in wanted]
    right = [how for row, how, what in decided if same(what, row.expected)]
    assert len(right) >= 0.95 * len(wanted)
    assert right.count("confirm") <= 0.05 * len(wanted)


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_what_is_on_no_menu_comes_to_an_agent(part: str, main: Candidates) -> None:
    other = [row for row in ROWS if row.part == part and row.expected == NOTHING]
    taken = [row.text for row in other if outcome(decide(row.text, main))[1] != NOTHING]
    assert len(taken) <= 0.03 * len(other)


def test_a_decision_takes_less_than_five_milliseconds(main: Candidates) -> None:
    texts = [row.text for row in ROWS[::7]]
    spent = []
    for _again in range(3):
        start = process_time()
        for text in texts:
            decide(text, main)
        spent.append((process_time() - start) / len(texts))
    assert min(spent) < 0.005
