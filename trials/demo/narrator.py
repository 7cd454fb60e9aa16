"""Telling the calls on a terminal or into a file: plain lines, aligned whatever the script."""

import time
from collections.abc import Iterable

from rich.cells import cell_len

from ivr.texts import _
from testkit.phones import SILENCE, SOUND, Span

_WHO = 14  # columns for who does something
_PAUSE = 0.6  # seconds; a shorter silence is not worth a word


class Narrator:
    """Prints what happens, with seconds since the story's beginning."""

    def __init__(self) -> None:
        """Begin to count."""
        self._began = time.monotonic()

    def title(self, text: str) -> None:
        """Begin a story."""
        self._began = time.monotonic()
        print(f"\n{text}", flush=True)

    def tell(self, who: str, what: str) -> None:
        """Print what a party does or hears now."""
        self._line(f"{time.monotonic() - self._began:6.1f} s", who, what)

    def add(self, who: str, what: str) -> None:
        """Print a line that belongs to no moment."""
        self._line("", who, what)

    def plain(self, text: str) -> None:
        """Print a line as it is."""
        print(text, flush=True)

    def _line(self, at: str, who: str, what: str) -> None:
        first, *more = what.splitlines() or [""]
        print(f"  {at:>8}  {who}{' ' * max(_WHO - cell_len(who), 1)} {first}", flush=True)
        for line in more:
            print(" " * (_WHO + 13) + line, flush=True)


def timeline(spans: Iterable[Span]) -> str:
    """Write for how long each party was heard: "prompts or music 6.1 s | agent 2.0 s | agent + center 1.4 s"."""
    return " | ".join(
        f"{_parties(span.who)} {span.seconds:.1f} s" for span in spans if span.who != SILENCE or span.seconds >= _PAUSE
    )


def _parties(who: str) -> str:
    words = {SILENCE: _("silence"), SOUND: _("prompts or music")}
    return " + ".join(words.get(party, party) for party in who.split("+"))
