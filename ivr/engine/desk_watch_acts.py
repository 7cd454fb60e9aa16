"""A supervisor's acts at another seat's call (班长席): the desk's form of ``*61SEAT`` and its keys."""

from collections.abc import Mapping
from typing import Any

from ivr.asterisk.ami import call_actions
from ivr.asterisk.ami.channel_listing import ChannelNow
from ivr.asterisk.ami.manager import Ami
from ivr.asterisk.variables import Variable
from ivr.engine.act_refused import ActRefused
from ivr.engine.phone_of_seat import phone_of_seat
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

_RING = 20  # seconds
_CONTEXT = "watch"


class DeskWatchActs:
    """Each method does the act of its name for the supervisor at a seat."""

    def __init__(self, ami: Ami, in_force: RegistryHolder) -> None:
        """``ami`` may connect later."""
        self._ami, self._in_force = ami, in_force

    async def listen(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Ring the supervisor's phone, which then listens to the call of a seat; or go back to listening."""
        if supervisor_channel := await self._watching_channel(seat):
            await call_actions.press(self._ami, supervisor_channel.channel, "4")
            return {}
        if not self._in_force.current.seats[seat].supervisor:
            text = _("seat {seat} is not a supervisor seat; see supervisor: in numbers.yaml").format(seat=seat)
            raise ActRefused("forbidden", text)
        watched = args.get("seat")
        if not isinstance(watched, str) or watched not in self._in_force.current.seats or watched == seat:
            raise ActRefused("unknown", _("{seat} is not a seat of this hotline").format(seat=ascii(watched)), "seat")
        phone = await phone_of_seat(self._ami, seat)
        await call_actions.ring_then(
            self._ami, phone, "desk-watch", f'"*61{watched}" <{watched}>', _RING,
            {Variable.WATCH_SEAT: watched, Variable.AGENT: phone},
        )  # fmt: skip
        return {"seat": watched}

    async def whisper(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Speak to the agent alone."""
        return await self._press(seat, "5")

    async def join(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Speak with agent and citizen."""
        return await self._press(seat, "6")

    async def take_over(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Take the agent's place."""
        return await self._press(seat, "9")

    async def end(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """End the call."""
        return await self._press(seat, "0")

    async def stop(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Leave the call."""
        supervisor_channel = await self._watching_channel(seat)
        if supervisor_channel is None:
            raise ActRefused("not-watching", _("seat {seat} listens to no call").format(seat=seat))
        await call_actions.hang_up(self._ami, supervisor_channel.channel)
        return {}

    async def _press(self, seat: str, key: str) -> dict[str, Any]:
        supervisor_channel = await self._watching_channel(seat)
        if supervisor_channel is None:
            raise ActRefused("not-watching", _("seat {seat} listens to no call").format(seat=seat))
        await call_actions.press(self._ami, supervisor_channel.channel, key)
        return {}

    async def _watching_channel(self, seat: str) -> ChannelNow | None:
        phone = await phone_of_seat(self._ami, seat)
        channels = await call_actions.channels(self._ami)
        return next(
            (channel for channel in channels if channel.endpoint == phone and channel.context == _CONTEXT), None
        )
