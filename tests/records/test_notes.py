"""A note comes back as it was left, and nothing else is ever taken for one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call_events.codec import (
    Consult,
    Fallback,
    Heard,
    Key,
    Message,
    Note,
    Offer,
    Party,
    Reason,
    Route,
    SeatKind,
    Understood,
    decode,
    encode,
)

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
NUMBER = st.text("0123456789+", min_size=1)
NOTES: st.SearchStrategy[Note] = st.one_of(
    st.builds(Route, TEXT, TEXT, NUMBER, TEXT, st.lists(NUMBER).map(tuple), st.booleans()),
    st.builds(Key, TEXT, TEXT, TEXT),
    st.builds(
        Heard,
        TEXT,
        TEXT,
        st.floats(0, 1),
        TEXT,
        st.integers(0, 2**31 - 1),
        st.sampled_from(Understood),
        TEXT,
        TEXT,
    ),
    st.builds(Offer, st.sampled_from(SeatKind), TEXT),
    st.builds(Fallback, st.sampled_from(Reason)),
    st.builds(Message, TEXT, TEXT, TEXT, TEXT, st.integers(0, 2**31 - 1)),
    st.builds(Consult, TEXT, TEXT, st.sampled_from(Party), TEXT),
)


HEARD = "menu=main&text=1&recognizer=1&target=1&topic=1&"


@given(NOTES)
def test_every_note_comes_back_as_it_was_left(note: Note) -> None:
    assert decode(*encode(note)) == note


@given(NOTES)
def test_nothing_in_a_note_can_be_mangled_by_the_dialplan(note: Note) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.~%=&+-]*", encode(note)[1])


@given(st.sampled_from(["IVR_ROUTE", "IVR_KEY", "IVR_HEARD", "IVR_OFFER", "IVR_MESSAGE", "OTHER"]), st.text())
def test_garbage_is_no_note_and_no_error(name: str, extra: str) -> None:
    assert decode(name, extra) is None


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("IVR_OFFER", "kind=king&target=x"),
        ("IVR_KEY", "menu=main&key=%00&topic="),
        ("IVR_KEY", "menu=main&key=1"),
        ("IVR_MESSAGE", "work_order=1&number=1&unit=1&recording=1&seconds=soon"),
        ("IVR_MESSAGE", "work_order=1&number=1&unit=1&recording=1&seconds=99999999999"),
        ("IVR_HEARD", HEARD + "score=nan&milliseconds=1&decision=sure"),
        ("IVR_HEARD", HEARD + "score=1.5&milliseconds=1&decision=sure"),
        ("IVR_HEARD", HEARD + "score=1&milliseconds=1&decision=perhaps"),
        ("IVR_ROUTE", "dialled=1&caller=&line=1&mode=&chain=1&gap=maybe"),
        ("IVR_KEY", "&".join(f"a{n}=1" for n in range(1000))),
    ],
)
def test_half_a_note_is_no_note(name: str, extra: str) -> None:
    assert decode(name, extra) is None
