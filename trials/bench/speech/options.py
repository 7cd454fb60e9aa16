"""The command line of ``python -m trials.bench.speech``."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from trials.bench.speech.corpus.sets import SET_NAMES, TUNING
from trials.bench.speech.telephone.conditions import CLEAN, CONDITIONS


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a measurement."""

    offline: bool
    everything: bool
    sets: tuple[str, ...]  # of which takes are said; () for the usual: all sets by calls, the tuning set offline
    conditions: tuple[str, ...]
    limit: int | None  # takes of each set
    one_at_a_time: bool  # only the calls that are placed one at a time
    output: Path | None
    silent: int  # callers who say nothing; 0: the takes are said

    @property
    def is_sample(self) -> bool:
        """Whether a part of the bench's calls is placed."""
        return bool(self.sets or self.limit or self.one_at_a_time)


def options(arguments: list[str] | None = None) -> Options:
    """Read the command line, by default this process's; end the process if it makes no sense."""
    parser = argparse.ArgumentParser(prog="make bench-speech", description="How well callers are heard.")
    parser.add_argument("--all", action="store_true", dest="everything", help="every take under every condition")
    parser.add_argument("--offline", action="store_true", help="no calls: recogniser and decisions in this process")
    parser.add_argument(
        "--set",
        action="append",
        choices=SET_NAMES,
        help="only takes of this set, many calls at once, and no page; offline: tuning unless given",
    )
    parser.add_argument(
        "--condition",
        action="append",
        choices=[condition.name for condition in CONDITIONS],
        metavar="NAME",
        help=f"offline: clean unless given; there are {', '.join(condition.name for condition in CONDITIONS)}",
    )
    parser.add_argument(
        "--limit",
        type=int,
        help="only so many calls, and no page; offline: takes of each set",
    )
    parser.add_argument("--one-at-a-time", action="store_true", help="only the calls of which each is placed alone")
    parser.add_argument("--output", type=Path, help="offline: write each take's result there, one JSON object a line")
    parser.add_argument(
        "--silent", type=int, default=0, metavar="N", help="offline: N callers who say nothing, and no takes"
    )
    parsed = parser.parse_args(arguments)
    all_conditions = [condition.name for condition in CONDITIONS]
    return Options(
        parsed.offline,
        parsed.everything,
        tuple(parsed.set or ((TUNING,) if parsed.offline else ())),
        tuple(parsed.condition or (all_conditions if parsed.everything else (CLEAN.name,))),
        parsed.limit,
        parsed.one_at_a_time,
        parsed.output,
        parsed.silent,
    )
