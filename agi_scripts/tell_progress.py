"""The state of a work order, told to a caller who asks for it (查询办理进度); an agent follows."""

from agi_scripts.keypad import digits
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi.call import Call

_LENGTH = 12  # digits of a work order's number
_TIMES = 3
_FIRST_DIGIT = 8.0  # seconds: the number has to be found on a slip of paper


async def tell_progress(call: Call, services: ScriptServices) -> None:
    """Take a number, or the caller's own, and tell the state; after three unknown numbers an agent comes."""
    prompts = its_own = await services.order_prompts("", call.caller)
    if its_own is None:
        return  # the state cannot be looked up now; the agent who follows tells it
    for _time in range(_TIMES):
        number = await digits(call, ["order-ask"], _FIRST_DIGIT, _LENGTH)
        prompts = await services.order_prompts(number, call.caller) if number else its_own
        await call.play(*(prompts or ("order-none",)))
        if prompts or not number:
            break
    await call.play("order-agent")
