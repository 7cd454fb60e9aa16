"""Two admins change one file: changes of different lines are merged; changes of the same lines are never lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.editing.text_merge import difference, merged

BASE = "a\nb\nc\nd\n"


def test_changes_of_different_lines_are_merged() -> None:
    assert merged(BASE, "A\nb\nc\nd\n", "a\nb\nc\nD\n") == "A\nb\nc\nD\n"
    assert merged(BASE, "a\nc\nd\n", "a\nb\nc\nd\ne\n") == "a\nc\nd\ne\n"


def test_the_same_change_by_both_is_made_once() -> None:
    assert merged(BASE, "a\nB\nc\nd\n", "a\nB\nc\nd\n") == "a\nB\nc\nd\n"


def test_different_changes_of_one_line_are_not_merged() -> None:
    assert merged(BASE, "a\nB\nc\nd\n", "a\nX\nc\nd\n") is None
    assert merged(BASE, "a\nb\nnew\nc\nd\n", "a\nb\nother\nc\nd\n") is None
    assert merged(BASE, "a\nd\n", "a\nb\nC\nd\n") is None


LINES = st.lists(st.sampled_from("abcd"), max_size=8).map(lambda lines: "".join(f"{line}\n" for line in lines))


@settings(max_examples=80, deadline=None)
@given(LINES, LINES)
def test_if_only_one_side_changed_the_text_its_changes_are_taken(base: str, other: str) -> None:
    assert merged(base, base, other) == other
    assert merged(base, other, base) == other
    assert merged(base, other, other) in (other, None)


def test_a_difference_shows_changed_lines_with_their_signs() -> None:
    assert difference(BASE, "a\nb\nX\nd\n").split("\n")[1:] == [" a", " b", "-c", "+X", " d"]
    assert difference(BASE, BASE) == ""
