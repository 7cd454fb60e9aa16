"""The desk's acts in a call.

Each act presses the keys of the agent's phone (docs/seats.md), so that prompts and record are the same as for the keys.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agi_scripts.callback import RESULTS
from ivr.asterisk.ami import call_actions
from ivr.asterisk.ami.channel_listing import ChannelNow
from ivr.asterisk.ami.manager import Ami
from ivr.asterisk.variables import Variable
from ivr.engine.act_refused import ActRefused
from ivr.engine.phone_of_seat import phone_of_seat
from ivr.routing.calendar import CITY_TIME
from ivr.routing.consult import Party, Refusal, consult
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

_RING = 20  # seconds
_HOLD = "hold"  # the script of *8
_LONGEST_KEYS = 32
_PROMPT = 12.0  # seconds: longer than each prompt that an agent hears in a call
_LOOK = 0.1  # seconds


class DeskCallActs:
    """Each method does the act of its name in the call of a seat."""

    def __init__(self, ami: Ami, in_force: RegistryHolder) -> None:
        """``ami`` may connect later."""
        self._ami, self._in_force = ami, in_force

    async def hang_up(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Hang up the agent's phone; the citizen's call goes on as after any talk."""
        agent_channel = await self._agent_channel(seat)
        await call_actions.hang_up(self._ami, agent_channel.channel)
        return {}

    async def hold(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Let the other party hear music (保持)."""
        await self._press(seat, "*8", talking=True)
        return {}

    async def resume(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Talk with the other party again."""
        agent_channel = await self._agent_channel(seat)
        await call_actions.press(
            self._ami, agent_channel.channel, "#"
        )  # after * the script waits for the rest of a code
        return {}

    async def consult(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Consult a registered party (咨询转接)."""
        number = args.get("number")
        if not isinstance(number, str) or not number.isascii() or not number.isdecimal():
            raise ActRefused("invalid", _("number is the digits of a registered number"), "number")
        match consult(self._in_force.current, number, seat, datetime.now(CITY_TIME).date()):
            case Refusal.UNKNOWN:
                text = _("{number} is not registered: no agent's call reaches it").format(number=number)
                raise ActRefused("unreachable", text, "number")
            case Refusal.SELF:
                raise ActRefused("unreachable", _("{number} is the agent's own seat").format(number=number), "number")
            case Party():
                await self._press(seat, f"*2{number}", talking=True)
        return {"number": number}

    async def emergency(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Consult an emergency service (110, 119, 120, 122)."""
        services = self._in_force.current.emergencies
        if args.get("number") not in services:
            text = _("number is one of: {numbers}").format(numbers=", ".join(services))
            raise ActRefused("invalid", text, "number")
        return await self.consult(seat, args)

    async def three_way(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Join citizen, agent and consulted party (三方通话)."""
        await self._press(seat, "*3")
        return {}

    async def back(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Give up the consult, and go back to the citizen."""
        await self._press(seat, "*1")
        return {}

    async def leave(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Connect citizen and consulted party, and leave the call."""
        await self._press(seat, "*4")
        return {}

    async def swap(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Talk to the other party."""
        await self._press(seat, "*5")
        return {}

    async def take_out(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Drop the consulted party; the citizen stays."""
        await self._press(seat, "*1")
        return {}

    async def guide(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Ask an expert to guide (专家指导)."""
        number = args.get("number") or ""
        if not isinstance(number, str) or not (number == "" or (number.isascii() and number.isdecimal())):
            raise ActRefused("invalid", _("number is the digits of a registered number"), "number")
        await self._press(seat, f"*7{number}#", talking=True)
        return {}

    async def pause_recording(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Pause the recording, or let it go on: `*6` does either."""
        await self._press(seat, "*6", talking=True)
        return {}

    async def resume_recording(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do the same as `pause_recording`; the desk shows the act that is possible."""
        return await self.pause_recording(seat, args)

    async def work_order(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Make a work order (派发工单) for the unit of the line that was consulted last."""
        await self._press(seat, "*9", talking=True)
        return {}

    async def callback_result(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Press the result of a callback, while the agent's phone asks for it."""
        keys = {result.value: key for key, result in RESULTS.items()}
        if args.get("result") not in keys:
            raise ActRefused("invalid", _("result is one of: {results}").format(results=", ".join(keys)), "result")
        agent_channel = await self._agent_channel(seat)
        if agent_channel.bridge:
            raise ActRefused("not-asked", _("the phone asks for the result once the talk is over"))
        await call_actions.press(self._ami, agent_channel.channel, keys[args["result"]])
        return {"result": args["result"]}

    async def keys(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Send keys to the other party, for a menu of that party."""
        keys = args.get("keys")
        if not isinstance(keys, str) or not 0 < len(keys) <= _LONGEST_KEYS or not set("0123456789*#").issuperset(keys):
            raise ActRefused("invalid", _("keys are 0 to 9, * and #"), "keys")
        agent_channel = await self._agent_channel(seat)
        other_parties = [
            channel
            for channel in await call_actions.channels(self._ami)
            if channel.bridge and channel.bridge == agent_channel.bridge and channel.channel != agent_channel.channel
        ]
        if not other_parties:
            raise ActRefused("no-call", _("seat {seat} is in no talk").format(seat=seat))
        for channel in other_parties:
            await call_actions.send_keys(self._ami, channel.channel, keys)
        return {}

    async def dial(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Ring the own phone, then call a number of the hotline as a citizen would (试拨)."""
        number = args.get("number")
        registry = self._in_force.current
        line = registry.entry(number, datetime.now(CITY_TIME).date()) if isinstance(number, str) else None
        if line is None:
            text = _("{number} is not a number of this hotline").format(number=ascii(number))
            raise ActRefused("unreachable", text, "number")
        phone = await phone_of_seat(self._ami, seat)
        shown = f'"{line.number} {line.name}"'[:40].rstrip('"') + f'" <{line.number}>'
        await call_actions.ring_then(
            self._ami, phone, "desk-dial", shown, _RING, {Variable.DIALLED: line.number, Variable.AGENT: seat}
        )
        return {"number": line.number}

    async def _press(self, seat: str, keys: str, *, talking: bool = False) -> None:
        agent_channel = await self._agent_channel(seat)
        if talking and not agent_channel.bridge:
            raise ActRefused("no-call", _("seat {seat} is in no talk").format(seat=seat))
        await self._until_keys_are_heard(agent_channel)
        await call_actions.press(self._ami, agent_channel.channel, keys)

    async def _until_keys_are_heard(self, agent_channel: ChannelNow) -> None:
        """End a hold, and wait for the end of a prompt, because Asterisk takes no key while a script runs on the call.

        Raises:
            ActRefused: the script does not end.
        """
        deadline, resumed = asyncio.get_running_loop().time() + _PROMPT, False
        while script := await call_actions.script_of_keys(self._ami, agent_channel.channel):
            if script == _HOLD and not resumed:
                await call_actions.press(self._ami, agent_channel.channel, "#")
                resumed = True
            if asyncio.get_running_loop().time() > deadline:
                raise ActRefused("busy", _("the phone still carries out the previous act; try again"))
            await asyncio.sleep(_LOOK)

    async def _agent_channel(self, seat: str) -> ChannelNow:
        """Return the channel by which the seat is in a call.

        Raises:
            ActRefused: the seat is in no call.
        """
        phone = await phone_of_seat(self._ami, seat)
        channels_up = [
            channel
            for channel in await call_actions.channels(self._ami)
            if channel.endpoint == phone and channel.state == "up"
        ]
        if not channels_up:
            raise ActRefused("no-call", _("seat {seat} is in no call").format(seat=seat))
        return max(
            channels_up, key=_is_bridged_and_newest
        )  # the channel from before the reload of a page ends a moment later


def _is_bridged_and_newest(channel: ChannelNow) -> tuple[bool, list[int]]:
    return bool(channel.bridge), [int(part) for part in channel.uniqueid.split(".") if part.isdecimal()]
