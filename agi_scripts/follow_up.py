"""The hotline calls a citizen and asks whether the matter is solved, and how satisfied the citizen is (回访)."""

from agi_scripts.services import ScriptServices
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.commands import HungUp

SOLVED, NOT_SOLVED = "1", "2"
_GRADES = "12345"  # the five grades of 好差评
_TIMES = 2
_SECONDS = 8.0


async def follow_up(call: Call, services: ScriptServices) -> None:
    """Ask twice if need be. A citizen who presses no key is called again, like a citizen who does not answer."""
    order = call.args[0]
    solved = ""
    for _time in range(_TIMES):
        solved = await call.ask(["follow-up-ask"], SOLVED + NOT_SOLVED, _SECONDS)
        if solved:
            break
    if not solved:
        await call.play("goodbye")
        return
    try:
        grade = await call.ask(["follow-up-rate"], _GRADES, _SECONDS)
    except HungUp:  # the answer counts without a grade
        await services.followed_up(order, solved == SOLVED, None)
        raise
    await services.followed_up(order, solved == SOLVED, int(grade) if grade else None)
    await call.play("rate-thanks", "goodbye")
