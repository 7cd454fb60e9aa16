"""The desk's acts at a seat: sign in and out, ready, busy, more wrap-up; and a supervisor's acts at another seat."""

from collections.abc import Mapping
from typing import Any

from agi_scripts.seat import REASONS
from ivr.asterisk.ami import call_actions, seat_actions
from ivr.asterisk.ami.manager import Ami
from ivr.engine.act_refused import ActRefused
from ivr.engine.wrap_up import WrapUpEnd, reason_until
from ivr.registry.model import Seat
from ivr.routing.seating import SignIn, decide_sign_in
from ivr.runtime.page_phones import page_phone
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

_LONGEST_WRAP_UP = 900  # seconds
_PHONES = ("own", "page")


class DeskSeatActs:
    """Each method does the act of its name for a seat, and returns the desk's answer."""

    def __init__(self, ami: Ami, in_force: RegistryHolder, wrap_up_end: WrapUpEnd) -> None:
        """``ami`` may connect later."""
        self._ami, self._in_force, self._wrap_up_end = ami, in_force, wrap_up_end

    async def sign_in(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Sign in (签入) at the own phone or at the page's phone; a seat that is signed in at the other phone moves."""
        wanted = args.get("phone", "own")
        if wanted not in _PHONES:
            raise ActRefused("invalid", _("phone is one of: {phones}").format(phones=", ".join(_PHONES)), "phone")
        phone = seat if wanted == "own" else page_phone(seat)
        members = await seat_actions.members(self._ami)
        at = next(iter(members.get(seat, {}).values()), None)
        if at in (seat, page_phone(seat)) and at != phone:
            await self._not_in_a_call(at)
            await seat_actions.sign_out(self._ami, seat, at, members[seat])
            at = None
        here = next((other for other, groups in members.items() if phone in groups.values()), None)
        match decide_sign_in(seat, phone, present_phone=at, seat_at_phone=here if here != seat else None):
            case SignIn.ELSEWHERE:
                text = _("seat {seat} is signed in at phone {phone}; it signs out there first")
                raise ActRefused("elsewhere", text.format(seat=seat, phone=at))
            case SignIn.PHONE_TAKEN:
                raise ActRefused("phone-taken", _("seat {seat} is signed in at this phone").format(seat=here))
            case SignIn.DONE:
                await seat_actions.look_for(self._ami, phone)
                await seat_actions.sign_in(self._ami, seat, phone, self._seat(seat).groups)
        return {"phone": wanted}

    async def sign_out(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Sign out (签出) of all groups."""
        members = await seat_actions.members(self._ami)
        groups = members.get(seat, {})
        await seat_actions.sign_out(self._ami, seat, next(iter(groups.values()), seat), groups)
        return {}

    async def ready(self, seat: str, _args: Mapping[str, Any]) -> dict[str, Any]:
        """Let the seat be offered calls again (置闲); the wrap-up ends."""
        groups = await self._signed_in(seat)
        phone = next(iter(groups.values()))
        if self._in_force.current.timers.wrapup:
            await seat_actions.end_wrapup(self._ami, seat, phone, groups)
        await seat_actions.ready(self._ami, phone)
        return {}

    async def busy(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Let the seat be offered no calls for now (置忙)."""
        reason = args.get("reason", "")
        if reason not in REASONS.values():
            known = ", ".join(filter(None, REASONS.values()))
            raise ActRefused("invalid", _("reason is one of: {reasons}").format(reasons=known), "reason")
        await seat_actions.busy(self._ami, next(iter((await self._signed_in(seat)).values())), reason)
        return {}

    async def more_wrap_up(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Lengthen the wrap-up after a call (话后整理); the seat is ready by itself when it is over."""
        seconds = args.get("seconds", 60)
        if not isinstance(seconds, int) or not 0 < seconds <= _LONGEST_WRAP_UP:
            text = _("seconds is a whole number from 1 to {longest}").format(longest=_LONGEST_WRAP_UP)
            raise ActRefused("invalid", text, "seconds")
        phone = next(iter((await self._signed_in(seat)).values()))
        await seat_actions.busy(self._ami, phone, reason_until(seconds))
        self._wrap_up_end.begin()
        return {"seconds": seconds}

    async def set_state(self, _seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Set another seat's state, as a supervisor."""
        other = self._other(args)
        match args.get("state"):
            case "ready":
                return await self.ready(other, {})
            case "busy":
                return await self.busy(other, {"reason": args.get("reason", "")})
            case "signed-out":
                return await self.sign_out(other, {})
        text = _("state is one of: {states}").format(states="ready, busy, signed-out")
        raise ActRefused("invalid", text, "state")

    async def set_groups(self, _seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Let another seat serve these groups for now, until it signs in the next time."""
        other, wanted = self._other(args), args.get("groups")
        registered = self._in_force.current.groups
        if not isinstance(wanted, list) or not wanted or not all(group in registered for group in wanted):
            text = _("groups is a list of one or more of: {groups}").format(groups=", ".join(registered))
            raise ActRefused("invalid", text, "groups")
        groups = await self._signed_in(other)
        phone = next(iter(groups.values()))
        for group in set(wanted) - groups.keys():  # first: a seat that is in no queue would be signed out
            await seat_actions.join(self._ami, other, phone, group)
        for group in groups.keys() - set(wanted):
            await seat_actions.leave(self._ami, phone, group)
        return {"groups": sorted(set(wanted))}

    def _seat(self, number: str) -> Seat:
        return self._in_force.current.seats[number]

    def _other(self, args: Mapping[str, Any]) -> str:
        other = args.get("seat")
        if not isinstance(other, str) or other not in self._in_force.current.seats:
            raise ActRefused("unknown", _("{seat} is not a seat of this hotline").format(seat=ascii(other)), "seat")
        return other

    async def _signed_in(self, seat: str) -> dict[str, str]:
        groups = (await seat_actions.members(self._ami)).get(seat)
        if not groups:
            raise ActRefused("not-signed-in", _("seat {seat} is not signed in").format(seat=seat))
        return groups

    async def _not_in_a_call(self, phone: str) -> None:
        if any(channel.endpoint == phone for channel in await call_actions.channels(self._ami)):
            text = _("phone {phone} is in a call; it moves after the call").format(phone=phone)
            raise ActRefused("in-call", text)
