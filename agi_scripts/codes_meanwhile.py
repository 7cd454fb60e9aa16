"""Feature codes that an agent presses while a script plays a prompt to the agent.

Asterisk looks for feature codes only while nothing is played on the agent's channel, and in a consult it knows few. So
``*`` ends the prompt, the script takes the rest of the code, and the engine presses the code once more when the agent
is back in the call. In a consult Asterisk holds ``*`` back for the second sign. A code that begins in the tone at the
end of a consult comes after that tone: the script waits for it if the engine has seen the ``*``. While the consulted
party rings, no script can take keys: what the engine has seen then is pressed again if nobody answers.
"""

import re

from agi_scripts.keypad import ANY, digits
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi.call import Call

_SECOND_SIGN = 1.5  # seconds, as `featuredigittimeout` of features.conf
_FIRST_DIGIT = 2.0  # seconds: an agent who presses a code ahead knows the number
_TAKES_NUMBER = "27"
_LONGEST = 12  # digits
_BEGUN = re.compile(r"\*[0-9]*$")
_CODE = re.compile(r"\*(?:2[0-9]+|7[0-9]*|[689])")  # those of [1345] are Asterisk's own in a consult


async def tell(call: Call, services: ScriptServices, *prompts: str, agent: str = "") -> None:
    """Play prompts, in order, until the agent presses a feature code.

    Args:
        call: the channel that plays them.
        services: press the code again.
        prompts: prompt ids.
        agent: the agent's channel, if it is another.
    """
    for prompt in prompts:
        if await call.stream(prompt, "*"):
            await take_code(call, services, agent)
            return
    if agent and _BEGUN.search(services.keys_pressed(agent, _SECOND_SIGN)) and await call.ask([], "*", _SECOND_SIGN):
        await take_code(call, services, agent)


def press_code_of_ring(call: Call, services: ScriptServices, agent: str, seconds: float) -> None:
    """Have the last feature code pressed again that the agent pressed within ``seconds``, while a party rang."""
    if codes := _CODE.findall(services.keys_pressed(agent, seconds)):
        services.press_again(agent, codes[-1], call.channel)


async def take_code(call: Call, services: ScriptServices, agent: str = "") -> None:
    """Take the rest of a feature code after its ``*``, and have it pressed again once the script is over."""
    sign = await call.ask([], ANY, _SECOND_SIGN)
    if not sign.isdigit():
        return
    number = await digits(call, [], _FIRST_DIGIT, _LONGEST) if sign in _TAKES_NUMBER else ""
    services.press_again(agent or call.channel, f"*{sign}{number}", call.channel)
