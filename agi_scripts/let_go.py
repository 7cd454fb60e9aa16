"""``*1`` with all three: the agent lets go whom the agent brought in, and keeps the citizen."""

from agi_scripts.services import ScriptServices
from ivr.asterisk.agi import monitoring
from ivr.asterisk.agi.call import Call


async def let_go(call: Call, _services: ScriptServices) -> None:
    """Let the third one go, who keeps the citizen company until the agent has heard so."""
    if third := await monitoring.brought_in(call):
        await call.play("consult-let-go")
        await monitoring.let_go(call, third)
    else:
        await call.play("beeperr")
