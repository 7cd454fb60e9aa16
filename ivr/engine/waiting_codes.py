"""Presses again a feature code that an agent pressed while a prompt played (`agi_scripts.codes_meanwhile`)."""

import asyncio
import logging

from ivr.asterisk.ami import call_actions
from ivr.asterisk.ami.manager import Ami, AmiError

log = logging.getLogger(__name__)

_EVERY = 0.1  # seconds between two looks
_LONGEST = 10.0  # seconds: later, the agent has pressed other keys
_BACK_IN_THE_CALL = 0.3  # seconds from the end of a consult's channel


class WaitingCodes:
    """Keeps the codes until they can be pressed."""

    def __init__(self, ami: Ami) -> None:
        """``ami`` may connect later."""
        self._ami = ami
        self._tasks: set[asyncio.Task[None]] = set()

    def press(self, agent: str, keys: str, playing: str) -> None:
        """Press keys at an agent's channel once the script on the channel ``playing`` is over. Does not wait."""
        task = asyncio.create_task(self._press(agent, keys, playing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _press(self, agent: str, keys: str, playing: str) -> None:
        try:
            async with asyncio.timeout(_LONGEST):
                while await self._plays(playing, in_script_only=playing == agent):  # noqa: ASYNC110  no event of AMI
                    await asyncio.sleep(_EVERY)
            if playing != agent:
                await asyncio.sleep(_BACK_IN_THE_CALL)
            await call_actions.press(self._ami, agent, keys)
        except (AmiError, TimeoutError) as error:
            log.warning("keys are not pressed again at %s: %s", agent, error)  # the agent has hung up

    async def _plays(self, channel: str, *, in_script_only: bool) -> bool:
        channels = await call_actions.channels(self._ami)
        return any(up.channel == channel and (not in_script_only or up.application == "AGI") for up in channels)
