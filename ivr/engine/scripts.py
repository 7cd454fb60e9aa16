"""The call scripts, by their names in the dialplan."""

from collections.abc import Awaitable, Callable, Mapping

from agi_scripts.callback import callback
from agi_scripts.citizen import citizen
from agi_scripts.consult import consult, second_line, transfer
from agi_scripts.drop_consulted_party import drop_consulted_party
from agi_scripts.follow_up import follow_up
from agi_scripts.guide import guide, guiding
from agi_scripts.hold import hold
from agi_scripts.phone_hold import phone_hold
from agi_scripts.recording import pause
from agi_scripts.seat import seat
from agi_scripts.services import ScriptServices
from agi_scripts.supervise import supervise
from agi_scripts.work_order import work_order
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import HungUp
from ivr.asterisk.agi.script import Script
from ivr.site.json_log import call_id

_SCRIPTS = {
    "callback": callback,
    "citizen": citizen,
    "consult": consult,
    "drop-consulted-party": drop_consulted_party,
    "follow-up": follow_up,
    "guide": guide,
    "guiding": guiding,
    "hold": hold,
    "pause": pause,
    "phone-hold": phone_hold,
    "seat": seat,
    "second-line": second_line,
    "supervise": supervise,
    "transfer": transfer,
    "work-order": work_order,
}


def scripts(services: ScriptServices, failed: Callable[[str], None] = lambda _name: None) -> Mapping[str, Script]:
    """Return the call scripts, bound to the services that they use; ``failed`` gets the name of a script that fails."""
    return {name: _to_its_end(name, script, services, failed) for name, script in _SCRIPTS.items()}


def _to_its_end(
    name: str,
    script: Callable[[Call, ScriptServices], Awaitable[None]],
    services: ScriptServices,
    failed: Callable[[str], None],
) -> Script:
    """Return the script with a mark on the call at its end, because the next layer takes a call without that mark."""

    async def run(call: Call) -> None:
        call_id.set(call.id)  # of this task, so that a line that is logged after the script has it, too
        try:
            await script(call, services)
        except HungUp:
            raise
        except Exception:
            failed(name)
            raise
        if call.is_up:
            await call.mark_done()

    return run
