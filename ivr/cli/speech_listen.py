"""Sends a recording through the parts of a call: speech server, recogniser, and the menu's own script."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from agi_scripts.menu import ask_menu
from ivr.asterisk.agi.call import Call
from ivr.call_events.values import Reason
from ivr.call_events.vocabulary import SpeechHeard
from ivr.cli.recorded_call import HEADERS, RecordedCall
from ivr.engine.engine_services import EngineServices
from ivr.engine.speech_service import SpeechService
from ivr.routing.calendar import CITY_TIME
from ivr.routing.caller_choice import KeyChoice, SpokenChoice
from ivr.routing.plan import AskMenu, Plan
from ivr.site.candidate import RegistryCandidate
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

_LOADING = 120.0  # seconds
_PATIENCE = 30.0  # seconds that words may wait for the recogniser, and sound for this process


class NoRecognizerRuns(Exception):
    """No recogniser runs; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class ListenResult:
    """The result of a recording."""

    heard: tuple[SpeechHeard, ...]  # call event of each utterance
    choice: SpokenChoice | KeyChoice  # no key for silence


def outcome(candidate: RegistryCandidate, menu: str, sound: bytes, weights: Path | None) -> ListenResult:
    """Play ``sound``, as the telephone delivers it, to a menu; later utterances answer the questions asked.

    Args:
        candidate: the registry.
        menu: the menu's name.
        sound: samples of 16 bits at 8 kHz.
        weights: the folder that keeps the weights of the registry's texts; None keeps none.

    Raises:
        NoRecognizerRuns: the recogniser does not start.
    """
    return asyncio.run(_outcome(candidate, menu, sound, weights))


async def _outcome(candidate: RegistryCandidate, menu: str, sound: bytes, weights: Path | None) -> ListenResult:
    async with AsyncExitStack() as resources:
        in_force = RegistryHolder(candidate.registry, candidate.directory)
        speech = SpeechService(in_force, port=0, callers=1, patience=_PATIENCE, silent_after=_PATIENCE, weights=weights)
        await speech.start(resources)
        try:
            async with asyncio.timeout(_LOADING):
                while not speech.can_hear():  # noqa: ASYNC110 - the pool has no event for it
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise NoRecognizerRuns(_("the recogniser does not start")) from None
        services = EngineServices(
            in_force,
            speech,
            now=lambda: datetime.now(CITY_TIME),
            has_prompt=candidate.catalogue.prompts.__contains__,
            seat_pins=_none,
            may_record=lambda: False,
            claim_callback=_never,
            pause_recording=_never,
            press_again=_never_pressed,
            keys_pressed=_never_asked,
            watch_consult=_never_asked,
            order_prompts=_never_asked,
            find_answer=_no_answer,
            followed_up=_never_asked,
        )
        uri = f"ws://127.0.0.1:{speech.port}"
        connection = await resources.enter_async_context(connect(uri, subprotocols=[Subprotocol("speech_to_text")]))
        recorded = RecordedCall(connection, sound, lambda: speech.behind)
        step = AskMenu(menu, (), Reason.HOTLINE, None)
        line = candidate.registry.hotline
        plan = Plan(line.number, "", line, line, (line.number,), (step,), gap=False, at=services.now())
        answer = await ask_menu(Call(HEADERS, recorded), services, candidate.registry, plan, step)
        return ListenResult(tuple(recorded.heard), answer.choice)


def _none() -> Mapping[str, str]:
    return {}


async def _no_answer(_question: str) -> None:
    """Return None: the command shows the decision about the words, which an answer does not change."""


def _never_asked(*_about: object) -> NoReturn:
    raise AssertionError("a recording asks for no work order")


def _never_pressed(_agent: str, _keys: str, _playing: str) -> NoReturn:
    raise AssertionError("a recording has no agent")


def _never(_call: str) -> NoReturn:
    raise AssertionError("a menu asks for no such thing")
