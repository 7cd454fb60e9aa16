"""Feature codes that an agent presses while a script plays a prompt to the agent.

Asterisk looks for feature codes only while no prompt plays on the agent's channel, and in a consult it knows few of
them. So ``*`` ends the prompt, the script takes the rest of the code, and the engine presses the code again when the
agent is back in the call. In a consult Asterisk holds ``*`` back until the second key. If a code begins in the tone at
the end of a consult, the script gets it after that tone; it waits for the code if the engine has seen the ``*``. While
the consulted party rings, no script can take keys: the engine presses again the keys that it has seen if the party does
not answer. If the agent is still dialling a number then, the script waits for its end.
"""

import re
import time

from agi_scripts.keypad import ANY, digits
from agi_scripts.services import ScriptServices
from ivr.asterisk.agi.call import Call

_SECOND_SIGN = 1.5  # seconds, as `featuredigittimeout` of features.conf
_FIRST_DIGIT = 2.0  # seconds; short, because an agent who presses a code ahead knows the number
_TAKES_NUMBER = "27"
_LONGEST = 12  # digits
_BEGUN = re.compile(r"\*[0-9]*$")
_DIALLING = re.compile(rf"\*[{_TAKES_NUMBER}][0-9]*$")
_CODE = re.compile(r"\*(?:2[0-9]+|7[0-9]*|[689])")  # without *1, *3, *4, *5, which Asterisk takes in a consult


async def tell(call: Call, services: ScriptServices, *prompts: str, agent: str = "") -> None:
    """Play prompts, in order, until the agent presses a feature code.

    Args:
        call: the channel on which the prompts play.
        services: press the code again.
        prompts: prompt ids.
        agent: the agent's channel, if it is another channel.
    """
    for prompt in prompts:
        if await call.stream(prompt, "*"):
            await take_code(call, services, agent)
            return
    if agent and _BEGUN.search(services.keys_pressed(agent, _SECOND_SIGN)) and await call.ask([], "*", _SECOND_SIGN):
        await take_code(call, services, agent)


async def press_code_of_ring(call: Call, services: ScriptServices, agent: str, begun: float) -> None:
    """Press the last feature code again that the agent began while a party rang.

    Args:
        call: the channel that rang the party.
        services: know the keys.
        agent: the agent's channel.
        begun: the time of the monotonic clock since which the party rang.
    """

    def keys(seconds: float) -> str:
        return services.keys_pressed(agent, seconds)

    while keys(_FIRST_DIGIT) and _DIALLING.search(keys(time.monotonic() - begun)):
        await call.ask([], f"*{ANY}", _FIRST_DIGIT)  # only a wait: the channel gets some keys of the ring once more
    if codes := _CODE.findall(keys(time.monotonic() - begun)):
        services.press_again(agent, codes[-1], call.channel)


async def take_code(call: Call, services: ScriptServices, agent: str = "") -> None:
    """Take the rest of a feature code after its ``*``, and have the code pressed again when the script is over."""
    sign = await call.ask([], ANY, _SECOND_SIGN)
    if not sign.isdigit():
        return
    number = await digits(call, [], _FIRST_DIGIT, _LONGEST) if sign in _TAKES_NUMBER else ""
    services.press_again(agent or call.channel, f"*{sign}{number}", call.channel)
