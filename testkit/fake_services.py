"""A fake of `agi_scripts.services.ScriptServices`, whose answers a test may change at any time."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from agi_scripts.meanings import Meanings
from agi_scripts.pins import WrongPinCounter
from agi_scripts.services import DueCallback, NoCallback, SpokenAnswer
from ivr.registry.model import Registry


@asynccontextmanager
async def _nobody(_missed: str) -> AsyncIterator[DueCallback | NoCallback]:
    yield NoCallback.NOBODY


async def _cannot(_channel: str) -> None:
    pass


async def _no_orders(_number: str, _caller: str) -> None:
    pass


async def _no_answer(_question: str) -> None:
    pass


async def _not_kept(_order: str, _solved: bool, _satisfaction: int | None) -> None:
    pass


@dataclass
class FakeServices:
    """No speech is recognised, each call is recorded, and no callback is due, until a test sets a field."""

    registry: Registry
    now: Callable[[], datetime]
    can_hear: Callable[[], bool] = lambda: False
    message_seconds: Callable[[str], float] = lambda _order: 0.0
    has_prompt: Callable[[str], bool] = lambda _prompt: False
    meanings: Meanings | None = None
    seat_pins: Callable[[], Mapping[str, str]] = dict
    may_record: Callable[[], bool] = lambda: True
    claim_callback: Callable[[str], AbstractAsyncContextManager[DueCallback | NoCallback]] = _nobody
    pause_recording: Callable[[str], Awaitable[bool | None]] = _cannot
    press_again: Callable[[str, str, str], None] = lambda _agent, _keys, _playing: None
    keys_pressed: Callable[[str, float], str] = lambda _channel, _seconds: ""
    watch_consult: Callable[..., AbstractAsyncContextManager[None]] = lambda *_channels: nullcontext()
    order_prompts: Callable[[str, str], Awaitable[tuple[str, ...] | None]] = _no_orders
    find_answer: Callable[[str], Awaitable[SpokenAnswer | None]] = _no_answer
    followed_up: Callable[[str, bool, int | None], Awaitable[None]] = _not_kept
    wrong_pins: WrongPinCounter = field(default_factory=WrongPinCounter)
