"""The type of a call script, and running a script to its end over FastAGI or a process."""

import logging
from collections.abc import Awaitable, Callable

from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import AgiError, HungUp
from ivr.asterisk.agi.reply import GarbledError
from ivr.texts import _

Script = Callable[[Call], Awaitable[None]]

log = logging.getLogger(__name__)


async def run_script(script: Script, call: Call) -> None:
    """Run a call script to its end; an error becomes one line in the log, with the call's id."""
    try:
        await script(call)
    except HungUp:
        log.debug("call %s: the caller hung up", call.id)
    except (AgiError, GarbledError) as error:
        log.error("%s", error)
    except Exception as error:  # the dialplan goes on with the caller
        log.error(_("call %s: the script failed: %r"), call.id, error)
        log.debug("call %s", call.id, exc_info=True)
