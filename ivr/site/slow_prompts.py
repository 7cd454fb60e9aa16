"""The slow copies of the prompts that will come in force."""

import subprocess
import sys
from pathlib import Path

from ivr.asterisk.config.render import SLOW_LANGUAGE
from ivr.prompts import slow
from ivr.registry.model import ChoiceKind, Registry
from ivr.runtime.cache import cache_folder
from ivr.site.prompt_catalogue import LANGUAGE
from ivr.texts import _

_LIMIT = 120  # seconds; all prompts take about one
_STORE = "slow-prompts"  # its folder in the cache


def store() -> Path:
    """Return the folder in which `ivr setup` keeps the slow copies of the shipped prompts; it may not exist."""
    return cache_folder() / _STORE


def refresh(registry: Registry, prompts: Path) -> str:
    """Bring the slow copies up to date if a menu of the registry has a key for slow prompts.

    Args:
        registry: the registry that is to come in force.
        prompts: the folder that `ivr.site.prompts_in_force.prepare` filled; the slow copies go there, too.

    Returns:
        The reason of a failure, for an admin; "" after success. After a failure, callers hear prompts at normal pace.
    """
    if not any(choice.kind is ChoiceKind.SLOW for menu in registry.menus.values() for choice in menu.choices):
        return ""
    recordings, copies = prompts / LANGUAGE, prompts / SLOW_LANGUAGE
    if slow.take_from_store(recordings, copies, store()):
        return ""
    command = (sys.executable, "-m", "ivr.prompts.slow", str(recordings), str(copies))
    try:
        process = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = str(error)
    else:
        if not process.returncode:
            return ""
        reason = process.stderr.strip().splitlines()[-1] if process.stderr.strip() else str(process.returncode)
    message = _("no slow prompts in {folder}, callers hear all prompts at their own pace: {reason}")
    return message.format(folder=copies, reason=reason)
