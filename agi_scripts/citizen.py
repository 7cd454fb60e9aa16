"""Call flow for 12345 and the numbers merged into it, top to bottom."""

import logging
from typing import assert_never

from agi_scripts.callback import promise_callback
from agi_scripts.key_menu import KeyMenu
from agi_scripts.live import live_now
from agi_scripts.menu import MenuQuestion
from agi_scripts.message import leave_message
from agi_scripts.rating import rate
from agi_scripts.services import ScriptServices, recording_id
from agi_scripts.tell_progress import tell_progress
from ivr.asterisk import steps
from ivr.asterisk.agi import offers
from ivr.asterisk.agi.call import Call
from ivr.asterisk.agi.incoming_call import IncomingCall
from ivr.asterisk.agi.offers import DialEnd, QueueEnd
from ivr.asterisk.queue_names import queue_name
from ivr.asterisk.steps import Offered, Subroutine
from ivr.call_events.codec import encode
from ivr.call_events.values import FALLBACKS, Reason, SeatKind
from ivr.call_events.vocabulary import EmergencyStarted, FallbackTaken, KeyPressed, OfferStarted, RouteChosen
from ivr.registry.model import Menu, Registry
from ivr.routing import decide, display, progress
from ivr.routing.caller_choice import KeyChoice, SpokenChoice, late_choice
from ivr.routing.plan import (
    Agents,
    AskMenu,
    JoinService,
    Live,
    Message,
    OfferCenter,
    OfferExpert,
    Plan,
    Say,
    Step,
    TellProgress,
)
from ivr.routing.progress import OfferName
from ivr.routing.staffing import groups_of

log = logging.getLogger(__name__)

_EXPERT_ENDS = {
    QueueEnd.TIMEOUT: Reason.EXPERT_SILENT,
    QueueEnd.EMPTY: Reason.EXPERT_BUSY,
    QueueEnd.FULL: Reason.EXPERT_BUSY,
    QueueEnd.UNKNOWN: Reason.TECHNICAL,
}
_CENTER_ENDS = {DialEnd.BUSY: Reason.CENTER_BUSY, DialEnd.SILENT: Reason.CENTER_SILENT}
_QUEUE_ENDS = {
    QueueEnd.FULL: Reason.QUEUE_FULL,
    QueueEnd.KEY: Reason.GAVE_UP,
    QueueEnd.UNKNOWN: Reason.TECHNICAL,
}
_OF_FIRST_OFFER = {Reason.EXPERT_AWAY, Reason.EXPERT_BUSY, Reason.CLOSED}
"""Reasons of a step without an offer to expert or center; after such an offer the fallback has another reason."""


async def citizen(call: Call, services: ScriptServices) -> None:
    """Decide, answer, then go through the plan's steps as far as the next offer, or the message.

    The dialplan makes the offer after the script has left. If nobody serves the caller, the script is run again.
    """
    registry = services.registry  # the same for the whole run, because a reload replaces the hotline's
    incoming = IncomingCall.parse(call.args)
    now = services.now()
    is_new = not incoming.progress  # otherwise a menu may have been answered, which can lead to any group
    live = await live_now(call, registry, incoming, groups_of(registry, incoming.dialled, now) if is_new else ())
    live = progress.live_for_progress(registry, progress.from_text(incoming.progress), live)
    plan = decide.plan(registry, incoming.dialled, call.private_number or call.caller, now, live)
    await _CallFlow(call, services, registry, incoming, plan).serve(live)


Offer = OfferExpert | OfferCenter | Agents
"""An offer that the same command carries out as the prompts before it."""


