"""Asterisk's lines are read unchanged; a torn, foreign or forged line is never an event."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.logs import cel, queuelog
from ivr.asterisk.logs.cel import BadLine, CelEventType

GOOD = (
    '"HANGUP","1795369073.947119","","{""hangupcause"":16,""hangupsource"":""PJSIP/8348-00000007""}",'
    '"from-seat","PJSIP/8348-00000007","hotline-1.7","hotline-1.6","1","139"'
)


def test_an_event_is_read() -> None:
    event = cel.parse(GOOD)
    assert (event.type, event.peer, event.uniqueid, event.linkedid) == (
        CelEventType.HANGUP,
        "8348",
        "hotline-1.7",
        "hotline-1.6",
    )
    assert event.at == datetime(2026, 11, 22, 17, 37, 53, 947119, tzinfo=UTC)
    assert event.hangup_details() == {"hangupcause": 16, "hangupsource": "PJSIP/8348-00000007"}


@pytest.mark.parametrize("length", range(GOOD.index('"1","139"') - 1))
def test_a_part_of_an_event_is_no_event(length: int) -> None:
    with pytest.raises(BadLine):
        cel.parse(GOOD[:length])


@pytest.mark.parametrize(
    "line",
    [
        GOOD.replace("HANGUP", "BRIDGE_ENTER"),
        GOOD.replace("hotline-1.6", ""),
        GOOD.replace("1795369073.", "99999999999."),
        GOOD.replace('"', ""),
        "\N{REPLACEMENT CHARACTER}" * 40,
        "",
    ],
)
def test_a_foreign_line_is_no_event(line: str) -> None:
    with pytest.raises(BadLine):
        cel.parse(line)


CALL_EVENT = (
    '"USER_DEFINED","1795369073.947119","IVR_OFFER","{""extra"":""kind=center&target=12366""}",'
    '"from-carrier","PJSIP/carrier-00000007","hotline-1.7","hotline-1.6","12366","139"'
)


def test_a_call_event_is_read_whatever_quotes_the_caller_sends() -> None:
    assert cel.parse(CALL_EVENT).extra == "kind=center&target=12366"
    for sent in ('"', '""', 'a"b', '"8001" <8001>', '","'):
        event = cel.parse(CALL_EVENT.replace('"139"', f'"{sent.replace(chr(34), chr(34) * 2)}"'))
        assert (event.extra, event.number) == ("kind=center&target=12366", sent)
    with pytest.raises(BadLine):
        cel.parse(CALL_EVENT.replace("kind", 'ki"nd'))


@given(exten=st.text(), number=st.text())
def test_no_text_of_a_caller_changes_an_event_or_makes_an_event(exten: str, number: str) -> None:
    written = [f'"{value.replace(chr(34), chr(34) * 2)}"' for value in (exten, number)]
    first, *further_lines = (
        f"{GOOD.removesuffix(chr(34) + '1' + chr(34) + ',' + chr(34) + '139' + chr(34))}{','.join(written)}".split("\n")
    )
    event = cel.parse(first)
    assert (event.type, event.linkedid, event.channel) == (CelEventType.HANGUP, "hotline-1.6", "PJSIP/8348-00000007")
    for line in further_lines:
        with pytest.raises(BadLine):
            cel.parse(line)


@given(st.text())
def test_any_text_is_an_event_or_a_bad_line(text: str) -> None:
    for parse in (cel.parse, queuelog.parse):
        with suppress(BadLine):
            parse(text)


@pytest.mark.parametrize(
    ("line", "waited"),
    [
        ("CONNECT|9|hotline-1.1|2", 9),
        ("ABANDON|1|1|12", 12),
        ("EXITWITHTIMEOUT|1|1|20", 20),
        ("EXITWITHKEY|1|1|1|33", 33),
        ("EXITEMPTY|1|1|4", 4),
        ("ABANDON|1", 0),
        ("ABANDON|1|1|99999999999999", 0),
    ],
)
def test_the_waiting_time_is_read_from_the_queue_events(line: str, waited: int) -> None:
    event = queuelog.parse(f"1795369073|hotline-1.0|group-general|NONE|{line}")
    assert (event.left, event.waited, event.group, event.agent) == (True, waited, "general", "")


def test_a_start_of_asterisk_belongs_to_no_call() -> None:
    event = queuelog.parse("1795368955|NONE|NONE|NONE|QUEUESTART|")
    assert (event.type, event.callid, event.left) == (queuelog.QUEUESTART, "", False)
