"""The meanings of a menu, prepared once and kept while registry and day stay the same."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from ivr.asterisk.agi.speech import RecognizedSpeech
from ivr.garbage import keep_for_good
from ivr.intents import answer, candidates, decide_intent
from ivr.intents.decisions import Decision
from ivr.intents.emergency import AskEmergency, CallService, EmergencyPhrases, find_emergency, prepared_emergencies
from ivr.intents.evidence import Evidence
from ivr.intents.known_texts import known
from ivr.intents.meaning_matcher import Compare, MeaningMatcher
from ivr.phonetics.nearest import compare_all
from ivr.registry.model import Menu, Registry

CERTAIN = 0.1
"""Score of a recogniser below which a text is uncertain."""

_KEPT = 2  # registries or days: calls in progress keep the registry and the day with which they began


@dataclass(frozen=True, slots=True)
class Meaning:
    """All targets of a menu, prepared for comparison. Understanding runs in a thread, because it takes some time."""

    candidates: candidates.Candidates
    by_meaning: MeaningMatcher | None  # None without a sentence encoder: sound alone decides
    emergencies: tuple[EmergencyPhrases, ...]
    answers: answer.Words

    async def emergency(self, speech: RecognizedSpeech) -> CallService | AskEmergency | None:
        """Decide whether an utterance is a cry for help, or may be one."""
        return await asyncio.to_thread(self._emergency, speech)

    def _emergency(self, speech: RecognizedSpeech) -> CallService | AskEmergency | None:
        certain, evidence, cry = speech.score >= CERTAIN, _evidence(speech), Evidence(speech.cry, speech.cry_evidence)
        return find_emergency(
            speech.text, self.emergencies, certain=certain, by_meaning=self.by_meaning, evidence=evidence, cry=cry
        )

    async def decide(self, speech: RecognizedSpeech) -> Decision:
        """Decide what the caller wants."""
        return await asyncio.to_thread(
            decide_intent.decide, speech.text, self.candidates, self.by_meaning, _evidence(speech)
        )

    def answer(self, text: str) -> bool | None:
        """Understand an answer to a question: yes, no, or neither."""
        return answer.answer(text, self.answers)


@dataclass(frozen=True, slots=True, eq=False)
class _DayMeanings:
    """The meanings of one registry on one day, by menu."""

    registry: Registry
    on: date
    menus: dict[str, asyncio.Future[Meaning]] = field(default_factory=dict)


class Meanings:
    """The meanings of each menu: for the registry and the day in force, and for those before, which calls may keep."""

    def __init__(self, comparison: Callable[[], Compare | None] = lambda: None) -> None:
        """Prepare nothing until a caller needs it.

        Args:
            comparison: loads the sentence encoder, in a thread; returns None if this machine has none.
        """
        self._comparison = comparison
        self._latest: list[_DayMeanings] = []

    def at(self, registry: Registry, menu: Menu, on: date) -> asyncio.Future[Meaning]:
        """Begin to prepare the meanings of ``menu``, unless they are prepared already."""
        day = next((each for each in self._latest if each.registry is registry and each.on == on), None)
        if day is None:
            day = _DayMeanings(registry, on)
            self._latest = [day, *self._latest][:_KEPT]
        if menu.name not in day.menus:
            day.menus[menu.name] = _begin(partial(self._make, registry, menu, on))
        return day.menus[menu.name]

    def _make(self, registry: Registry, menu: Menu, on: date) -> Meaning:
        compare = self._comparison()
        targets, emergencies = candidates.candidates(registry, menu, on), prepared_emergencies(registry)
        by_meaning = None
        if compare is not None:
            by_meaning = MeaningMatcher(known(registry, menu, on), registry.emergencies.values(), compare)
            compare_all((targets.inventory, *(emergency.cry.search.inventory for emergency in emergencies)))
        return Meaning(targets, by_meaning, emergencies, answer.words(registry.answers))


def _begin(make: Callable[[], Meaning]) -> asyncio.Future[Meaning]:
    """Make a meaning in a daemon thread, because a stopping engine must not wait the seconds that this takes."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Meaning] = loop.create_future()

    def run() -> None:
        try:
            set_outcome = partial(future.set_result, make())
            keep_for_good()
        except Exception as error:
            set_outcome = partial(future.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the loop is closed: the engine has ended
            loop.call_soon_threadsafe(_finish, future, set_outcome)

    threading.Thread(target=run, name="meanings", daemon=True).start()
    return future


def _finish(future: asyncio.Future[Meaning], set_outcome: Callable[[], None]) -> None:
    if not future.done():
        set_outcome()


def _evidence(speech: RecognizedSpeech) -> Evidence:
    return Evidence(speech.phrase, speech.evidence, speech.score)
