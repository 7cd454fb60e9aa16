"""Recognises the parties' steady tones, other sound and silence in 8 kHz audio.

Every party of a test call sends a sine of its own frequency. A window of `WINDOW` seconds holds a
whole number of cycles of each sine, so a party shows as one sharp line of the spectrum. The rest of the energy
is `SOUND` (a prompt, music, ringback, a tone of no party).
"""

import wave
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RATE = 8000  # samples a second
WINDOW = 0.2  # seconds of audio of one spectrum
HOP = 0.1  # seconds from the start of a window to the start of the next
CONTEXT = 3  # windows before and after a window that distinguish an interrupted tone from other sound
GRID = 5  # Hz; the spacing of the spectrum's lines, of which every tone must be a multiple
AMPLITUDE = 5000  # peak of a party's tone; six tones together still fit into 16 bits

SOUND = "sound"  # name of sound that is no party's tone
SILENCE = "silence"  # name of a span without sound

Samples = NDArray[np.int16]
Label = frozenset[str]  # the parties heard in a window; empty for silence

_PART = RATE // 4  # samples of each part of a prompt, which is searched part by part
_SLIP = round(0.3 * RATE)  # samples by which a part may be early or late
_SLIP_OF_LETTER = round(0.1 * RATE)  # the same for a part of a spoken letter
_LIKENESS = 0.7  # from this correlation on, a prompt counts as heard; two different prompts reach 0.64 at most
_SIZE = round(WINDOW * RATE)
_STEP = round(HOP * RATE)
_BLOCK = 4096  # samples
_HANN = np.hanning(_SIZE + 1)[:_SIZE]
_SCALE = 2 / (_SIZE * float(np.sum(_HANN**2)))  # makes a sine's lines add up to amplitude²/2
_NOMINAL = AMPLITUDE**2 / 2
_FLOOR = 32768**2 * 10**-4.5  # 45 dB below full scale; less power counts as silence
_A_LAW_NOISE = 10**-2.5  # of the tones' power; A-law's own noise is 38 dB down


class Span(NamedTuple):
    """A stretch of time in which the same parties are heard."""

    parties: str  # names in alphabetical order joined by "+", SOUND last; or SILENCE
    seconds: float


def sine(hertz: int, seconds: float = 1.0) -> Samples:
    """Return a party's tone, which can be looped without a click if `hertz` times `seconds` is a whole number."""
    if hertz % GRID or not 100 <= hertz <= 3400:
        raise ValueError(f"a tone must be a multiple of {GRID} Hz between 100 and 3400, not {hertz}")
    times = np.arange(round(seconds * RATE)) / RATE
    return (AMPLITUDE * np.sin(2 * np.pi * hertz * times)).astype(np.int16)


