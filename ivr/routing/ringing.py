"""The seconds until a human's phone rings for a caller who presses no key and says nothing. Pure."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import assert_never

from ivr.registry.model import Registry
from ivr.routing.plan import Agents, AskMenu, JoinService, Message, OfferCenter, OfferExpert, Say, Step, TellProgress

Lengths = Mapping[str, float]
"""The length of prompts in seconds, by prompt id."""

NO_LENGTHS: Lengths = MappingProxyType({})


def seconds_until_ringing(registry: Registry, steps: Iterable[Step], lengths: Lengths) -> float | None:
    """Return the seconds of prompts and silence before the first human's phone rings.

    Returns:
        None if no phone rings, if the length of a prompt is not known, or if the caller asked for slow prompts.
    """
    seconds = 0.0
    for step in steps:
        match step:
            case Say(prompts=prompts):
                waited = 0
            case AskMenu(menu=menu, opening=opening, slow=slow):
                if slow:
                    return None
                prompts, waited = (*opening, registry.menus[menu].prompt), registry.timers.menu
            case OfferExpert() | OfferCenter() | Agents() | JoinService():
                return seconds
            case Message() | TellProgress():  # the time of a question about a work order is not known
                return None
            case _:
                assert_never(step)
        if not lengths.keys() >= set(prompts):
            return None
        seconds += waited + sum(lengths[prompt] for prompt in prompts)
    return None
