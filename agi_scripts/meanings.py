"""What the callers of a menu may mean, made ready once and kept for as long as registry and day are the same."""

import asyncio
from dataclasses import dataclass
from datetime import date

from ivr.intents import answer, candidates, decide, emergency
from ivr.intents.results import Decision
from ivr.registry.model import Menu, Registry

CERTAIN = 0.1
"""Score below which a recogniser only thinks it possible that this was said."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Everything that may be meant at one menu. Understanding takes a while, so it is done beside the other calls."""

    candidates: candidates.Candidates
    alarms: tuple[emergency.Alarm, ...]
    answers: answer.Words

    async def emergency(self, text: str, score: float) -> emergency.Call | emergency.Ask | None:
        """Decide whether ``text`` is a cry for help, or may be one."""
        return await asyncio.to_thread(emergency.alarm, text, self.alarms, certain=score >= CERTAIN)

    async def decide(self, text: str) -> Decision:
        """Decide what the caller wants."""
        return await asyncio.to_thread(decide.decide, text, self.candidates)

    def answer(self, text: str) -> bool | None:
        """Understand an answer to a question: yes, no, or neither."""
        return answer.answer(text, self.answers)


class Meanings:
    """The meanings of one registry on one day, of each menu."""

    def __init__(self) -> None:
        """Nothing is ready until a caller comes."""
        self._of: tuple[Registry, date] | None = None
        self._ready: dict[str, asyncio.Task[Meaning]] = {}

    def at(self, registry: Registry, menu: Menu, on: date) -> asyncio.Task[Meaning]:
        """Begin to make ready what may be meant at ``menu``, unless that was done before."""
        if self._of is None or self._of[0] is not registry or self._of[1] != on:
            self._of, self._ready = (registry, on), {}
        if menu.name not in self._ready:
            self._ready[menu.name] = asyncio.create_task(asyncio.to_thread(_make, registry, menu, on))
        return self._ready[menu.name]


def _make(registry: Registry, menu: Menu, on: date) -> Meaning:
    return Meaning(
        candidates.candidates(registry, menu, on), emergency.alarms(registry), answer.words(registry.answers)
    )