def key_tone(key: str, seconds: float = 0.2) -> Samples:
    """Return the DTMF tones of a telephone key (ITU-T Q.23), with half a second of silence before and after.

    Raises:
        ValueError: there is no such key.
    """
    row, column = divmod("123456789*0#".index(key), 3)
    times = np.arange(round(seconds * RATE)) / RATE
    sound = sum(np.sin(2 * np.pi * hertz * times) for hertz in ((697, 770, 852, 941)[row], (1209, 1336, 1477)[column]))
    silence = np.zeros(RATE // 2)
    return np.concatenate([silence, AMPLITUDE * sound, silence]).astype(np.int16)


def write_wav(path: Path, samples: Samples) -> None:
    """Write a mono 16-bit WAV file at `RATE`."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


def read_wav(path: Path) -> Samples:
    """Read a mono 16-bit WAV file at `RATE`; ValueError for another format."""
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
            raise ValueError(f"{path} is not mono, 16 bit, {RATE} Hz")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def labels(samples: Samples, tones: Mapping[str, int]) -> list[Label]:
    """Return the parties heard in each window.

    Args:
        samples: audio at `RATE`, shape (n,).
        tones: the parties' names and frequencies in Hz.

    Returns:
        A label for each window that lies wholly inside `samples`, a window every `HOP` seconds.
    """
    if len(samples) < _SIZE:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(samples, _SIZE)[::_STEP]
    power = np.abs(np.fft.rfft(windows * _HANN, axis=1)) ** 2 * _SCALE
    power[:, :4] = 0  # direct current and hum
    total_power = power.sum(axis=1)
    names = list(tones)
    steady = np.zeros((len(windows), len(names)), bool)
    power_near_tone = np.zeros_like(steady, float)  # power close to each tone, because a tone that breaks off spreads
    tone_power = np.zeros(len(windows))
    for column, name in enumerate(names):
        line = tones[name] // GRID
        peak, neighbours, beyond = power[:, line], power[:, [line - 1, line + 1]], power[:, [line - 3, line + 3]]
        total = power[:, line - 2 : line + 3].sum(axis=1)
        # A steady sine on the grid leaves a quarter of its power in each neighbour under a Hann window.
        even = (np.abs(neighbours / np.maximum(peak, 1)[:, None] - 0.25) < 0.12).all(axis=1)
        sharp = (beyond < 0.05 * peak[:, None]).all(axis=1)
        steady[:, column] = (total > _NOMINAL / 4) & even & sharp
        power_near_tone[:, column] = power[:, line - 6 : line + 7].sum(axis=1)
        tone_power += np.where(steady[:, column], total, 0)
    strange = total_power - tone_power > np.maximum(_FLOOR, tone_power * _A_LAW_NOISE)
    was_steady = steady.copy()
    for index in np.flatnonzero(strange):
        # The power is no other sound if it is a tone of a neighbouring window that begins or breaks off here.
        is_broken_off = was_steady[max(0, index - CONTEXT) : index + CONTEXT + 1].any(axis=0) & ~was_steady[index]
        unexplained = total_power[index] - tone_power[index]
        if power_near_tone[index, is_broken_off].sum() > 0.8 * unexplained or (
            is_broken_off.any() and unexplained < _NOMINAL / 50
        ):
            strange[index] = False
            steady[index] |= is_broken_off & (power_near_tone[index] > _NOMINAL / 4)
    return [
        frozenset(name for name, is_present in zip([*names, SOUND], [*row, odd], strict=True) if is_present)
        for row, odd in zip(steady, strange, strict=True)
    ]


def spans(windows: Sequence[Label], shortest: float = 0.3, pause: float = 0.8) -> list[Span]:
    """Join windows into a readable timeline.

    Args:
        windows: the result of `labels`.
        shortest: a span of fewer seconds is dropped, because it is the crossing between two spans.
        pause: a silence of up to so many seconds belongs to the speech or music around it.
    """
    runs: list[tuple[Label, int]] = _joined((label, 1) for label in windows)
    sound: Label = frozenset({SOUND})
    runs = _joined(
        (
            sound
            if not label and count * HOP <= pause and 0 < index < len(runs) - 1 and _between(runs, index, sound)
            else label,
            count,
        )
        for index, (label, count) in enumerate(runs)
    )
    kept_runs: list[tuple[Label, int]] = []
    for index, (label, count) in enumerate(runs):
        if count * HOP < shortest - 1e-9 and kept_runs and index < len(runs) - 1:
            kept_runs[-1] = (kept_runs[-1][0], kept_runs[-1][1] + count)
        else:
            kept_runs.append((label, count))
    return [Span(named(label), round(count * HOP, 1)) for label, count in _joined(kept_runs)]


def named(label: Label) -> str:
    """Write a label as text: "agent+center", "agent+sound", "silence"."""
    return "+".join(sorted(label - {SOUND}) + [SOUND] * (SOUND in label)) or SILENCE


def heard_in(audio: Path | Samples, tones: Mapping[str, int]) -> list[Span]:
    """Return the timeline of a recording (a WAV file or samples): the parties heard, with the seconds of each span."""
    return spans(labels(read_wav(audio) if isinstance(audio, Path) else audio, tones))


class Search:
    """A recording with its spectrum, which makes the search for many prompts quick.

    Args:
        audio: the recording at `RATE`.
    """

    def __init__(self, audio: Samples) -> None:
        audio = np.pad(audio, (0, _SLIP))  # because a late part may be cut off at the end
        self._length = len(audio)
        self._size = -(-max(1, len(audio)) // _BLOCK) * _BLOCK  # a size with a quick FFT
        self._spectrum = np.fft.rfft(audio.astype(np.float32), self._size)
        self._letters: dict[str, NDArray[np.float32]] = {}
        self._scales: dict[int, NDArray[np.float32]] = {}
        self._energy = np.concatenate(([0.0], np.cumsum(audio.astype(np.float64) ** 2)))

    def times_of(self, prompt: Samples) -> list[float]:
        """Find the places at which a prompt is played.

        Args:
            prompt: the prompt at `RATE`; the search is for its first two seconds of sound.

        Returns:
            The seconds at which the prompt begins, for each time it is heard.
        """
        begin, piece = _piece(prompt)
        likeness_at = self._alike(piece, _LIKENESS)
        begins: list[float] = []
        while likeness_at.size and likeness_at.max() >= _LIKENESS:
            best = int(likeness_at.argmax())
            begins.append(round((best - begin) / RATE, 2))
            half_width = max(len(piece) // 2, _SLIP + 1)
            likeness_at[max(0, best - half_width) : best + half_width] = 0
        return sorted(begins)

    def spelled(self, word: str, letters: Mapping[str, Samples]) -> float:
        """Return the highest likeness, 0 to 1, of a word that is spelled letter by letter.

        Each letter may begin up to `_SLIP` earlier or later than the end of the letter before it, so gaps add up.
        """
        likeness_so_far, letter_length = np.zeros(self._length, np.float32), 0
        for letter in word:
            letter_likeness = self._letter(letter, letters[letter])
            follows = _highest_near(likeness_so_far, _SLIP)[: max(0, len(likeness_so_far) - letter_length)]
            likeness_so_far = np.zeros(self._length, np.float32)
            likeness_so_far[letter_length : letter_length + len(follows)] = follows
            likeness_so_far[: len(letter_likeness)] += letter_likeness
            letter_length = len(letters[letter])
        return float(likeness_so_far.max()) / len(word)

    def _letter(self, letter: str, spoken: Samples) -> NDArray[np.float32]:
        if letter not in self._letters:
            self._letters[letter] = self._alike(spoken, 0, _SLIP_OF_LETTER)
        return self._letters[letter]

    def _alike(self, piece: Samples, likeness: float, slip: int = _SLIP) -> NDArray[np.float32]:
        """Return the likeness of a piece at each possible beginning; no beginning if none reaches `likeness`."""
        places = self._length - len(piece) + 1
        if places < 1 or not piece.any():
            return np.zeros(0, np.float32)
        # Each part may be a little early or late, because a busy machine loses or repeats packets.
        parts = np.array_split(piece.astype(np.float32), max(1, round(len(piece) / _PART)))
        weights = [float(np.sum(part**2)) for part in parts]
        begins = np.cumsum([0, *map(len, parts)])
        likeness_at, remaining_share = np.zeros(places, np.float32), 1.0
        # The loudest parts come first, because they rule most prompts out before the other parts are searched.
        for number in np.argsort(weights)[::-1]:
            exact, share = self._likeness(parts[number]), np.float32(weights[number] / sum(weights))
            remaining_share -= float(share)
            if likeness_at.max() + share * exact.max() + remaining_share < likeness:
                return np.zeros(0, np.float32)  # the remaining parts cannot raise the likeness enough
            found_near = _highest_near(exact, slip) + np.float32(1e-3) * exact  # prefers the exact place
            likeness_at += share * found_near[begins[number] : begins[number] + places]
        return likeness_at

    def _likeness(self, part: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the correlation with ``part`` at each place where it could begin."""
        # The part of the correlation that wraps around at the end of the recording is cut off.
        places = self._length - len(part) + 1
        cross = np.fft.irfft(self._spectrum * np.conj(np.fft.rfft(part, self._size)), self._size)[:places]
        return cross * (self._scale(len(part)) / np.float32(max(float(np.sum(part**2)), 1e4) ** 0.5))

    def _scale(self, length: int) -> NDArray[np.float32]:
        """Return the factors that turn a correlation with ``length`` samples into a likeness, for each place."""
        if length not in self._scales:
            local = self._energy[length:] - self._energy[:-length]
            self._scales[length] = (1 / np.sqrt(np.maximum(local, 1e4))).astype(np.float32)
        return self._scales[length]


def _piece(prompt: Samples) -> tuple[int, Samples]:
    """Return the first two seconds of a prompt's sound, and the sample at which they begin."""
    loud = np.flatnonzero(np.abs(prompt.astype(np.int32)) > 300)
    begin, end = (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, len(prompt))
    return begin, prompt[begin : min(end, begin + 2 * RATE)]


def _highest_near(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Return at each place the highest of the values up to `reach` before and after it."""
    highest, width = np.pad(values, reach, constant_values=-1), 1
    while width * 2 <= 2 * reach + 1:  # each value is the highest of `width` places; fewer values each time
        highest = np.maximum(highest[:-width], highest[width:])
        width *= 2
    overlap = 2 * reach + 1 - width
    return np.maximum(highest[: len(values)], highest[overlap : overlap + len(values)])


def times_of(prompt: Samples, audio: Samples) -> list[float]:
    """Find the places at which a recording has a prompt; see `Search`."""
    return Search(audio).times_of(prompt)


def _joined(runs: Iterable[tuple[Label, int]]) -> list[tuple[Label, int]]:
    joined: list[tuple[Label, int]] = []
    for label, count in runs:
        if joined and joined[-1][0] == label:
            joined[-1] = (label, joined[-1][1] + count)
        else:
            joined.append((label, count))
    return joined


def _between(runs: Sequence[tuple[Label, int]], index: int, label: Label) -> bool:
    return runs[index - 1][0] == label and runs[index + 1][0] == label
