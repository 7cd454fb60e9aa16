"""A call event that was written to the CEL file is read back unchanged; no other text is read as a call event."""

import re
from dataclasses import fields
from enum import StrEnum
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call_events.codec import decode, encode
from ivr.call_events.values import FALLBACKS
from ivr.call_events.vocabulary import CallEvent, FallbackTaken

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
FIELDS: dict[object, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(0, 2**31 - 1),
    float: st.floats(0, 1),
    tuple[str, ...]: st.lists(st.text("0123456789+", min_size=1)).map(tuple),
}
HEARD = "menu=main&text=1&recognizer=1&target=1&topic=1&"


def values_of(field_type: object) -> st.SearchStrategy[Any]:
    if isinstance(field_type, type) and issubclass(field_type, StrEnum):
        return st.sampled_from(field_type)
    return FIELDS[field_type]


def events_of(event_type: type[CallEvent]) -> st.SearchStrategy[CallEvent]:
    if event_type is FallbackTaken:
        return st.builds(FallbackTaken, st.sampled_from(sorted(FALLBACKS)))
    return st.builds(event_type, **{field.name: values_of(field.type) for field in fields(event_type)})


EVENTS = st.one_of(*map(events_of, get_args(CallEvent)))


@given(EVENTS)
def test_every_call_event_is_read_back_as_it_was_written(event: CallEvent) -> None:
    assert decode(*encode(event)) == event


@given(EVENTS)
def test_a_call_event_has_no_character_that_asterisks_argument_parser_uses(event: CallEvent) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.~%=&+-]*", encode(event)[1])


@given(st.sampled_from(["IVR_ROUTE", "IVR_KEY", "IVR_HEARD", "IVR_OFFER", "IVR_MESSAGE", "OTHER"]), st.text())
def test_any_other_text_is_no_call_event_and_no_error(name: str, extra: str) -> None:
    assert decode(name, extra) is None


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("IVR_OFFER", "kind=king&target=x"),
        ("IVR_KEY", "menu=main&key=%00&topic="),
        ("IVR_KEY", "menu=main&key=1"),
        ("IVR_FALLBACK", "reason=because"),
        ("IVR_FALLBACK", "reason=hotline"),  # a reason of another step than a fallback
        ("IVR_MESSAGE", "work_order=1&number=1&unit=1&recording=1&seconds=soon"),
        ("IVR_MESSAGE", "work_order=1&number=1&unit=1&recording=1&seconds=99999999999"),
        ("IVR_HEARD", HEARD + "score=nan&milliseconds=1&decision=sure"),
        ("IVR_HEARD", HEARD + "score=1.5&milliseconds=1&decision=sure"),
        ("IVR_HEARD", HEARD + "score=1&milliseconds=1&decision=perhaps"),
        ("IVR_ROUTE", "dialled=1&caller=&line=1&mode=&chain=1&gap=maybe"),
        ("IVR_KEY", "&".join(f"a{n}=1" for n in range(1000))),
    ],
)
def test_an_incomplete_or_invalid_call_event_is_none(name: str, extra: str) -> None:
    assert decode(name, extra) is None
