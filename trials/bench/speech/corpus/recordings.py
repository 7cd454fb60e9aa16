"""The recordings of the sets: one Ogg Opus file for each voice, in which its takes stand one behind the other."""

import functools
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

import numpy as np
import soundfile
import yaml

from testkit.phones.tones import RATE, Samples
from trials.bench.speech.corpus.sets import SETS
from trials.bench.speech.corpus.takes import Take, takes

_FOLDER = SETS / "recordings"
_GAP = RATE // 5  # samples of silence between two takes
_BITS = 20_000  # a second
_LEAST_BITS, _RANGE_OF_BITS = 6_000, 250_000  # how libsndfile maps its compression level


def samples(set_name: str, take: Take) -> Samples:
    """Return a take at 8 kHz, at its nominal level."""
    start, length = _index(set_name)[take.voice.name][take.utterance.text]
    return _archive(set_name, take.voice.name)[start : start + length]


def load(set_name: str) -> None:
    """Read a set's archives beforehand, which takes a second, so that no call waits for them."""
    for voice in _index(set_name):
        _archive(set_name, voice)


def recorded(set_name: str) -> list[Take]:
    """Return the takes of a set whose recordings there are."""
    index = _index(set_name)
    return [take for take in takes(set_name) if take.utterance.text in index.get(take.voice.name, {})]


def pack(set_name: str, spoken: Mapping[Take, Samples]) -> None:
    """Write the archives and the index of a set anew."""
    index: dict[str, dict[str, list[int]]] = {}
    (_FOLDER / set_name).mkdir(parents=True, exist_ok=True)
    by_voice = sorted(spoken, key=lambda take: take.voice.name)
    for voice, group in groupby(by_voice, key=lambda take: take.voice.name):
        index[voice], parts, at = {}, list[Samples](), 0
        for take, sound in ((take, spoken[take]) for take in group):
            index[voice][take.utterance.text] = [at, len(sound)]
            parts += [sound, np.zeros(_GAP, np.int16)]
            at += len(sound) + _GAP
        level = 1 - (_BITS - _LEAST_BITS) / _RANGE_OF_BITS
        path = _path(set_name, voice)
        soundfile.write(path, np.concatenate(parts), RATE, format="OGG", subtype="OPUS", compression_level=level)
    text = yaml.safe_dump(index, allow_unicode=True, sort_keys=False, default_flow_style=None, width=140)
    _index_path(set_name).write_text(text, encoding="utf-8")


def archives(set_name: str) -> Iterator[Path]:
    """Return the files of a set's voices."""
    return (_path(set_name, voice) for voice in _index(set_name))


def _path(set_name: str, voice: str) -> Path:
    return _FOLDER / set_name / f"{voice}.ogg"


def _index_path(set_name: str) -> Path:
    return _FOLDER / set_name / "index.yaml"


@functools.cache
def _index(set_name: str) -> dict[str, dict[str, list[int]]]:
    """Return the first sample and the length of each take; nothing if no take of the set was recorded."""
    if not _index_path(set_name).exists():
        return {}
    content: dict[str, dict[str, list[int]]] = yaml.safe_load(_index_path(set_name).read_text(encoding="utf-8"))
    return content


@functools.cache
def _archive(set_name: str, voice: str) -> Samples:
    content, _rate = soundfile.read(_path(set_name, voice), dtype="int16")
    whole: Samples = content
    return whole
