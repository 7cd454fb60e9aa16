"""Numbers from a phone's keypad."""

from collections.abc import Sequence

from ivr.asterisk.agi.call import Call

ANY = "0123456789#"
BETWEEN = 3.0
"""Seconds between two digits."""


async def digits(call: Call, prompts: Sequence[str], seconds: float, longest: int) -> str:
    """Play prompts, then take digits until ``#``, a pause, or ``longest`` of them.

    Args:
        call: the call on whose phone the digits are pressed.
        prompts: prompt ids; a digit interrupts them.
        seconds: limit for the first digit.
        longest: digits after which the number is complete.
    """
    number = ""
    key = await call.ask(prompts, ANY, seconds)
    while key.isdigit():
        number += key
        if len(number) == longest:
            break
        key = await call.ask([], ANY, BETWEEN)
    return number
