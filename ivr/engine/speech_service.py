"""What callers may say where, and the server that hears them, where this machine has a recogniser."""

import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import zip_longest

from agi_scripts import rating
from agi_scripts.hotline import YES_NO, Hotline
from ivr.intents.rating import PHRASES
from ivr.registry.model import Registry
from ivr.speech.means import means
from ivr.speech.recognizer import Vocabulary
from ivr.texts import _

log = logging.getLogger(__name__)


def vocabulary(registry: Registry, name: str) -> Vocabulary | None:
    """Return the phrases that may be said at a menu, to a yes-or-no question, or as a rating; None where nobody asks.

    What is likeliest comes first: of each matter its first phrase, then the second. Emergencies may be said anywhere
    and come last: a recogniser that was told of them beforehand hears them where none was said.
    """
    if name == YES_NO:
        expected = _by_turns([registry.answers.yes, registry.answers.no])
    elif name == rating.VOCABULARY:
        return Vocabulary(name, PHRASES)
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
    return Vocabulary(name, (*(phrase for phrase in expected if phrase not in alarms), *emergencies), alarms)


def vocabularies(registry: Registry) -> tuple[Vocabulary, ...]:
    """Return all that callers may be listened for, one for each point of a call."""
    names = (*registry.menus, YES_NO, rating.VOCABULARY)
    return tuple(one for name in names if (one := vocabulary(registry, name)))


def _by_turns(matters: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Take the first phrase of each matter, then the second of each, …, and none twice."""
    return tuple(dict.fromkeys(phrase for turn in zip_longest(*matters) for phrase in turn if phrase))


async def serve(hotline: Hotline, port: int, resources: AsyncExitStack) -> None:
    """Begin to hear callers, where there is something to hear them with."""
    these = means()
    log.info("%s", these.summary)
    if these.found is None:
        return
    # Only now: without a recogniser the packages may be missing, and what words mean takes a second to load.
    from agi_scripts.meanings import Meanings  # noqa: PLC0415
    from ivr.speech.pool import Pool  # noqa: PLC0415
    from ivr.speech.server import SpeechServer  # noqa: PLC0415

    pool = Pool.of(these.found, these.callers)
    server = SpeechServer(pool, lambda name: vocabulary(hotline.registry, name), port)
    try:
        await resources.enter_async_context(server)
    except OSError as error:
        log.error(_("nobody is heard, callers press keys: %s"), error)
        return
    hotline.meanings = Meanings()
    hotline.can_hear = lambda: server.free > 0
