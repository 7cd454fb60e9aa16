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
        phone_kind = args.get("phone", "own")
        if phone_kind not in _PHONES:
            raise ActRefused("invalid", _("phone is one of: {phones}").format(phones=", ".join(_PHONES)), "phone")
        phone = seat if phone_kind == "own" else page_phone(seat)
        members = await seat_actions.members(self._ami)
        present_phone = next(iter(members.get(seat, {}).values()), None)
        if present_phone in (seat, page_phone(seat)) and present_phone != phone:
            await self._refuse_in_call(present_phone)
            await seat_actions.sign_out(self._ami, seat, present_phone, members[seat])
            present_phone = None
        seat_at_phone = next((other_seat for other_seat, groups in members.items() if phone in groups.values()), None)
        match decide_sign_in(
            seat, phone, present_phone=present_phone, seat_at_phone=seat_at_phone if seat_at_phone != seat else None
        ):
            case SignIn.ELSEWHERE:
                text = _("seat {seat} is signed in at phone {phone}; it signs out there first")
                raise ActRefused("elsewhere", text.format(seat=seat, phone=present_phone))
            case SignIn.PHONE_TAKEN:
                raise ActRefused("phone-taken", _("seat {seat} is signed in at this phone").format(seat=seat_at_phone))
            case SignIn.DONE:
                await seat_actions.look_for(self._ami, phone)
                await seat_actions.sign_in(self._ami, seat, phone, self._seat(seat).groups)
        return {"phone": phone_kind}

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
            reasons = ", ".join(filter(None, REASONS.values()))
            raise ActRefused("invalid", _("reason is one of: {reasons}").format(reasons=reasons), "reason")
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
        other_seat = self._other_seat(args)
        match args.get("state"):
            case "ready":
                return await self.ready(other_seat, {})
            case "busy":
                return await self.busy(other_seat, {"reason": args.get("reason", "")})
            case "signed-out":
                return await self.sign_out(other_seat, {})
        text = _("state is one of: {states}").format(states="ready, busy, signed-out")
        raise ActRefused("invalid", text, "state")

    async def set_groups(self, _seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Let another seat serve these groups for now, until it signs in the next time."""
        other_seat, new_groups = self._other_seat(args), args.get("groups")
        registered_groups = self._in_force.current.groups
        if (
            not isinstance(new_groups, list)
            or not new_groups
            or not all(group in registered_groups for group in new_groups)
        ):
            text = _("groups is a list of one or more of: {groups}").format(groups=", ".join(registered_groups))
            raise ActRefused("invalid", text, "groups")
        groups = await self._signed_in(other_seat)
        phone = next(iter(groups.values()))
        for group in set(new_groups) - groups.keys():  # first: a seat that is in no queue would be signed out
            await seat_actions.join(self._ami, other_seat, phone, group)
        for group in groups.keys() - set(new_groups):
            await seat_actions.leave(self._ami, phone, group)
        return {"groups": sorted(set(new_groups))}

    def _seat(self, number: str) -> Seat:
        return self._in_force.current.seats[number]

    def _other_seat(self, args: Mapping[str, Any]) -> str:
        other_seat = args.get("seat")
        if not isinstance(other_seat, str) or other_seat not in self._in_force.current.seats:
            raise ActRefused(
                "unknown", _("{seat} is not a seat of this hotline").format(seat=ascii(other_seat)), "seat"
            )
        return other_seat

    async def _signed_in(self, seat: str) -> dict[str, str]:
        groups = (await seat_actions.members(self._ami)).get(seat)
        if not groups:
            raise ActRefused("not-signed-in", _("seat {seat} is not signed in").format(seat=seat))
        return groups

    async def _refuse_in_call(self, phone: str) -> None:
        if any(channel.endpoint == phone for channel in await call_actions.channels(self._ami)):
            text = _("phone {phone} is in a call; it moves after the call").format(phone=phone)
            raise ActRefused("in-call", text)
