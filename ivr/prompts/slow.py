"""Slow copies of all prompts, for callers who ask for them (慢速): the same voice and pitch at a slower pace.

They are made from the recordings and not by the voice, because a prompt that a person recorded needs a slow copy, too.
Run as ``python -m ivr.prompts.slow RECORDINGS COPIES``: FFmpeg's libraries then stay out of the caller's memory.
`ivr setup` makes the copies of the shipped prompts once and stores them by the content of the recording, so that a
hotline starts without FFmpeg unless a site has recordings of its own.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.texts import _

if TYPE_CHECKING:
    from av import AudioFrame
    from av.filter import Graph

TEMPO = 0.75  # of the recording's pace


def make(recordings: Path, copies: Path) -> int:
    """Bring the slow copies of all recordings up to date.

    Args:
        recordings: the folder of one language, with 8 kHz WAV files in any depth. The wideband copies beside them are
            left out, because carriers deliver narrowband calls.
        copies: the folder that gets a file of the same relative path for each recording; it is made if missing. A copy
            has the modification time of its recording; a copy without a recording is deleted.

    Returns:
        The number of copies that were made.

    Raises:
        ImportError: PyAV is not installed.
        OSError, av.FFmpegError: a recording cannot be read, or a copy cannot be written.
    """
    stale = _stale(recordings, copies)
    for path, copy in stale:
        _put(copy, path, _write_slow)
    return len(stale)


def fill_store(recordings: Path, store: Path) -> int:
    """Make the slow copies of all recordings that the store lacks; return their number.

    Args:
        recordings: the folder of one language, as for `make`.
        store: the folder that holds each copy under the SHA-256 digest of its recording.

    Raises:
        ImportError: PyAV is not installed.
        OSError, av.FFmpegError: a recording cannot be read, or a copy cannot be written.
    """
    recordings_without_copy = {path for path in recordings.rglob("*.wav") if not _stored(store, path).is_file()}
    for path in recordings_without_copy:
        _put(_stored(store, path), path, _write_slow)
    return len(recordings_without_copy)


def take_from_store(recordings: Path, copies: Path, store: Path) -> bool:
    """Bring up to date the slow copies that the store has; return whether all copies are current then."""
    stale = [(path, copy, _stored(store, path)) for path, copy in _stale(recordings, copies)]
    for path, copy, stored_copy in stale:
        if stored_copy.is_file():
            _put(copy, path, partial(_copy_stored, stored_copy))
    return all(stored_copy.is_file() for _path, _copy, stored_copy in stale)


def _stale(recordings: Path, copies: Path) -> list[tuple[Path, Path]]:
    """Delete each copy without a recording; return the recordings whose copy is not current, each with its copy."""
    recording_of = {copies / path.relative_to(recordings): path for path in recordings.rglob("*.wav")}
    for copy in copies.rglob("*.wav"):
        if copy not in recording_of:
            copy.unlink()
    return [(path, copy) for copy, path in recording_of.items() if not _is_current(copy, path)]


def _stored(store: Path, recording: Path) -> Path:
    return store / f"{hashlib.sha256(recording.read_bytes()).hexdigest()}.wav"


def _copy_stored(stored_copy: Path, _recording: Path, copy: Path) -> None:
    shutil.copyfile(stored_copy, copy)


def _put(copy: Path, recording: Path, write: Callable[[Path, Path], object]) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    new_file = copy.with_suffix(".new")
    write(recording, new_file)
    recording_status = recording.stat()
    os.utime(new_file, ns=(recording_status.st_atime_ns, recording_status.st_mtime_ns))
    new_file.replace(copy)  # so that Asterisk never reads an incomplete file


def _is_current(copy: Path, recording: Path) -> bool:
    return copy.is_file() and copy.stat().st_mtime_ns == recording.stat().st_mtime_ns


def _write_slow(recording: Path, copy: Path) -> None:
    """Stretch one recording with FFmpeg's ``atempo`` (WSOLA), which keeps the pitch."""
    import av  # noqa: PLC0415  of the extra `audio`, as is the next
    from av.filter import Graph  # noqa: PLC0415

    with av.open(str(recording)) as input_file, av.open(str(copy), "w", format="wav") as output_file:
        source = input_file.streams.audio[0]
        stream = output_file.add_stream("pcm_s16le", rate=source.rate, layout="mono")
        graph = Graph()
        first = graph.add_abuffer(template=source)
        graph.link_nodes(first, graph.add("atempo", str(TEMPO)), graph.add("abuffersink")).configure()
        for frame in (*input_file.decode(source), None):
            graph.push(frame)
            for slow_frame in _pulled(graph):
                output_file.mux(stream.encode(slow_frame))
        output_file.mux(stream.encode(None))


def _pulled(graph: "Graph") -> "Iterator[AudioFrame]":
    import av  # noqa: PLC0415  of the extra `audio`

    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        assert isinstance(frame, av.AudioFrame)
        yield frame


if __name__ == "__main__":
    try:
        make(Path(sys.argv[1]), Path(sys.argv[2]))
    except ImportError as error:
        sys.exit(_("this needs the package '{package}': pip install -e '.[audio]'").format(package=error.name))
