"""The engine's side of `agi_scripts.services.ScriptServices`."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from agi_scripts.pins import WrongPinCounter
from agi_scripts.services import DueCallback, NoCallback, SpokenAnswer
from ivr.engine.speech_service import SpeechService
from ivr.registry.model import Registry
from ivr.site.registry_holder import RegistryHolder

if TYPE_CHECKING:
    from agi_scripts.meanings import Meanings


@dataclass(frozen=True, slots=True)
class EngineServices:
    """The services of the engine for call scripts, each with the part of the engine that carries it out."""

    in_force: RegistryHolder
    speech: SpeechService
    now: Callable[[], datetime]
    has_prompt: Callable[[str], bool]
    seat_pins: Callable[[], Mapping[str, str]]
    may_record: Callable[[], bool]
    claim_callback: Callable[[str], AbstractAsyncContextManager[DueCallback | NoCallback]]
    pause_recording: Callable[[str], Awaitable[bool | None]]
    press_again: Callable[[str, str, str], None]
    keys_pressed: Callable[[str, float], str]
    watch_consult: Callable[..., AbstractAsyncContextManager[None]]
    order_prompts: Callable[[str, str], Awaitable[tuple[str, ...] | None]]
    find_answer: Callable[[str], Awaitable[SpokenAnswer | None]]
    followed_up: Callable[[str, bool, int | None], Awaitable[None]]
    wrong_pins: WrongPinCounter = field(default_factory=WrongPinCounter)

    @property
    def registry(self) -> Registry:
        """The registry in force now."""
        return self.in_force.current

    @property
    def meanings(self) -> "Meanings | None":
        """The meanings of callers' words; None if there is no recogniser."""
        return self.speech.meanings

    def can_hear(self) -> bool:
        """Say whether a recogniser is free for one more caller."""
        return self.speech.can_hear()

    def message_seconds(self, _work_order: str) -> float:
        """Return 0, because no script before the engine's can have left a message."""
        return 0.0
