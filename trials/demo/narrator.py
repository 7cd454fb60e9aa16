"""Prints the events of the demo calls, line by line; columns are aligned in Chinese and English text alike."""

import time
from collections.abc import Iterable

from rich.cells import cell_len

from ivr.texts import _
from testkit.phones import SILENCE, SOUND, Span

_PARTY_WIDTH = 14  # columns for the name of the party that acts
_PAUSE = 0.6  # seconds; a shorter silence is left out of the timeline


class Narrator:
    """Prints events, with seconds since the story's beginning."""

    def __init__(self) -> None:
        """Count the seconds from now."""
        self._began = time.monotonic()

    def title(self, text: str) -> None:
        """Print the title of a story, and count its seconds from now."""
        self._began = time.monotonic()
        print(f"\n{text}", flush=True)

    def tell(self, party: str, text: str) -> None:
        """Print an act of a party, or a prompt that the party hears now."""
        self._line(f"{time.monotonic() - self._began:6.1f} s", party, text)

    def add(self, party: str, text: str) -> None:
        """Print a line about a party, without the time."""
        self._line("", party, text)

    def plain(self, text: str) -> None:
        """Print a line without time and party."""
        print(text, flush=True)

    def _line(self, time_column: str, party: str, text: str) -> None:
        first, *more_lines = text.splitlines() or [""]
        print(f"  {time_column:>8}  {party}{' ' * max(_PARTY_WIDTH - cell_len(party), 1)} {first}", flush=True)
        for line in more_lines:
            print(" " * (_PARTY_WIDTH + 13) + line, flush=True)


def timeline(spans: Iterable[Span]) -> str:
    """Write for how long each party was heard: "prompts or music 6.1 s | agent 2.0 s | agent + center 1.4 s"."""
    return " | ".join(
        f"{_parties(span.parties)} {span.seconds:.1f} s"
        for span in spans
        if span.parties != SILENCE or span.seconds >= _PAUSE
    )


def _parties(label: str) -> str:
    words = {SILENCE: _("silence"), SOUND: _("prompts or music")}
    return " + ".join(words.get(party, party) for party in label.split("+"))
