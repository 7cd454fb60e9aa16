"""Acts of the desk: one door for acts of people and programs on seats and calls.

An act has the same effect as the feature code of the same name on a phone: the act presses the phone's keys, or uses
the same decision and sends the same actions to the queues.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ivr.asterisk.ami.manager import Ami, AmiError
from ivr.control.control_client import RequestRefused
from ivr.engine.act_refused import ActRefused
from ivr.engine.callback_claims import CallbackClaims
from ivr.engine.desk_call_acts import DeskCallActs
from ivr.engine.desk_seat_acts import DeskSeatActs
from ivr.engine.desk_team_acts import DeskTeamActs
from ivr.engine.desk_watch_acts import DeskWatchActs
from ivr.engine.page_return import PageReturn
from ivr.engine.wrap_up import WrapUpEnd
from ivr.people.rights import Act
from ivr.site.registry_holder import RegistryHolder
from ivr.texts import _

log = logging.getLogger(__name__)

SeatAct = Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]
"""Does an act for a seat, with the arguments of the act."""


class DeskActs:
    """Does the desk's acts, after the desk's process has checked the person's rights."""

    def __init__(self, ami: Ami, in_force: RegistryHolder, callbacks: CallbackClaims, wrap_up_end: WrapUpEnd) -> None:
        """``ami`` may connect later."""
        self._in_force = in_force
        seats, calls = DeskSeatActs(ami, in_force, wrap_up_end), DeskCallActs(ami, in_force)
        watch = DeskWatchActs(ami, in_force)
        self.pages = PageReturn(ami, in_force)
        self._callbacks = callbacks
        self._acts: dict[Act, SeatAct] = {
            Act.SIGN_IN: seats.sign_in,
            Act.SIGN_OUT: seats.sign_out,
            Act.READY: seats.ready,
            Act.BUSY: seats.busy,
            Act.MORE_WRAP_UP: seats.more_wrap_up,
            Act.SET_STATE: seats.set_state,
            Act.SET_GROUPS: seats.set_groups,
            Act.HANG_UP: calls.hang_up,
            Act.HOLD: calls.hold,
            Act.RESUME: calls.resume,
            Act.CONSULT: calls.consult,
            Act.EMERGENCY: calls.emergency,
            Act.THREE_WAY: calls.three_way,
            Act.BACK: calls.back,
            Act.LEAVE: calls.leave,
            Act.SWAP: calls.swap,
            Act.TAKE_OUT: calls.take_out,
            Act.GUIDE: calls.guide,
            Act.PAUSE_RECORDING: calls.pause_recording,
            Act.RESUME_RECORDING: calls.resume_recording,
            Act.WORK_ORDER: calls.work_order,
            Act.DIAL: calls.dial,
            Act.KEYS: calls.keys,
            Act.RETURN: self.pages.returns,
            Act.RING_BACK: self._ring_back,
            Act.CALLBACK_RESULT: calls.callback_result,
            Act.PULL: DeskTeamActs(ami, in_force).pull,
            Act.LISTEN: watch.listen,
            Act.WHISPER: watch.whisper,
            Act.JOIN: watch.join,
            Act.TAKE_OVER: watch.take_over,
            Act.END: watch.end,
            Act.STOP_WATCHING: watch.stop,
        }

    @property
    def acts(self) -> frozenset[Act]:
        """The acts that the engine does."""
        return frozenset(self._acts)

    async def act(self, act: str, seat: str, by: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do an act for the person or program ``by``, who sits at ``seat``.

        Returns:
            ``{"result": …}``, or ``{"error": {"code", "message", "field"}}``.
        """
        try:
            if seat not in self._in_force.current.seats:
                raise ActRefused("no-seat", _("choose a seat first"))
            result = await self._acts[Act(act)](seat, args)
        except ActRefused as refused:
            return {"error": {"code": refused.code, "message": str(refused), "field": refused.field}}
        except RequestRefused as refused:
            return {"error": {"code": "refused", "message": " ".join(map(str, refused.args)), "field": None}}
        except AmiError as error:
            log.error("%s of seat %s: %s", act, seat, error, extra={"plain": (seat,)})
            return {"error": {"code": "asterisk-away", "message": str(error), "field": None}}
        log.info("%s did %s at seat %s", by, act, seat, extra={"plain": (seat,)})
        return {"result": result}

    async def _ring_back(self, seat: str, args: Mapping[str, Any]) -> dict[str, Any]:
        return dict(await self._callbacks.ring(str(args.get("call_id", "")), seat))
