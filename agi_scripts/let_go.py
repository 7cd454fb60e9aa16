"""``*1`` with all three: the agent lets go whom the agent brought in, and keeps the citizen."""

from agi_scripts.hotline import Hotline
from ivr.asterisk import watching
from ivr.asterisk.call import Call


async def let_go(call: Call, _hotline: Hotline) -> None:
    """Let the third one go."""
    await call.play("consult-let-go" if await watching.let_go(call) else "beeperr")
