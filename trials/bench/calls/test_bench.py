"""The parts of the bench, without a call."""

import math
from pathlib import Path

import numpy as np

from trials.bench.calls import pure
from trials.bench.calls.bench_page import BenchRow, table
from trials.bench.calls.listener import CallAudio


async def test_a_listener_reads_g711_and_counts_packets_that_never_came() -> None:
    audio = CallAudio()
    for number in (65534, 65535, 1):
        audio.datagram_received(
            bytes((0x80, 8)) + number.to_bytes(2, "big") + bytes(8) + bytes((0xD5, 0xAA, 0x2A)), None
        )
    audio.datagram_received(bytes((0x80, 101)) + bytes(14), None)  # a key, and no sound
    assert audio.lost == 1
    assert audio.first.is_set()
    assert len(audio.packets) == 3
    assert np.array_equal(audio.sound[:3], [8, 32256, -32256])  # the least and the greatest value of A-law


def test_every_made_call_becomes_a_record(tmp_path: Path) -> None:
    rate = pure.records(f"sqlite:///{tmp_path}/calls.sqlite3", tmp_path / "made", 20)
    assert math.isfinite(rate)
    assert rate > 0


def test_missed_aims_are_named() -> None:
    rows = [BenchRow("a", "3 ms", aim="≤ 2 ms", met=False), BenchRow("b", "1"), BenchRow("c", "1", aim="1", met=True)]
    assert [line.split(" | ")[-1] for line in table(rows).splitlines()[2:]] == ["**missed** |", " |", "met |"]
