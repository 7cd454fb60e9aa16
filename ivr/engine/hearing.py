"""What callers may say where, and the server that hears them, where this machine has a recogniser."""

import logging
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import zip_longest

from agi_scripts.hotline import Hotline
from agi_scripts.spoken import YES_NO
from ivr.registry.model import Registry
from ivr.speech import find
from ivr.speech.recognizer import Vocabulary
from ivr.texts import _

SPEAKERS = "HOTLINE_SPEAKERS"  # environment: how many callers may speak at once; two for each core unless given

log = logging.getLogger(__name__)


def vocabulary(registry: Registry, name: str) -> Vocabulary | None:
    """Return the phrases that may be said at a menu, or to a yes-or-no question; None where there is no such menu.

    What is likeliest comes first: of each matter its first phrase, then the second. Emergencies may be said anywhere
    and come last: a recogniser that was told of them beforehand hears them where none was said.
    """
    if name == YES_NO:
        expected = _by_turns([registry.answers.yes, registry.answers.no])
    elif name in registry.menus:
        choices = [choice.phrases for choice in registry.menus[name].choices]
        lines = [line.phrases for line in registry.lines]
        services = [service.phrases for service in registry.linkage.values()]
        unclear = [one.phrases for one in registry.unclear]
        expected = _by_turns([*choices, *lines, *services, *unclear])
    else:
        return None
    emergencies = _by_turns([emergency.phrases for emergency in registry.emergencies.values()])
    alarms = frozenset(emergencies)
    return Vocabulary(name, (*(phrase for phrase in expected if phrase not in alarms), *emergencies))


def _by_turns(matters: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Take the first phrase of each matter, then the second of each, …, and none twice."""
    return tuple(dict.fromkeys(phrase for turn in zip_longest(*matters) for phrase in turn if phrase))


@dataclass(frozen=True, slots=True)
class Means:
    """What this machine can hear callers with."""

    found: find.Found | None
    callers: int | None  # who may speak at once; None is two for each core
    summary: str  # for the admin


def means() -> Means:
    """Look for a recogniser, unless the environment says that nobody may speak."""
    given = os.environ.get(SPEAKERS, "")
    if given == "0":
        return Means(None, None, _("no speech, callers press keys: {name} is 0").format(name=SPEAKERS))
    choice = find.choose()
    if choice.found is None:
        return Means(None, None, _("no speech, callers press keys: {why}").format(why="; ".join(choice.reasons)))
    summary = _("callers are heard by {name}").format(name=choice.found.name)
    if given and not (given.isascii() and given.isdecimal()):
        wrong = _("{name} is no number, and not used: {given}").format(name=SPEAKERS, given=ascii(given))
        return Means(choice.found, None, f"{summary}; {wrong}")
    return Means(choice.found, int(given) if given else None, summary)


async def serve(hotline: Hotline, port: int, resources: AsyncExitStack) -> None:
    """Begin to hear callers, where there is something to hear them with."""
    these = means()
    log.info("%s", these.summary)
    if these.found is None:
        return
    # Only now: without a recogniser their packages may be missing.
    from ivr.speech.pool import Pool  # noqa: PLC0415
    from ivr.speech.server import SpeechServer  # noqa: PLC0415

    pool = Pool.of(these.found, these.callers)
    server = SpeechServer(pool, lambda name: vocabulary(hotline.registry, name), port)
    await resources.enter_async_context(server)
    hotline.can_hear = lambda: server.free > 0
