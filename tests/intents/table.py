"""The table of utterances with their decisions: ``python -m tests.intents.table`` prints a summary."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import yaml

from ivr.intents.candidates import Candidates, candidates
from ivr.intents.decide_intent import decide
from ivr.intents.decisions import AskWhich, Confirm, Decision, Sure
from ivr.intents.emergency import find_emergency, prepared_emergencies
from ivr.intents.known_texts import Target, TargetKind
from ivr.registry.load import read
from ivr.registry.prompts import recorded

_HERE = Path(__file__).parent
_NAMES = {TargetKind.CHOICE: "key-", TargetKind.LINE: "", TargetKind.LINKAGE: "linkage-"}
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class UtteranceRow:
    """One utterance and its right decision."""

    part: str
    expected: str  # "12329", "key-1", "linkage-119", "12315|12312", "nothing"
    text: str


def table() -> dict[str, Any]:
    """Return the whole file."""
    found: dict[str, Any] = yaml.load((_HERE / "utterances.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


def rows(*parts: str) -> Iterator[UtteranceRow]:
    """Yield the utterances of these parts."""
    whole = table()
    for part in parts:
        for expected, texts in whole[part].items():
            yield from (UtteranceRow(part, expected, text) for text in texts)


def outcome(decision: Decision) -> tuple[str, str]:
    """Return a decision in the table's words: its kind ("sure", "confirm", "which", "agent") and its target."""
    match decision:
        case Sure():
            return "sure", _name(decision.target)
        case Confirm():
            return "confirm", _name(decision.target)
        case AskWhich():
            return "which", f"{_name(decision.first)}|{_name(decision.other)}"
    return "agent", NOTHING


def same(first: str, second: str) -> bool:
    """Whether two outcomes are equal; the order of two lines does not matter."""
    return set(first.split("|")) == set(second.split("|"))


def _name(target: Target) -> str:
    return _NAMES[target.kind] + target.name


def _measure(part: str, known: Candidates) -> str:
    counts: Counter[str] = Counter()
    found = list(rows(part))
    start = process_time()
    decided = [(row, outcome(decide(row.text, known))) for row in found]
    spent = process_time() - start
    for row, (way, target) in decided:
        if row.expected == NOTHING:
            counts["rejected" if target == NOTHING else f"accepted ({way})"] += 1
        elif same(target, row.expected):
            counts[f"right ({way})"] += 1
        else:
            counts["to an agent" if way == "agent" else f"wrong ({way})"] += 1
    summed = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    return f"{part}: {len(found)} utterances: {summed}; {len(found) / spent:.0f} decisions a second"


def _main() -> None:
    project = _HERE.parents[1]
    registry = read(project / "numbers.yaml", recorded(project / "recordings"))
    known = candidates(registry, registry.menus["main"], date(2026, 6, 1))
    for part in ("development", "held_out"):
        print(_measure(part, known))
    ready = prepared_emergencies(registry)
    spoken = [row.text for row in rows("development", "held_out")] + table()["emergencies"]["none"]
    false = Counter(type(found).__name__ for text in spoken if (found := find_emergency(text, ready)))
    print(f"emergencies: {len(spoken)} other utterances: {false['Call']} called, {false['Ask']} asked about")


if __name__ == "__main__":
    _main()
