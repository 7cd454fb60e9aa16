"""Slow copies of all prompts, for callers who ask for them (慢速): the same voice and pitch at a slower pace.

They are made from the recordings themselves, because a prompt that a person recorded needs a slow copy, too.
Run as ``python -m ivr.prompts.slow RECORDINGS COPIES``: FFmpeg's libraries then stay out of the caller's memory.
"""

import os
import sys
from collections.abc import Iterator
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
        How many copies were made.

    Raises:
        ImportError: PyAV is not installed.
        OSError, av.FFmpegError: a recording cannot be read, or a copy cannot be written.
    """
    wanted = {path.relative_to(recordings): path for path in recordings.rglob("*.wav")}
    for copy in copies.rglob("*.wav"):
        if copy.relative_to(copies) not in wanted:
            copy.unlink()
    stale = [(path, copies / name) for name, path in wanted.items() if not _is_current(copies / name, path)]
    for path, copy in stale:
        copy.parent.mkdir(parents=True, exist_ok=True)
        fresh = copy.with_suffix(".new")
        _write_slow(path, fresh)
        made_of = path.stat()
        os.utime(fresh, ns=(made_of.st_atime_ns, made_of.st_mtime_ns))
        fresh.replace(copy)  # Asterisk never reads half a file
    return len(stale)


def _is_current(copy: Path, recording: Path) -> bool:
    return copy.is_file() and copy.stat().st_mtime_ns == recording.stat().st_mtime_ns


def _write_slow(recording: Path, copy: Path) -> None:
    """Stretch one recording with FFmpeg's ``atempo`` (WSOLA), which keeps the pitch."""
    import av  # noqa: PLC0415 - not needed if every copy is current
    from av.filter import Graph  # noqa: PLC0415

    with av.open(str(recording)) as read, av.open(str(copy), "w", format="wav") as written:
        source = read.streams.audio[0]
        stream = written.add_stream("pcm_s16le", rate=source.rate, layout="mono")
        graph = Graph()
        first = graph.add_abuffer(template=source)
        graph.link_nodes(first, graph.add("atempo", str(TEMPO)), graph.add("abuffersink")).configure()
        for frame in (*read.decode(source), None):
            graph.push(frame)
            for slow in _pulled(graph):
                written.mux(stream.encode(slow))
        written.mux(stream.encode(None))


def _pulled(graph: "Graph") -> "Iterator[AudioFrame]":
    import av  # noqa: PLC0415

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
