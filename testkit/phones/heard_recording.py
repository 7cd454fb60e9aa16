"""The sound that a party of a call hears, readable during the call."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from . import tones
from .tones import CONTEXT, HOP, SILENCE, SOUND, Label, Samples, Span

_HEADER = 44  # bytes of a WAV file before its samples
_STEP = round(HOP * tones.RATE)


class ToneParty(Protocol):
    """A party of a call: an object with a name to which `Phones` gave a tone."""

    @property
    def name(self) -> str: ...


class HeardRecording:
    """A recording that PJSIP is still writing.

    The recording begins when the call is dialled or comes in, and has the silences, too, so its length is the
    age of the call. The file lags by up to a quarter of a second, because PJSIP writes it in pieces.
    """

    def __init__(self, path: Path, parties: Mapping[str, int]) -> None:
        self.path = path
        self._parties = parties
        self._labels: list[Label] = []
        self._known: dict[str, int] = {}

    @property
    def samples(self) -> Samples:
        """The sound that the party has heard so far, at 8 kHz."""
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
            # The last windows are labelled again, because a label depends on the windows that follow.
            relabelled_from = max(0, len(self._labels) - 2 * CONTEXT)
            new_labels = tones.labels(self._from(relabelled_from * _STEP), self._known)
            settled = relabelled_from + CONTEXT if relabelled_from else 0
            self._labels[settled:] = new_labels[settled - relabelled_from :]
        return self._labels

    def now(self, *parties: str | ToneParty, seconds: float = 0.3, only: bool = False) -> bool:
        """Whether each of `parties` is heard in the last `seconds`; with `only`, no other party or sound."""
        expected = frozenset(name for party in parties if (name := _name(party)) != SILENCE)
        unknown = expected - self._parties.keys() - {SOUND}
        if unknown:
            raise ValueError(
                f"no party has a tone named {', '.join(sorted(unknown))}; there are {sorted(self._parties)}"
            )
        last = self.windows[-max(1, round(seconds / HOP) - 1) :]
        exact = only or not expected
        return len(last) * HOP + HOP >= seconds - 1e-9 and all(
            window == expected if exact else expected <= window for window in last
        )

    def ever(self, party: str | ToneParty) -> bool:
        """Whether a party was ever heard for at least 0.3 s."""
        return any(_name(party) in span.parties.split("+") for span in self.timeline())

    def timeline(self, since: float = 0.0) -> list[Span]:
        """The parties that were heard, in order, from `since` seconds of the recording on."""
        return tones.spans(self.windows[round(since / HOP) :])

    def story(self, since: float = 0.0) -> str:
        """The timeline as text: "silence 0.4 | sound 3.2 | agent 2.0 | agent+center 3.0"."""
        return " | ".join(f"{span.parties} {span.seconds:.1f}" for span in self.timeline(since))

    def times_of(self, prompt: Path | Samples) -> list[float]:
        """Return each time at which a prompt began, in seconds of the recording."""
        return tones.times_of(tones.read_wav(prompt) if isinstance(prompt, Path) else prompt, self.samples)

    def _from(self, sample: int) -> Samples:
        try:
            with self.path.open("rb") as file:
                file.seek(_HEADER + 2 * sample)
                content = file.read()
        except FileNotFoundError:
            content = b""
        return np.frombuffer(content[: len(content) // 2 * 2], "<i2")


def _name(party: str | ToneParty) -> str:
    return party if isinstance(party, str) else party.name
