"""Converts any sound file that FFmpeg reads into the two files of a prompt: 8 and 16 kHz, at the prompts' level.

FFmpeg converts, through PyAV, which the slow prompts need, too. It also reads recordings of mobile phones (m4a, amr).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
from av import AudioFrame
from av.filter import Graph

from ivr.prompts.manifest import wideband
from ivr.texts import _

SPEECH_LEVEL, MUSIC_LEVEL = -20.0, -26.0  # LUFS (ITU-R BS.1770), as the shipped recordings
_NARROW, _WIDE = 8_000, 16_000  # samples a second
_LONGEST = 600.0  # seconds; the music on hold may last minutes
_BLOCK = 3.0  # seconds; a shorter sound is repeated for the measurement, because BS.1770 measures pieces of 0.4 s
_SILENT = -60.0  # LUFS; a softer sound has no speech
_PEAK = 0.9  # of full scale; no sample goes beyond
_CUT = "-50dB"  # RMS below which the ends are silence, after the level was set

Filter = tuple[str, str]  # name and arguments


class NotSound(Exception):
    """The file has no sound that could be a prompt; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Converted:
    """The result of a conversion."""

    seconds: float
    gain: float  # dB that were added


def convert(source: Path, narrowband: Path, level: float, margin: float | None) -> Converted:
    """Write a sound file as a prompt: ``narrowband`` and the wideband copy beside it.

    Args:
        source: a file in any format that FFmpeg reads; its first sound track is taken, all channels mixed to one.
        narrowband: the path of the 8 kHz file; its folder has to exist.
        level: the loudness of both files, in LUFS, unless a peak forbids it.
        margin: seconds of silence at both ends; None leaves the ends unchanged, for music that is played in a loop.

    Raises:
        NotSound: the file cannot be read, is silent, or is too long.
        OSError: a file cannot be written.
    """
    frames = list(_decoded(source))
    seconds = sum(frame.samples for frame in frames) / _WIDE
    loudness = _loudness(frames, seconds)
    if loudness < _SILENT:
        raise NotSound(_("{path}: there is no sound in it").format(path=source))
    gain = level - loudness
    filters: list[Filter] = [("volume", f"{gain:.2f}dB"), ("alimiter", f"limit={_PEAK}:level=false")]
    if margin is not None:
        silence_filter = (
            "silenceremove",
            f"start_periods=1:start_threshold={_CUT}:start_silence={margin}:detection=rms",
        )
        filters += [silence_filter, ("areverse", ""), silence_filter, ("areverse", "")]
    frames_out = list(_filtered(frames, filters))
    for path, rate in ((narrowband, _NARROW), (wideband(narrowband), _WIDE)):
        _write(path, frames_out, rate)
    return Converted(sum(frame.samples for frame in frames_out) / _WIDE, gain)


def _decoded(source: Path) -> Iterator[AudioFrame]:
    """Yield the first sound track at 16 kHz, mono.

    Raises:
        NotSound: the file has no sound track, or the track is too long.
    """
    try:
        # FFmpeg gets an open file, because it would read a name as an address, and open the entries of a playlist.
        with av.open(f"file:{source}", "r", options={"protocol_whitelist": "file"}) as file:
            if not file.streams.audio:
                raise NotSound(_("{path}: there is no sound track in it").format(path=source))
            resampler = av.AudioResampler("flt", "mono", _WIDE)
            samples = 0
            for decoded in (*file.decode(file.streams.audio[0]), None):
                for frame in resampler.resample(decoded):
                    samples += frame.samples
                    if samples > _LONGEST * _WIDE:
                        message = _("{path}: is longer than {minutes:g} minutes")
                        raise NotSound(message.format(path=source, minutes=_LONGEST / 60))
                    yield frame
    except (OSError, av.FFmpegError) as error:
        message = _("{path}: is no sound file that can be read ({reason})")
        raise NotSound(message.format(path=source, reason=error.strerror)) from error


def _loudness(frames: list[AudioFrame], seconds: float) -> float:
    """Return the integrated loudness at 8 kHz in LUFS; -inf for no sound at all."""
    if not seconds:
        return float("-inf")
    times = max(1, round(_BLOCK / seconds + 0.5))
    loudness = float("-inf")
    for frame in _filtered(frames * times, (("aresample", str(_NARROW)), ("ebur128", "metadata=1"))):
        if (measured := frame.metadata.get("lavfi.r128.I")) is not None:
            loudness = float(measured)
    return loudness


def _filtered(frames: Iterable[AudioFrame], filters: Iterable[Filter]) -> Iterator[AudioFrame]:
    """Yield the output of a chain of FFmpeg's filters for 16 kHz frames."""
    graph = Graph()
    first = graph.add_abuffer(sample_rate=_WIDE, format="flt", layout="mono")
    chain = [graph.add(name, arguments or None) for name, arguments in filters]
    form = graph.add("aformat", "sample_fmts=flt|s16|dbl")
    graph.link_nodes(first, *chain, form, graph.add("abuffersink")).configure()
    position = 0
    for frame in (*frames, None):
        if frame is not None:
            frame.pts, position = position, position + frame.samples
        graph.push(frame)
        while True:
            try:
                filtered_frame = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                break
            assert isinstance(filtered_frame, AudioFrame)
            yield filtered_frame


def _write(path: Path, frames: list[AudioFrame], rate: int) -> None:
    new_file = path.with_suffix(".new")
    with av.open(str(new_file), "w", format="wav", options={"fflags": "bitexact"}) as file:  # no chunk but the sound
        stream = file.add_stream("pcm_s16le", rate=rate, layout="mono")
        resampler = av.AudioResampler("s16", "mono", rate)
        for frame in (*frames, None):
            for sample in resampler.resample(frame):
                sample.pts = None
                file.mux(stream.encode(sample))
        file.mux(stream.encode(None))
    new_file.chmod(0o644)  # because the hotline's own user reads the file of any admin
    new_file.replace(path)
