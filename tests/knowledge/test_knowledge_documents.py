"""docs/knowledge.md says what the program does: the life cycle is compared word for word."""

import re
from pathlib import Path

import pytest

from ivr.knowledge.article_life_cycle import ARTICLE_RULES, ArticleAct, article_diagram
from tests.docs.markdown import quoted, rows

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("document", ["docs/knowledge.md", "docs/knowledge.zh-CN.md"])
def test_the_life_cycle_is_as_drawn(document: str) -> None:
    drawn = re.search(r"```mermaid\n(.*?)\n```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL)
    assert drawn
    assert drawn[1] == article_diagram()
    acts = {quoted(cells[0])[0]: cells for cells in rows(document) if len(cells) == 6 and quoted(cells[0])}
    assert list(acts) == [act.value for act in ArticleAct]
    for act, rule in ARTICLE_RULES.items():
        assert (quoted(acts[act][4]), quoted(acts[act][5])) == (list(rule.needs), list(rule.may)), act
