"""A supervisor's acts on waiting calls: pulls a caller out of the queue, to a seat of the supervisor's choice."""

from collections.abc import Mapping
from typing import Any

from ivr.asterisk.ami import call_actions, seat_actions
from ivr.asterisk.ami.channel_listing import ChannelNow
from ivr.asterisk.ami.listings import seats_now
from ivr.asterisk.ami.manager import Ami
from ivr.asterisk.variables import Variable
from ivr.call_events.codec import encode
from ivr.call_events.vocabulary import CallPulled
from ivr.engine.act_refused import ActRefused
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _


class DeskTeamActs:
    """Each method does the act of its name for the supervisor at a seat."""

    def __init__(self, ami: Ami, in_force: RegistryHolder) -> None:
        """``ami`` may connect later."""
        self._ami, self._in_force = ami, in_force

    async def pull(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Ring a ready seat for a waiting caller; if the seat does not answer, the caller waits first in the queue.

        Args:
            seat: the supervisor's own seat.
            args: ``call_id`` of the caller's call; ``seat`` to ring, by default the supervisor's own.
        """
        target_seat = args.get("seat", seat)
        if not isinstance(target_seat, str) or target_seat not in self._in_force.current.seats:
            raise ActRefused(
                "unknown", _("{seat} is not a seat of this hotline").format(seat=ascii(target_seat)), "seat"
            )
        caller = await self._waiting_caller(args.get("call_id"))
        phone = await self._ready_phone(target_seat)
        _name, text = encode(CallPulled(target_seat, seat))
        await self._ami.action("Setvar", Channel=caller.channel, Variable=Variable.PULL_EVENT, Value=text)
        await self._ami.action("Redirect", Channel=caller.channel, Context="pulled", Exten=phone, Priority="1")
        return {"seat": target_seat}

    async def _waiting_caller(self, call_id: object) -> ChannelNow:
        for channel in await call_actions.channels(self._ami):
            if call_id in (channel.uniqueid, channel.call_id) and channel.application == "Queue" and not channel.bridge:
                return channel
        raise ActRefused("not-waiting", _("this caller is no longer in a queue"), "call_id")

    async def _ready_phone(self, seat: str) -> str:
        timers = self._in_force.current.timers
        queues, phones = await self._ami.listing("QueueStatus"), await self._ami.listing("DeviceStateList")
        seat_now = seats_now(queues, phones, 0.0, timers.wrapup).get(seat)
        if seat_now is None or seat_now.state not in ("ready", "wrap-up"):
            raise ActRefused("not-ready", _("seat {seat} is not ready").format(seat=seat), "seat")
        return next(iter((await seat_actions.members(self._ami))[seat].values()))
