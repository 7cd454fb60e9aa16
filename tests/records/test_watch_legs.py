"""Each act of an expert or a supervisor at an agent's call has one leg, however the act ended."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.call_events.values import PartyKind, WatchAct
from ivr.call_events.vocabulary import AgentWatched
from ivr.records.derive.record_parts import LegKind, LegResult
from ivr.records.derive.watch_legs import watch_legs

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
END = START + timedelta(seconds=100)
Acts = list[tuple[int, str, WatchAct]]


def legs(acts: Acts, ended_at: datetime | None = END) -> list[tuple[str, LegKind, LegResult, float]]:
    notes = [
        (START + timedelta(seconds=at), AgentWatched("1.1", "8001", by, PartyKind.EXPERT, act)) for at, by, act in acts
    ]  # fmt: skip
    return [(leg.target, leg.kind, leg.result, leg.seconds) for leg in watch_legs(notes, ended_at)]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([], []),
        ([(0, "8333", WatchAct.AWAY)], [("8333", LegKind.WHISPER, LegResult.UNAVAILABLE, 0.0)]),
        (
            [(0, "8333", WatchAct.RING), (20, "8333", WatchAct.SILENT), (21, "8333", WatchAct.LEFT)],
            [("8333", LegKind.WHISPER, LegResult.NO_ANSWER, 20.0)],
        ),
        (
            [(0, "8333", WatchAct.RING), (3, "8333", WatchAct.LEFT)],
            [("8333", LegKind.WHISPER, LegResult.CANCELLED, 3.0)],
        ),
        ([(40, "8333", WatchAct.RING)], [("8333", LegKind.WHISPER, LegResult.CANCELLED, 60.0)]),
        (
            [
                (0, "8333", WatchAct.RING),
                (5, "8333", WatchAct.WHISPER),
                (9, "8333", WatchAct.TAKE_OVER),
                (30, "8333", WatchAct.LEFT),
            ],
            [("8333", LegKind.WHISPER, LegResult.ANSWERED, 4.0), ("8333", LegKind.TAKE_OVER, LegResult.ANSWERED, 21.0)],
        ),
        (
            [
                (1, "8004", WatchAct.LISTEN),
                (2, "8333", WatchAct.RING),
                (3, "8333", WatchAct.WHISPER),
                (4, "8004", WatchAct.HANG_UP),
            ],
            [
                ("8004", LegKind.LISTEN, LegResult.ANSWERED, 3.0),
                ("8333", LegKind.WHISPER, LegResult.ANSWERED, 97.0),
                ("8004", LegKind.HANG_UP, LegResult.ANSWERED, 96.0),
            ],
        ),
    ],
)
def test_each_act_has_a_leg(acts: Acts, expected: list[tuple[str, LegKind, LegResult, float]]) -> None:
    assert legs(acts) == expected


def test_during_the_call_the_leg_of_the_last_act_is_open() -> None:
    assert legs([(0, "8333", WatchAct.RING)], None) == [("8333", LegKind.WHISPER, LegResult.RINGING, 0.0)]
