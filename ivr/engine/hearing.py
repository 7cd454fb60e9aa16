"""What callers may say where, and the server that hears them, where this machine has a recogniser."""

import logging
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import zip_longest

from agi_scripts.hotline import Hotline
from ivr.registry.model import Registry
from ivr.speech import find
from ivr.speech.recognizer import Vocabulary
from ivr.texts import _

YES_NO = "yes-no"
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
        expected = _by_turns([*choices, *lines, *services])
    else:
        return None
    emergencies = _by_turns([emergency.phrases for emergency in registry.emergencies.values()])
    alarms = frozenset(emergencies)
    return Vocabulary(name, (*(phrase for phrase in expected if phrase not in alarms), *emergencies))


def _by_turns(matters: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Take the first phrase of each matter, then the second of each, …, and none twice."""
    return tuple(dict.fromkeys(phrase for turn in zip_longest(*matters) for phrase in turn if phrase))


async def serve(hotline: Hotline, port: int, resources: AsyncExitStack) -> None:
    """Begin to hear callers, or say once why only keys work."""
    speakers = _speakers()
    if speakers == 0:
        log.info(_("no speech, callers press keys: %s is 0"), SPEAKERS)
        return
    choice = find.choose()
    if choice.found is None:
        log.warning(_("no speech, callers press keys: %s"), "; ".join(choice.reasons))
        return
    # Only now: without a recogniser their packages may be missing.
    from ivr.speech.pool import Pool  # noqa: PLC0415
    from ivr.speech.server import SpeechServer  # noqa: PLC0415

    server = SpeechServer(Pool.of(choice.found, speakers), lambda name: vocabulary(hotline.registry, name), port)
    await resources.enter_async_context(server)
    hotline.can_hear = lambda: server.free > 0
    log.info(_("speech: %s"), choice.found.name)


def _speakers() -> int | None:
    given = os.environ.get(SPEAKERS, "")
    if given and not (given.isascii() and given.isdecimal()):
        log.error(_("%s is %r, and must be a number; two callers for each core may speak at once"), SPEAKERS, given)
        return None
    return int(given) if given else None
