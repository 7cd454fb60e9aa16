"""The sound that one party of a call hears, while the call goes on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from . import tones
from .tones import CONTEXT, HOP, SILENCE, SOUND, Label, Samples, Span

_HEADER = 44  # bytes of a WAV file before its samples
_STEP = round(HOP * tones.RATE)


class ToneParty(Protocol):
    """A party of a call: anything with a name that has a tone."""

    @property
    def name(self) -> str: ...


class HeardRecording:
    """A recording that PJSIP is still writing.

    It begins when the call is dialled or comes in, and runs on through silence, so its length is
    the call's age. It lags by up to a quarter of a second, which is how PJSIP writes files.
    """

    def __init__(self, path: Path, parties: Mapping[str, int]) -> None:
        self.path = path
        self._parties = parties
        self._labels: list[Label] = []
        self._known: dict[str, int] = {}

    @property
    def samples(self) -> Samples:
        """All that was heard so far, at 8 kHz."""
        return self._from(0)

    @property
    def seconds(self) -> float:
        """The length of the recording so far."""
        try:
            return max(0, self.path.stat().st_size - _HEADER) / 2 / tones.RATE
        except FileNotFoundError:
            return 0.0

    @property
    def windows(self) -> list[Label]:
        """The parties heard in each window of 0.2 s, a window every 0.1 s."""
        if self._known != self._parties:  # a party has joined; it may have been heard as SOUND
            self._known, self._labels = dict(self._parties), []
        if self.seconds > len(self._labels) * HOP + tones.WINDOW:
            # The last windows are looked at again, now that it is known what followed them.
            again = max(0, len(self._labels) - 2 * CONTEXT)
            fresh = tones.labels(self._from(again * _STEP), self._known)
            settled = again + CONTEXT if again else 0
            self._labels[settled:] = fresh[settled - again :]
        return self._labels

    def now(self, *who: str | ToneParty, seconds: float = 0.3, only: bool = False) -> bool:
        """Whether each of `who` is heard in the last `seconds`; with `only`, nobody and nothing else."""
        wanted = frozenset(name for party in who if (name := _name(party)) != SILENCE)
        unknown = wanted - self._parties.keys() - {SOUND}
        if unknown:
            raise ValueError(
                f"no party has a tone named {', '.join(sorted(unknown))}; there are {sorted(self._parties)}"
            )
        last = self.windows[-max(1, round(seconds / HOP) - 1) :]
        exact = only or not wanted
        return len(last) * HOP + HOP >= seconds - 1e-9 and all(w == wanted if exact else wanted <= w for w in last)

    def ever(self, who: str | ToneParty) -> bool:
        """Whether a party was heard at any time, for at least 0.3 s."""
        return any(_name(who) in span.who.split("+") for span in self.timeline())

    def timeline(self, since: float = 0.0) -> list[Span]:
        """The parties that were heard, in order, from `since` seconds of the recording on."""
        return tones.spans(self.windows[round(since / HOP) :])

    def story(self, since: float = 0.0) -> str:
        """The timeline as text: "silence 0.4 | sound 3.2 | agent 2.0 | agent+center 3.0"."""
        return " | ".join(f"{span.who} {span.seconds:.1f}" for span in self.timeline(since))

    def times_of(self, prompt: Path | Samples) -> list[float]:
        """When a prompt began to be heard, in seconds of the recording; once for each time it was played."""
        return tones.times_of(tones.read_wav(prompt) if isinstance(prompt, Path) else prompt, self.samples)

    def _from(self, sample: int) -> Samples:
        try:
            with self.path.open("rb") as file:
                file.seek(_HEADER + 2 * sample)
                data = file.read()
        except FileNotFoundError:
            data = b""
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2")


def _name(party: str | ToneParty) -> str:
    return party if isinstance(party, str) else party.name
