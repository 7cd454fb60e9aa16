"""A call whose agent's page is gone: the citizen hears music until the page rejoins the call.

The page of an agent is also the phone. If the page is reloaded, the channel of its phone stays up in Asterisk without a
phone. The other parties of the call then hear music. A page that lost only its connection to the desk goes on
sending sound: agent and citizen talk on. When the page is back, Asterisk rings its phone, which answers by itself; the
new channel replaces the earlier channel. If the page is not back in time, the citizen goes to the head of the queue;
if two other parties are in the call, they go on talking. If the page is gone while its phone rings, the next agent's
phone rings.

A restart of the engine ends no such wait: the age of the music's channel in Asterisk tells since when a page is gone,
and the desk's process tells again and again which seats have a page.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ivr.asterisk.ami import call_actions, seat_actions
from ivr.asterisk.ami.channel_listing import ChannelNow
from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.asterisk.queue_names import queue_name
from ivr.asterisk.variables import Variable
from ivr.engine.act_refused import ActRefused
from ivr.registry.model import GroupKind
from ivr.runtime.page_phones import page_phone
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

log = logging.getLogger(__name__)

_NOTICED = 0.4  # seconds without a packet of sound after which a page counts as gone
_COMES_BACK = 30.0  # seconds in which a page has to be back
_RINGS_ON = 3.0  # seconds that a phone rings in a page that is gone; a reload of the page takes less
_JOINS = 10.0  # seconds in which the phone of a returned page has to be in the call
_HOLDS = 5.0  # seconds in which the call has to be on hold again
_LOOK = 0.1  # seconds between two looks
_MUSIC = "page-gone"


class PageReturn:
    """Handles the calls of pages that are gone."""

    def __init__(self, ami: Ami, in_force: RegistryHolder) -> None:
        """``ami`` may connect later."""
        self._ami, self._in_force = ami, in_force
        self._away: dict[str, asyncio.Task[None]] = {}

    async def page_gone(self, seat: str) -> dict[str, Any]:
        """Note that the last page of a seat is gone."""
        self._stop_waiting_for_page(seat)
        self._away[seat] = asyncio.create_task(self._until_lost(seat))
        return {}

    async def pages(self, seats: Sequence[str]) -> dict[str, Any]:
        """Note which seats have a page; this finds a page that disconnected while the engine was down."""
        try:
            channels = await call_actions.channels(self._ami)
        except AmiError:
            return {}  # the desk asks again
        for seat in self._in_force.current.seats:
            if seat not in seats and seat not in self._away and _channel_in_call(channels, seat):
                await self.page_gone(seat)
        return {}

    async def page_back(self, seat: str) -> dict[str, Any]:
        """Note that a seat has a page again; the page reports by `returns` whether its phone is still in the call."""
        log.info("a desk page of seat %s is connected", seat, extra={"plain": (seat,)})
        return {}

    async def returns(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Bring a page back into its call.

        Args:
            seat: the seat of the page.
            args: ``connected``: whether the page's phone is still in the call. If it is not, or if no sound comes from
                it, the page is rung, and answers by itself.

        A call on hold is put on hold again, and the citizen does not hear the agent before. A call that rings rings
        again, because it rang at the earlier page.

        Raises:
            ActRefused: the page's phone is in no call, or did not answer.
        """
        connected = args.get("connected") is True
        channels = await call_actions.channels(self._ami)
        earlier_channel = _channel_in_call(channels, seat)
        if connected and (earlier_channel is None or await self._sends_sound(earlier_channel)):
            self._stop_waiting_for_page(seat)
            await self._end_music(seat)
            return {}
        if earlier_channel is None:
            self._stop_waiting_for_page(seat)
            if await self._stop_ringing(channels, seat):
                return {}
            raise ActRefused("no-call", _("seat {seat} is in no call").format(seat=seat))
        was_held = await self._holds(earlier_channel)
        if was_held:  # the music of a hold would outlast the channel that holds
            await call_actions.press(self._ami, earlier_channel.channel, "*")
        await seat_actions.look_for(self._ami, page_phone(seat))
        await call_actions.ring_then(
            self._ami, page_phone(seat), "page-return", f'"{seat}" <{seat}>', int(_JOINS),
            {Variable.RETURNS: earlier_channel.channel, Variable.RETURNS_MUTED: "on" if was_held else "off"},
        )  # fmt: skip
        new_channel = await self._until_joined(seat, earlier_channel)
        self._stop_waiting_for_page(seat)
        with suppress(AmiError):
            await call_actions.hang_up(self._ami, earlier_channel.channel)
        await self._end_music(seat)
        if was_held:
            await self._hold_again(new_channel)
        return {}

    async def _hold_again(self, channel: ChannelNow) -> None:
        """Put a call on hold, and let the agent's voice pass from then on."""
        await call_actions.press(self._ami, channel.channel, "*8")
        deadline = asyncio.get_running_loop().time() + _HOLDS
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(_LOOK)
            if await self._holds(channel):
                break
        await self._ami.action("Setvar", Channel=channel.channel, Variable="MUTEAUDIO(in)", Value="off")

    async def _holds(self, channel: ChannelNow) -> bool:
        response = await self._ami.action("Getvar", Channel=channel.channel, Variable=Variable.HOLDS)
        return response.get("Value") == "yes"

    async def _sends_sound(self, page: ChannelNow) -> bool:
        """Return whether packets come from a page's phone within `_NOTICED`."""
        earlier = await call_actions.packets_received(self._ami, page.channel)
        await asyncio.sleep(_NOTICED)
        return await call_actions.packets_received(self._ami, page.channel) != earlier

    async def _stop_ringing(self, channels: Sequence[ChannelNow], seat: str) -> bool:
        """Hang up a phone that rings in a page that is gone; return whether it rang. The queue then rings the next."""
        ringing = [
            channel for channel in channels if channel.endpoint == page_phone(seat) and channel.state == "ringing"
        ]
        for channel in ringing:
            with suppress(AmiError):  # the caller gave up
                await call_actions.hang_up(self._ami, channel.channel)
        return bool(ringing)

    async def _until_joined(self, seat: str, earlier_channel: ChannelNow) -> ChannelNow:
        """Wait until the phone of the returned page is in the call; return its channel."""
        deadline = asyncio.get_running_loop().time() + _JOINS
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(_LOOK)
            channels = await call_actions.channels(self._ami)
            bridge = next((channel.bridge for channel in channels if channel.channel == earlier_channel.channel), "")
            page_channels = [
                channel
                for channel in channels
                if channel.endpoint == page_phone(seat) and channel.channel != earlier_channel.channel
            ]
            if bridge and (joined := next((channel for channel in page_channels if channel.bridge == bridge), None)):
                return joined
        raise ActRefused("no-answer", _("the page's phone did not answer"))

    async def _until_lost(self, seat: str) -> None:
        try:
            channels = await call_actions.channels(self._ami)
            while (channel := _channel_in_call(channels, seat)) and await self._sends_sound(channel):
                channels = await call_actions.channels(self._ami)
            if channel is None:
                await asyncio.sleep(_RINGS_ON)
                await self._stop_ringing(await call_actions.channels(self._ami), seat)
                return
            music = _music_channels(channels, seat)
            if not music:
                log.info("the desk page of seat %s disconnected during a call", seat, extra={"plain": (seat,)})
                await self._ami.action(
                    "Originate", Channel=f"Local/{seat}@{_MUSIC}/n", Application="BridgeAdd", Data=channel.channel,
                    Async="true",
                )  # fmt: skip
            seconds_gone = max(
                [_NOTICED, *(half.seconds for half in music)]
            )  # an earlier engine may have started the music
            await asyncio.sleep(max(0.0, _COMES_BACK - seconds_gone))
            await self._lose(seat)
        except AmiError as error:
            log.error("the desk page of seat %s disconnected: %s", seat, error, extra={"plain": (seat,)})
        finally:
            if self._away.get(seat) is asyncio.current_task():
                del self._away[seat]

    async def _lose(self, seat: str) -> None:
        """Take the agent out of the call: the citizen waits again, first in the queue; two other parties talk on."""
        channels = await call_actions.channels(self._ami)
        channel = _channel_in_call(channels, seat)
        if channel is None:
            return
        log.warning("the desk page of seat %s did not connect again", seat, extra={"plain": (seat,)})
        other_parties = [
            other
            for other in channels
            if other.bridge == channel.bridge and other.endpoint not in ("", channel.endpoint)
        ]
        if len(other_parties) == 1:
            (citizen,) = other_parties
            queue = queue_name(self._group(seat))
            await self._ami.action("Setvar", Channel=citizen.channel, Variable=Variable.QUEUE, Value=queue)
            await self._ami.action(
                "Redirect", Channel=citizen.channel, Context="page-lost", Exten="s", Priority="1"
            )  # fmt: skip
        with suppress(AmiError):  # it went with the citizen
            await call_actions.hang_up(self._ami, channel.channel)
        await self._end_music(seat)

    def _group(self, seat: str) -> str:
        """Return the group in whose queue the citizen of a seat waits again; no caller waits in an expert's queue."""
        registry = self._in_force.current
        groups_with_queue = [name for name, group in registry.groups.items() if group.kind is not GroupKind.EXPERT]
        own_groups = [group for group in registry.seats[seat].groups if group in groups_with_queue]
        return (own_groups or groups_with_queue)[0]

    def _stop_waiting_for_page(self, seat: str) -> None:
        if task := self._away.pop(seat, None):
            task.cancel()

    async def _end_music(self, seat: str) -> None:
        for half in _music_channels(await call_actions.channels(self._ami), seat):
            with suppress(AmiError):  # it went with its other half
                await call_actions.hang_up(self._ami, half.channel)


def _music_channels(channels: Sequence[ChannelNow], seat: str) -> list[ChannelNow]:
    """Return both halves of the channel that plays music while a seat's page is gone."""
    return [channel for channel in channels if channel.channel.startswith(f"Local/{seat}@{_MUSIC}-")]


def _channel_in_call(channels: Sequence[ChannelNow], seat: str) -> ChannelNow | None:
    """Return the channel of a seat's page that has been in a call for longest."""
    channels_in_call = [
        channel
        for channel in channels
        if channel.endpoint == page_phone(seat) and channel.state == "up" and channel.bridge
    ]
    return max(channels_in_call, key=lambda channel: channel.seconds, default=None)