class _CallFlow:
    """One caller, on the way through the steps of a plan."""

    def __init__(
        self, call: Call, services: ScriptServices, registry: Registry, incoming: IncomingCall, plan: Plan
    ) -> None:
        self._call, self._services, self._registry, self._incoming, self._plan = (
            call,
            services,
            registry,
            incoming,
            plan,
        )
        self._progress = progress.from_text(incoming.progress)
        self._is_open = bool(self._progress.started_steps)  # by the previous script
        self._noted_progress = ""  # the text on the channel, as this script wrote it
        self._opening: Subroutine | None = None  # prompts and variables of a call that the menu has to open
        self._lost_menu = self._progress.asked_menu  # which a previous script asked

    async def serve(self, live: Live) -> None:
        """Go through the remaining steps until the dialplan has to carry out an offer, or the call is over."""
        offered = self._progress.last_offer
        late_steps = await self._late_answer() if offered is OfferName.AGENTS else None
        if late_steps is None and offered and await self._was_served(offered):
            return
        steps_left = list(late_steps or progress.steps_left(self._registry, self._plan, self._progress, live))
        while steps_left:
            step = steps_left.pop(0)
            self._progress = self._progress.start_step(step)
            if not self._is_open and await self._open(step, steps_left):
                continue
            if step.reason in FALLBACKS and not (self._was_offered_first and step.reason in _OF_FIRST_OFFER):
                await self._note_fallback(step.reason)
            match step:
                case Say():
                    prompts, offer = self._start_joined_steps(step, steps_left)
                    if offer:
                        await offers.leave(self._call, steps.say_and_leave(prompts, self._offer(offer)))
                        return
                    await offers.say(self._call, steps.say(self._progress_text, prompts))
                case AskMenu():
                    steps_left = list(await self._ask_menu(step))
                case TellProgress():
                    await offers.note_progress(self._call, self._progress_text)
                    await tell_progress(self._call, self._services)
                case OfferExpert() | OfferCenter() | Agents() | JoinService():
                    await offers.leave(self._call, steps.leave(self._offer(step)))
                    return
                case Message():
                    await offers.note_progress(self._call, self._progress_text)
                    await leave_message(self._call, self._services, self._plan, step.line)
                case _:
                    assert_never(step)

    @property
    def _progress_text(self) -> str:
        return progress.to_text(self._progress)

    @property
    def _was_offered_first(self) -> bool:
        return not {OfferName.EXPERT, OfferName.CENTER}.isdisjoint(self._progress.started_steps)

    def _log_route(self) -> None:
        """Log the route of the call, and a number that is not registered."""
        call, tag, plan = (
            self._call.id,
            self._incoming.log_tag,
            self._plan,
        )  # the tag is the call's name in Asterisk's log
        plain = {"plain": (plan.dialled, plan.line.number)}  # the hotline's own numbers; the log masks all others
        if plan.gap:
            log.warning("registry gap: %r was dialled and is not registered (call %s)", plan.dialled, call, extra=plain)
        log.info("call %s (%s): %s -> %s", call, tag, plan.dialled, plan.line.number, extra=plain)

    async def _open(self, step: Step, steps_behind: list[Step]) -> bool:
        """Note the route and answer a call that is new; say whether ``step`` was carried out with it."""
        self._is_open, plan = True, self._plan
        mode = plan.entry.mode.value if plan.entry else ""
        shown = "" if self._call.private_number else plan.caller
        event = _event_text(RouteChosen(plan.dialled, shown, plan.line.number, mode, plan.chain, plan.gap))
        says = isinstance(step, Say) and step.reason not in FALLBACKS
        prompts, offer = self._start_joined_steps(step, steps_behind) if isinstance(step, Say) and says else ((), None)
        opening = steps.open_call(event, line=plan.dialled, progress=self._progress_text, prompts=prompts)
        if offer:
            steps_behind.clear()
            try:
                await offers.leave(self._call, steps.open_and_leave(opening, self._offer(offer)))
            finally:  # only then, because the caller waits for the first prompt
                self._log_route()
            return True
        self._log_route()
        if isinstance(step, AskMenu) and step.opening and not self._services.can_hear():
            self._opening = opening
            return False
        await offers.open_call(self._call, opening)
        self._noted_progress = self._progress_text
        return says

    def _start_joined_steps(self, step: Say, steps_behind: list[Step]) -> tuple[tuple[str, ...], Offer | None]:
        """Start the steps behind ``step`` that one command carries out with it: other prompts, and an offer.

        A fallback has to be noted first, so that it ends them.
        """
        prompts = step.prompts
        while steps_behind and steps_behind[0].reason not in FALLBACKS:
            match steps_behind[0]:
                case Say(prompts=more_prompts):
                    prompts += more_prompts
                    self._progress = self._progress.start_step(steps_behind.pop(0))
                case (OfferExpert() | OfferCenter() | Agents()) as offer:
                    self._progress = self._progress.start_step(offer)
                    return prompts, offer
                case _:
                    break
        return prompts, None

    async def _ask_menu(self, step: AskMenu) -> tuple[Step, ...]:
        """Ask the menu; return the steps that follow from the answer."""
        by_key = KeyMenu(self._call, self._registry, self._incoming, self._progress_text, self._opening)
        question = MenuQuestion(self._call, self._services, self._registry, self._plan, step, by_key)
        was_asked, self._lost_menu = self._lost_menu == step.menu, ""
        answer = await question.earlier_answer() if was_asked else None
        if answer is None:
            hears = self._opening is None and self._services.can_hear()
            if hears and self._progress_text != self._noted_progress:
                await offers.note_progress(self._call, self._progress_text)
            self._opening = None
            answer = await question.ask(hears=hears)
        self._progress = self._progress.answered(
            step.menu, answer.choice, notice_heard=answer.opening_heard, said=answer.said
        )
        return await self._after_answer(self._registry.menus[step.menu], answer.choice, answer.live)

    async def _after_answer(
        self, menu: Menu, choice: SpokenChoice | KeyChoice, live: Live | None = None
    ) -> tuple[Step, ...]:
        live = live or await live_now(self._call, self._registry, self._incoming)
        heard = self._progress.notice_heard
        return decide.after_answer(self._registry, self._plan, menu, choice, live, notice_heard=heard)

    async def _late_answer(self) -> tuple[Step, ...] | None:
        """Return the steps that follow from the menu's key that a silent caller pressed in the queue; else None."""
        menu = self._registry.menus.get(self._progress.menu)
        if menu is None or self._progress.offer_end != QueueEnd.KEY:
            return None
        key, waited = await offers.key_pressed(self._call), await offers.waited(self._call)
        choice = late_choice(menu, self._progress.answer, key, waited, self._registry.timers.patience)
        if choice is None:
            return None
        await self._call.note(*encode(KeyPressed(menu.name, key, choice.topic)))
        self._progress = self._progress.answered(menu.name, KeyChoice(key), notice_heard=True)
        return await self._after_answer(menu, KeyChoice(key))

    def _offer(self, step: OfferExpert | OfferCenter | Agents | JoinService) -> Subroutine:
        match step:
            case OfferExpert():
                return self._offer_expert(step)
            case OfferCenter():
                return self._offer_center(step)
            case Agents():
                return self._offer_agents(step)
            case JoinService():
                return self._join_service(step)
            case _:
                assert_never(step)

    def _offer_expert(self, step: OfferExpert) -> Subroutine:
        shown = display.caller_name(self._plan, topic=step.topic, words=self._progress.said)
        call = self._offered(OfferStarted(SeatKind.EXPERT, step.group), shown, recording=self._recording)
        return steps.offer_expert(call, queue=queue_name(step.group), seconds=step.seconds, rates=self._rates)

    def _offer_center(self, step: OfferCenter) -> Subroutine:
        """Ring a center; its phone does not show the caller's words."""
        call = self._offered(OfferStarted(SeatKind.CENTER, step.number), display.caller_name(self._plan))
        return steps.offer_center(call, reach=step.reach, seconds=step.seconds)

    def _offer_agents(self, step: Agents) -> Subroutine:
        group, emergency = self._registry.groups[step.group], step.emergency
        shown = display.caller_name(
            self._plan,
            needs_expert=step.needs_expert,
            topic=step.topic,
            words=self._progress.said,
            emergency=emergency,
        )
        return steps.offer_agents(
            self._offered(OfferStarted(SeatKind(group.kind), step.group), shown, recording=self._recording),
            queue=queue_name(step.group),
            limit=steps.NO_LIMIT if emergency else group.limit,
            priority=steps.FIRST if emergency else group.priority,
            needs_expert=step.needs_expert,
            emergency=emergency,
            rates=self._rates and not emergency,
        )

    def _join_service(self, step: JoinService) -> Subroutine:
        """Call an emergency service, beside an agent when one is signed in."""
        shown = display.caller_name(self._plan, words=self._progress.said, emergency=step.number)
        return steps.join_service(
            self._offered(EmergencyStarted(step.number, step.group or ""), shown, recording=self._recording),
            queue=queue_name(step.group) if step.group else "",
            number=step.number,
            caller=self._plan.caller or self._registry.hotline.number,
        )

    async def _was_served(self, offered: OfferName) -> bool:
        """Return whether the call is over after the dialplan's offer; note the reason if nobody served the caller."""
        await offers.report_problems(self._call)
        end = self._progress.offer_end
        match offered:
            case OfferName.EXPERT:
                queue_end = QueueEnd(end)
                served, reason = queue_end is QueueEnd.SERVED, _EXPERT_ENDS.get(queue_end, Reason.EXPERT_AWAY)
            case OfferName.CENTER:
                dial_end = DialEnd(end)
                return dial_end is DialEnd.SERVED or await self._fell_back(
                    _CENTER_ENDS.get(dial_end, Reason.CENTER_UNREACHABLE)
                )
            case OfferName.AGENTS:
                queue_end = QueueEnd(end)
                if queue_end is QueueEnd.KEY and await promise_callback(self._call, self._services):
                    return True
                served, reason = queue_end is QueueEnd.SERVED, _QUEUE_ENDS.get(queue_end, Reason.NO_AGENT)
            case OfferName.JOIN:
                return DialEnd(end) is DialEnd.SERVED or await self._fell_back(Reason.NO_AGENT)
            case _:
                assert_never(offered)
        if not served:
            return await self._fell_back(reason)
        if self._rates:
            await rate(self._call, self._services, slow=self._progress.slow)
        return True

    def _offered(self, event: OfferStarted | EmergencyStarted, shown: str, recording: str = "") -> Offered:
        return Offered(_event_text(event), self._progress_text, shown, recording)

    @property
    def _recording(self) -> str:
        """The name of the call's recording (通话录音); "" when the disk has no room for one."""
        return recording_id(self._call.id) if self._services.may_record() else ""

    @property
    def _rates(self) -> bool:
        """Whether the caller is asked for a rating after the talk: never after an emergency."""
        return bool(self._registry.timers.rating) and not self._progress.asked_for_help

    async def _fell_back(self, reason: Reason) -> bool:
        await self._note_fallback(reason)
        return False

    async def _note_fallback(self, reason: Reason) -> None:
        await self._call.note(*encode(FallbackTaken(reason)))


def _event_text(event: RouteChosen | OfferStarted | EmergencyStarted) -> str:
    """Return the text of a call event whose name the dialplan knows."""
    return encode(event)[1]
