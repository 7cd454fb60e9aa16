"""``*1`` with all three: the agent drops the consulted party, and keeps the citizen."""

from agi_scripts.codes_meanwhile import tell
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import monitoring
from ivr.asterisk.agi.call import Call


async def drop_consulted_party(call: Call, services: ScriptServices) -> None:
    """Tell the agent, then hang up the consulted party; the citizen talks with that party until then."""
    if party := await monitoring.consulted_party(call):
        await tell(call, services, "consult-let-go")
        await monitoring.hang_up(call, party)
    else:
        await tell(call, services, "beeperr")
