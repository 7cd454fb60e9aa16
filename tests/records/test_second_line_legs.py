"""A consult on a phone's second line has one leg, however the consult ended."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.call_events.values import PartyKind, SecondLineAct
from ivr.call_events.vocabulary import SecondLineConsult
from ivr.records.derive.record_parts import LegResult
from ivr.records.derive.second_line_legs import second_line_legs

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
END = START + timedelta(seconds=100)
RING, ANSWERED, BUSY, LEFT = SecondLineAct.RING, SecondLineAct.ANSWERED, SecondLineAct.BUSY, SecondLineAct.LEFT


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([(0, RING), (4, ANSWERED), (30, LEFT)], [(LegResult.ANSWERED, 26.0)]),
        ([(0, RING), (4, ANSWERED)], [(LegResult.ANSWERED, 96.0)]),
        ([(0, RING), (2, BUSY)], [(LegResult.BUSY, 2.0)]),
        ([(0, RING), (20, SecondLineAct.SILENT)], [(LegResult.NO_ANSWER, 20.0)]),
        ([(0, RING), (0, SecondLineAct.AWAY)], [(LegResult.UNAVAILABLE, 0.0)]),
        ([(0, RING), (3, LEFT), (5, RING), (6, ANSWERED)], [(LegResult.CANCELLED, 3.0), (LegResult.ANSWERED, 94.0)]),
        ([(9, LEFT)], []),
    ],
)
def test_each_consult_on_the_second_line_has_one_leg(
    acts: list[tuple[int, SecondLineAct]], expected: list[tuple[LegResult, float]]
) -> None:
    events = [
        (START + timedelta(seconds=at), SecondLineConsult("1.1", "8001", "12313", PartyKind.CENTER, act))
        for at, act in acts
    ]
    legs = second_line_legs(events, END)
    assert [(leg.result, leg.seconds) for leg in legs] == expected
    assert {leg.target for leg in legs} <= {"12313"}


def test_the_leg_of_a_ringing_phone_is_open() -> None:
    [leg] = second_line_legs([(START, SecondLineConsult("1.1", "8001", "12313", PartyKind.CENTER, RING))], None)
    assert (leg.result, leg.ended_at) == (LegResult.RINGING, None)
