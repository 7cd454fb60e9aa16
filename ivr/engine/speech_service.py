"""The vocabularies of all menus, and the speech server if this machine has a recogniser."""

import logging
import os
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from agi_scripts import rating
from agi_scripts.meanings import Meanings
from agi_scripts.services import YES_NO
from ivr.engine.menu_meanings import MenuMeanings
from ivr.intents.known_texts import known
from ivr.intents.rating import PHRASES
from ivr.registry.model import Registry
from ivr.routing.calendar import CITY_TIME
from ivr.site.registry_holder import RegistryHolder
from ivr.speech.backlog import PATIENCE
from ivr.speech.recognizer import Timelines, Vocabulary
from ivr.speech.recognizer_availability import recognizer_availability
from ivr.speech.session import SILENT_AFTER
from ivr.texts import _

if TYPE_CHECKING:
    from ivr.intents.meaning_matcher import Compare
    from ivr.speech.server import SpeechServer

_PROMPT = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")

log = logging.getLogger(__name__)


def vocabulary(registry: Registry, name: str, on: date | None = None) -> Vocabulary | None:
    """Return the phrases that may be said at a menu, to a yes-or-no question, or as a rating.

    At a menu these are the registry's phrases and the names of lines and units. Emergencies may be said anywhere.

    Args:
        registry: the registry in force.
        name: a menu's name, `YES_NO`, or `rating.VOCABULARY`.
        on: the day; today in the city unless given.

    Returns:
        The phrases: the first phrase of each answer, then the second of each; None if no call has such a point.
    """
    if name == YES_NO:
        expected = _phrases_by_turns([registry.answers.yes, registry.answers.no])
    elif name == rating.VOCABULARY:
        return Vocabulary(name, PHRASES)
    elif name in registry.menus:
        day = on or datetime.now(CITY_TIME).date()
        expected = tuple(known_text.text for known_text in known(registry, registry.menus[name], day))
    else:
        return None
    emergencies = _phrases_by_turns([emergency.phrases for emergency in registry.emergencies.values()])
    alarms = frozenset(emergencies)
    cries = alarms.union(*(emergency.situations for emergency in registry.emergencies.values()))
    return Vocabulary(name, (*(phrase for phrase in expected if phrase not in alarms), *emergencies), cries)


def vocabularies(registry: Registry) -> tuple[Vocabulary, ...]:
    """Return the vocabularies by name, one for each point of a call at which callers may speak."""
    names = (*registry.menus, YES_NO, rating.VOCABULARY)
    return tuple(phrases for name in names if (phrases := vocabulary(registry, name)))


def _phrases_by_turns(matters: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Take the first phrase of each matter, then the second of each, …, and none twice."""
    return tuple(dict.fromkeys(phrase for turn in zip_longest(*matters) for phrase in turn if phrase))


def comparison(weights: Path | None = None) -> "Compare | None":
    """Load the sentence encoder (some seconds); None, with a log line, if this machine has none.

    Args:
        weights: the folder that keeps the weights learnt from the registry's texts; None keeps nothing.
    """
    from ivr.meaning.encoder import EncoderMissing, load  # noqa: PLC0415  of the extra `speech`, as is the next import
    from ivr.meaning.kept_weights import owned_texts  # noqa: PLC0415

    try:
        return partial(owned_texts, weights, load())
    except EncoderMissing as missing:
        log.warning("%s", _("callers are understood by sound alone: {reason}").format(reason=missing))
        return None


def recordings(folder: Path, prompts: Sequence[str]) -> Timelines:
    """Return the sounds of prompts in each language, without prompts that have no recording.

    A prompt without a file in a language's folder, such as an article's answer, is in ``sounds`` beside ``folder``.

    Args:
        folder: the recordings, in a folder for each language.
        prompts: the names of prompts, which come from a peer of the speech server.
    """
    if not all(map(_PROMPT.fullmatch, prompts)):
        return ()
    languages = [language for language in folder.resolve().iterdir() if language.is_dir()]
    sounds = folder.parent / "sounds"
    timelines = (tuple(_recording(language, sounds, prompt) for prompt in prompts) for language in languages)
    return tuple(files for files in timelines if files and all(map(os.path.isfile, files)))


def _recording(language: Path, sounds: Path, prompt: str) -> str:
    own_recording = language / f"{prompt}.wav"
    return str(own_recording if own_recording.is_file() else sounds / f"{prompt}.wav")


class SpeechService:
    """Recognises callers' speech from `start` on, if this machine has a recogniser."""

    def __init__(
        self,
        in_force: RegistryHolder,
        port: int,
        callers: int | None = None,
        prompts: Path | None = None,
        patience: float = PATIENCE,
        silent_after: float = SILENT_AFTER,
        weights: Path | None = None,
    ) -> None:
        """Recognise nothing before `start`.

        Args:
            in_force: the registry in force, which has the phrases.
            port: the port that Asterisk connects to; 0 for any free port.
            callers: how many callers may speak at once; by default the number of the environment.
            prompts: the folder of the recordings in force, with a folder for each language, because a caller's phone
                may send a prompt back as an echo. None if no prompt plays.
            patience: seconds that words may wait for a recogniser.
            silent_after: seconds without sound that count as silence.
            weights: the folder that keeps the weights learnt from the registry's texts; None keeps nothing.
        """
        self._in_force, self._port, self._callers, self._prompts = in_force, port, callers, prompts
        self._patience, self._silent_after, self._weights = patience, silent_after, weights
        self._server: SpeechServer | None = None
        self._menus: MenuMeanings | None = None

    @property
    def meanings(self) -> Meanings | None:
        """The meanings of callers' words; None while speech does not work."""
        return self._menus.meanings if self._menus else None

    @property
    def port(self) -> int:
        """The port of the speech server once it is started."""
        return self._server.port if self._server else self._port

    @property
    def behind(self) -> float:
        """Seconds of sound that wait for a recogniser."""
        return self._server.behind if self._server else 0.0

    def can_hear(self) -> bool:
        """Say whether a recogniser is free for one more caller."""
        return self._server is not None and self._server.free > 0

    def hears(self) -> bool | None:
        """Say whether a recogniser runs and reads in time; None if this machine has none."""
        return self._server.runs if self._server else None

    async def reading_time(self) -> dict[str, object] | None:
        """Return the recogniser's name and the seconds that a reading takes here; None before the first measurement."""
        measured = self._server.reading_time if self._server else None
        return {"name": measured[0], "seconds": measured[1]} if measured else None

    def _understands(self) -> bool:
        return self._menus is not None and self._menus.are_ready

    async def start(self, resources: AsyncExitStack) -> None:
        """Start to recognise callers' speech until ``resources`` closes."""
        availability = recognizer_availability()
        log.info("%s", availability.summary)
        if availability.found is None:
            return
        from ivr.speech.pool import Pool  # noqa: PLC0415  of the extra `speech`, as is the next
        from ivr.speech.server import SpeechServer  # noqa: PLC0415

        pool = Pool.of(availability.found, self._callers or availability.callers, self._patience)
        server = SpeechServer(
            pool,
            lambda name: vocabulary(self._in_force.current, name),
            partial(recordings, self._prompts) if self._prompts else lambda _prompts: (),
            is_ready=self._understands,
            silent_after=self._silent_after,
            port=self._port,
        )
        try:
            await resources.enter_async_context(server)
        except OSError as error:
            log.error(_("speech does not work, callers press keys: %s"), error)
            return
        self._menus = MenuMeanings(self._in_force, partial(comparison, self._weights), lambda: datetime.now(CITY_TIME))
        await self._menus.start(resources)
        self._server = server
