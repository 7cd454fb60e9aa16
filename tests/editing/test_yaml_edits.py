"""numbers.yaml edited in forms: all other text stays, character by character, and no comment is lost."""

import copy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.editing.yaml_edits import EditRefused, append, remove, set_value
from ivr.editing.yaml_fragment import comments
from testkit.hotline.running import ROOT

SHIPPED = (ROOT / "numbers.yaml").read_text(encoding="utf-8")
SMALL = """\
# head
lines:
  # the hotline
  - number: "12345"
    name: 政务 # as people say it
    mode: hotline

  - number: "12333"
    name: 人社热线
    phrases:
      [社保卡, # the card
       养老金]

seats: # accounts
  - { number: "8001", name: 一号, groups: [general] } # by the window
  - { number: "8002", name: 二号, groups: [general] }
hours:
  office: # an example
    mon: ["08:30-12:00"]
holidays: []
timers:
  expert: 20 # an expert
"""


def data(text: str) -> Any:
    return yaml.load(text, yaml.CBaseLoader)


def test_a_value_changes_and_nothing_else() -> None:
    edited = set_value(SMALL, ("lines", 0, "name"), "便民热线")
    assert edited == SMALL.replace("name: 政务 # as", "name: 便民热线 # as")
    edited = set_value(SMALL, ("seats", 0, "name"), "窗口")
    assert edited == SMALL.replace("一号", "窗口")
    edited = set_value(SMALL, ("timers", "expert"), 30)
    assert edited == SMALL.replace("expert: 20", "expert: 30")


def test_a_new_key_stands_in_front_of_long_lists() -> None:
    edited = set_value(SMALL, ("lines", 1, "remark"), "试点")
    assert edited == SMALL.replace("    phrases:", "    remark: 试点\n    phrases:")
    edited = set_value(SMALL, ("seats", 1, "supervisor"), True)
    assert '"8002", name: 二号, groups: [general], supervisor: true }' in edited


def test_an_entry_is_added_in_the_style_of_the_others() -> None:
    edited = append(SMALL, ("lines",), {"number": "12320", "name": "卫生热线", "mode": "dual"})
    new = '\n  - number: "12320"\n    name: 卫生热线\n    mode: dual\n'
    assert edited == SMALL.replace("       养老金]\n", f"       养老金]\n{new}")
    edited = append(SMALL, ("seats",), {"number": "8003", "name": "三号", "groups": ["general"]})
    assert '  - { number: "8003", name: 三号, groups: [general] }\nhours:' in edited
    edited = append(SMALL, ("holidays",), {"from": "2027-02-05", "until": "2027-02-11", "name": "春节"})
    assert data(edited)["holidays"] == [{"from": "2027-02-05", "until": "2027-02-11", "name": "春节"}]
    edited = set_value(SMALL, ("hours", "night"), {"mon": ["18:00-24:00"]})
    assert data(edited)["hours"] == {"office": {"mon": ["08:30-12:00"]}, "night": {"mon": ["18:00-24:00"]}}
    assert data(append(SMALL, ("workdays",), "2027-02-14"))["workdays"] == ["2027-02-14"]


def test_an_entry_is_removed_and_comments_stay() -> None:
    edited = remove(SMALL, ("lines", 0))
    assert edited == SMALL.replace(
        '  - number: "12345"\n    name: 政务 # as people say it\n    mode: hotline\n\n', "\n"
    )
    assert "# the hotline" in edited
    assert data(remove(SMALL, ("seats", 1)))["seats"] == data(SMALL)["seats"][:1]
    assert data(remove(SMALL, ("lines", 1, "phrases")))["lines"][1] == {"number": "12333", "name": "人社热线"}
    assert "office" not in remove(SMALL, ("hours", "office"))


def test_a_comment_inside_a_list_that_is_written_anew_stands_above_it() -> None:
    edited = set_value(SMALL, ("lines", 1, "phrases"), ["社保卡", "工伤"])
    assert data(edited)["lines"][1]["phrases"] == ["社保卡", "工伤"]
    assert comments(edited) == comments(SMALL)


def test_windows_line_ends_stay() -> None:
    edited = set_value(SMALL.replace("\n", "\r\n"), ("lines", 1, "name"), "社保")
    assert edited == SMALL.replace("人社热线", "社保").replace("\n", "\r\n")


@pytest.mark.parametrize("path", [("lines", 9, "name"), ("nowhere", "x"), ("lines", "name"), ("timers", 0)])
def test_an_edit_of_a_missing_place_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(EditRefused, match=str(path[0])):
        set_value(SMALL, path, "x")


def test_a_text_that_is_no_yaml_is_edited_as_text_only() -> None:
    with pytest.raises(EditRefused, match="text"):
        set_value("lines: [", ("lines", 0), "x")


SECTIONS = yaml.load(SHIPPED, yaml.CBaseLoader)


def places(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [(path, node), *(place for step, inner in below for place in places(inner, (*path, step)))]


def holder_of(path: tuple[str | int, ...]) -> tuple[Any, Any]:
    """A copy of the data, and the mapping or list in it that holds the last step."""
    copied = copy.deepcopy(SECTIONS)
    holder = copied
    for step in path[:-1]:
        holder = holder[step]
    return copied, holder


PLACES = [(path, node) for path, node in places(SECTIONS) if len(path) > 1]
SCALARS = [path for path, node in PLACES if isinstance(node, str)]
WORDS = (
    st.text(st.sampled_from("人社abc 0159:-#{}[],&*!|>'\"%@`?.～，"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(SCALARS), WORDS)
def test_only_the_edited_value_changes_at_any_place(path: tuple[str | int, ...], word: str) -> None:
    edited = set_value(SHIPPED, path, word)
    expected, holder = holder_of(path)
    holder[path[-1]] = word
    assert data(edited) == expected
    assert sorted(comments(edited)) == sorted(comments(SHIPPED))


@settings(max_examples=8, deadline=None)
@given(st.sampled_from([path for path, _node in PLACES if len(path) <= 4]))
def test_only_the_removed_place_is_missing_afterwards(path: tuple[str | int, ...]) -> None:
    edited = remove(SHIPPED, path)
    expected, holder = holder_of(path)
    del holder[path[-1]]
    if holder or isinstance(holder, list):
        assert data(edited) == expected
    assert set(comments(edited)) <= set(comments(SHIPPED))
