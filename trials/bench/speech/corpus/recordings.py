"""The recordings of the sets: Ogg Opus files of one voice each, with its takes one after the other.

A voice whose takes were recorded at several times has several files, because a packed take is never encoded again.
"""

import functools
from collections.abc import Iterator, Mapping
from itertools import count, groupby
from pathlib import Path

import numpy as np
import soundfile
import yaml

from testkit.phones.tones import RATE, Samples
from trials.bench.speech.corpus.sets import SETS
from trials.bench.speech.corpus.takes import Take, takes

MARGIN = 0.05
"""Seconds of silence at both ends of a recording."""

_FOLDER = SETS / "recordings"
_GAP = RATE // 5  # samples of silence between two takes
_BITS = 20_000  # a second
_LEAST_BITS, _RANGE_OF_BITS = 6_000, 250_000  # how libsndfile maps its compression level

_loaded: dict[tuple[str, str], Samples] = {}  # whole archives, by set and archive


def samples(set_name: str, take: Take) -> Samples:
    """Return a take at 8 kHz, at its nominal level."""
    archive, start, length = _places(set_name)[take.voice.name, take.utterance.text]
    whole = _loaded.get((set_name, archive))
    return _read(set_name, archive, start, length) if whole is None else whole[start : start + length]


def load(set_name: str) -> None:
    """Read a set's archives beforehand, which takes seconds, so that no call waits for them."""
    for archive in _index(set_name):
        _loaded[set_name, archive] = _read(set_name, archive)


def recorded(set_name: str) -> list[Take]:
    """Return the takes of a set whose recordings there are."""
    places = _places(set_name)
    return [take for take in takes(set_name) if (take.voice.name, take.utterance.text) in places]


def pack(set_name: str, spoken: Mapping[Take, Samples]) -> None:
    """Write further archives with the takes of a set that none has yet, and drop takes whose text left the set.

    An archive without takes is deleted.
    """
    texts_of_set = {(take.voice.name, take.utterance.text) for take in takes(set_name)}
    kept = {
        archive: {text: place for text, place in texts.items() if (_voice(archive), text) in texts_of_set}
        for archive, texts in _index(set_name).items()
    }
    index = {archive: texts for archive, texts in kept.items() if texts}
    for archive in kept.keys() - index:
        _path(set_name, archive).unlink()
    (_FOLDER / set_name).mkdir(parents=True, exist_ok=True)
    packed = {(_voice(archive), text) for archive, texts in index.items() for text in texts}
    new = [take for take in spoken if (take.voice.name, take.utterance.text) not in packed]
    by_voice = sorted(new, key=lambda take: take.voice.name)
    for voice, group in groupby(by_voice, key=lambda take: take.voice.name):
        archive = next(name for name in (f"{voice}-{number}" for number in count(1)) if name not in index)
        index[archive], parts, at = {}, list[Samples](), 0
        for take, sound in ((take, spoken[take]) for take in group):
            index[archive][take.utterance.text] = [at, len(sound)]
            parts += [sound, np.zeros(_GAP, np.int16)]
            at += len(sound) + _GAP
        level = 1 - (_BITS - _LEAST_BITS) / _RANGE_OF_BITS
        path = _path(set_name, archive)
        soundfile.write(path, np.concatenate(parts), RATE, format="OGG", subtype="OPUS", compression_level=level)
    text = yaml.safe_dump(index, allow_unicode=True, sort_keys=False, default_flow_style=None, width=140)
    _index_path(set_name).write_text(text, encoding="utf-8")


def archives(set_name: str) -> Iterator[Path]:
    """Return the files of a set's voices."""
    return (_path(set_name, archive) for archive in _index(set_name))


def _voice(archive: str) -> str:
    return archive.partition("-")[0]


def _path(set_name: str, archive: str) -> Path:
    return _FOLDER / set_name / f"{archive}.ogg"


def _index_path(set_name: str) -> Path:
    return _FOLDER / set_name / "index.yaml"


@functools.cache
def _index(set_name: str) -> dict[str, dict[str, list[int]]]:
    """Return the first sample and the length of each take, by archive; nothing if no take of the set was recorded."""
    if not _index_path(set_name).exists():
        return {}
    content: dict[str, dict[str, list[int]]] = yaml.load(
        _index_path(set_name).read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return content


@functools.cache
def _places(set_name: str) -> dict[tuple[str, str], tuple[str, int, int]]:
    """Return the archive, the first sample and the length of each take, by its voice and its text."""
    return {
        (_voice(archive), text): (archive, start, length)
        for archive, texts in _index(set_name).items()
        for text, (start, length) in texts.items()
    }


def _read(set_name: str, archive: str, start: int = 0, length: int = -1) -> Samples:
    """Read a part of an archive, or all of it; a part costs the time of the part."""
    content, _rate = soundfile.read(_path(set_name, archive), length, start, dtype="int16")
    read: Samples = content
    return read
